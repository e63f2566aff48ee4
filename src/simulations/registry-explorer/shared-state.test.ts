import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mostSearched, readState, writeState } from './shared-state.ts';

const systems = ['linux', 'windows'];

it('comes back from the address, whatever was searched for', () => {
  const states = fc.record({
    port: fc.nat(65535),
    system: fc.constantFrom('', ...systems),
    search: fc.string({ unit: 'grapheme', maxLength: 60 }),
  });
  fc.assert(
    fc.property(states, (state) => {
      const code = writeState(state);
      expect(code).toMatch(/^[\w.~%-]+$/);
      expect(readState(code, systems)).toEqual(state);
    }),
  );
});

it('is refused where it is foreign, damaged or too long', () => {
  for (const code of ['', '1~80~linux', '1~80~plan9~ssh', '1~65536~linux~ssh', '1~80~linux~%E3%81'])
    expect(readState(code, systems)).toBeNull();
  expect(readState('1~80~linux~a b', systems)).toBeNull();
  const search = 'a'.repeat(mostSearched + 1);
  expect(readState(writeState({ port: 1, system: '', search }), systems)).toBeNull();
});
