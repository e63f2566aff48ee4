import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCode, writeCode } from './state-code.ts';

describe('the state of a small widget as a word', () => {
  it('comes back as it was, field by field', () => {
    fc.assert(
      fc.property(
        fc.nat(65535),
        fc.boolean(),
        fc.array(fc.nat(99)),
        fc.constantFrom('tcp', 'udp'),
        (port, isSent, places, transport) => {
          const code = writeCode(port, isSent, places, transport);
          expect(code).toMatch(/^[\w.~-]+$/);
          const read = readCode(code, (fields) => [
            fields.number(0, 65535),
            fields.flag(),
            fields.numbers(0, 99),
            fields.oneOf(['tcp', 'udp']),
          ]);
          expect(read).toEqual([port, isSent, places, transport]);
        },
      ),
    );
  });

  it.each([
    ['another version', '2~80'],
    ['no version', '80'],
    ['nothing', ''],
    ['a field too many', '1~80~80'],
    ['a field too few', '1'],
    ['a number out of bounds', '1~65536'],
    ['a number written otherwise', '1~0x50'],
    ['a number with a zero before it', '1~080'],
    ['no number', '1~'],
    ['a fraction', '1~8.5'],
    ['markup', '1~<img src=x onerror=alert(1)>'],
  ])('refuses %s', (_, code) => {
    expect(readCode(code, (fields) => fields.number(0, 65535))).toBeNull();
    expect(readCode('1~80', (fields) => fields.number(0, 65535))).toBe(80);
  });

  it('refuses what is longer than any state', () => {
    const many = writeCode(Array.from({ length: 3000 }, () => 1));
    expect(readCode(many, (fields) => fields.numbers(0, 1))).toBeNull();
  });

  it('does not hide a mistake of ours', () => {
    expect(() =>
      readCode('1', () => {
        throw new TypeError('ours');
      }),
    ).toThrow('ours');
  });
});
