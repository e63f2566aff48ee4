import { expect, it } from 'vitest';
import { inlineMarks } from './inline-marks.ts';
import { inlineParts } from './inline-parts.ts';

it('finds code, strong words and ports, and leaves the rest as it is', () => {
  expect(inlineParts('Ask `ss -ltn` for {443}, **not** {70000} or <b>.')).toEqual([
    { kind: 'text', text: 'Ask ' },
    { kind: 'code', text: 'ss -ltn' },
    { kind: 'text', text: ' for ' },
    { kind: 'port', text: '443', range: 'well-known' },
    { kind: 'text', text: ', ' },
    { kind: 'strong', text: 'not' },
    { kind: 'text', text: ' ' },
    { kind: 'text', text: '{70000}' },
    { kind: 'text', text: ' or <b>.' },
  ]);
});

it.each(['', 'plain', '`a` {22} **b** ` {x} **', '{80}{443}', '0–1023 `0–1` 〜 8〜9'])(
  'sees the same marks in %j as the pages do',
  (line) => {
    const html = inlineMarks(line);
    const parts = inlineParts(line);
    expect(parts.filter(({ kind }) => kind === 'code')).toHaveLength(
      html.split('<code').length - 1,
    );
    expect(parts.filter(({ kind }) => kind === 'range')).toHaveLength(
      html.split('<span class="whole">').length - 1,
    );
    expect(parts.filter(({ kind }) => kind === 'port')).toHaveLength(
      html.split('port-badge').length - 1,
    );
  },
);
