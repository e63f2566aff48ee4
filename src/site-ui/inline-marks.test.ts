import { expect, it } from 'vitest';
import { inlineMarks, plainWords } from './inline-marks.ts';

it.each([
  ['plain & <b>', 'plain &amp; &lt;b&gt;'],
  ['`ss`', '<code>ss</code>'],
  ['`ss -tn`', '<code class="whole">ss -tn</code>'],
  ['0–1023 & 1', '<span class="whole">0–1023</span> &amp; 1'],
  ['**0–1023**', '<strong><span class="whole">0–1023</span></strong>'],
  [
    '`sysctl -w net.ipv4.x_range=40000`',
    '<code class="whole">sysctl -w net.ipv4.x_range=<wbr>40000</code>',
  ],
  ['`a=1 b=2`', '<code class="whole">a=1 b=2</code>'],
  ['`a < b`', '<code class="whole">a &lt; b</code>'],
  ['**four**', '<strong>four</strong>'],
  ['port {443}.', 'port <span class="port-badge" data-range="well-known">443</span>.'],
  ['{51514}', '<span class="port-badge" data-range="ephemeral">51514</span>'],
  ['{70000}', '{70000}'],
  ['`{443}`', '<code>{443}</code>'],
])('%s', (text, html) => {
  expect(inlineMarks(text)).toBe(html);
});

it('marks go where only words fit', () => {
  expect(plainWords('`ss` shows **port** {443}')).toBe('ss shows port 443');
});
