import { createSatteriMarkdownProcessor } from '@astrojs/markdown-satteri';
import { expect, it } from 'vitest';
import { wholeWords } from './whole-words.ts';

it('ranges and short commands of Markdown are marked, and listings are left alone', async () => {
  const processor = await createSatteriMarkdownProcessor({
    syntaxHighlight: false,
    hastPlugins: [wholeWords],
  });
  const { code } = await processor.render(
    'From 0–1023 to 49152〜65535: `ss -tn`, `lsof`.\n\n    sed -n 0–1023\n',
  );
  expect(code).toBe(
    '<p>From <span class="whole">0–1023</span> to <span class="whole">49152〜65535</span>: ' +
      '<code class="whole">ss -tn</code>, <code>lsof</code>.</p>\n' +
      '<pre><code>sed -n 0–1023\n</code></pre>\n',
  );
});
