import { expect, it } from 'vitest';
import { parseFragment } from 'parse5';
import { aloneAddress, embedCode } from './embed-code.ts';

it('is one frame with the state in its address, whatever the title', () => {
  const title = '"><script>alert(1)</script> & ポート';
  const code = embedCode(
    'https://dojo.example/embed/nat-table/',
    'https://dojo.example/lessons/140-behind-the-nat/#sim-who=1~keeps~0-2',
    title,
  );
  const { childNodes } = parseFragment(code);
  expect(childNodes.map(({ nodeName }) => nodeName)).toEqual(['iframe']);
  const [frame] = childNodes;
  const attributes = frame && 'attrs' in frame ? frame.attrs : [];
  const values = Object.fromEntries(attributes.map(({ name, value }) => [name, value]));
  expect(values['src']).toBe('https://dojo.example/embed/nat-table/#sim-widget=1~keeps~0-2');
  expect(values['title']).toBe(title);
});

it('leads to the widget alone, in the same state', () => {
  const link = 'https://dojo.example/lessons/140-behind-the-nat/#sim-who=1~keeps~0-2';
  expect(aloneAddress('https://dojo.example/embed/nat-table/', link)).toBe(
    'https://dojo.example/embed/nat-table/#sim-widget=1~keeps~0-2',
  );
});
