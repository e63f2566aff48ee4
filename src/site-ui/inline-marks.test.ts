import { expect, it } from 'vitest';
import { inlineMarks, plainWords } from './inline-marks.ts';

it.each([
  ['plain & <b>', 'plain &amp; &lt;b&gt;'],
  ['`ss -tn`', '<code>ss -tn</code>'],
  ['`sysctl -w net.ipv4.x_range=40000`', '<code>sysctl -w net.ipv4.x_range=<wbr>40000</code>'],
  ['`a=1 b=2`', '<code>a=1 b=2</code>'],
  ['`a < b`', '<code>a &lt; b</code>'],
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
