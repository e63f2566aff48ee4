import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readKeptWork, withKept, type KeptWork } from './kept-work.ts';

const items = ['reply-ports/both', 'needs-root/linux'];
const kept: KeptWork = {
  who: 'Aki 12',
  record: {
    startedAt: 1_764_000_000_000,
    seed: 7,
    minutes: 20,
    items,
    answers: { 0: { at: 1_764_000_001_000, given: '{"chosen":[1]}', isFlagged: false } },
  },
};

describe('what is kept of an assignment', () => {
  it('comes back as it went', () => {
    expect(readKeptWork(JSON.stringify(kept), items)).toEqual(kept);
  });

  it('is not taken for another assignment’s', () => {
    expect(readKeptWork(JSON.stringify(kept), items.slice(1))).toBeNull();
    expect(readKeptWork(null, items)).toBeNull();
  });

  it('is used only where all of it can be, whatever has become of it', () => {
    const path = fc.constantFrom(
      ...[['who'], ['record'], ['record', 'answers'], ['record', 'answers', '0']],
      ...['startedAt', 'seed', 'minutes', 'items'].map((part) => ['record', part]),
      ...['at', 'given', 'isFlagged'].map((part) => ['record', 'answers', '0', part]),
    );
    fc.assert(
      fc.property(path, fc.jsonValue(), (parts, value) => {
        const copy = structuredClone(kept) as unknown as Record<string, unknown>;
        let inside = copy;
        for (const part of parts.slice(0, -1)) inside = inside[part] as Record<string, unknown>;
        inside[parts.at(-1) ?? ''] = value;
        const read = readKeptWork(JSON.stringify(copy), items);
        if (read === null) return;
        expect(typeof read.who).toBe('string');
        expect(read.record.items).toEqual(items);
        for (const answer of Object.values(read.record.answers)) {
          expect(typeof answer.given).toBe('string');
          expect(Number.isSafeInteger(answer.at)).toBe(true);
        }
        expect(Number.isSafeInteger(read.record.startedAt + read.record.seed)).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readKeptWork(text, items)).toBeNull();
      }),
    );
    for (let end = 0; end < JSON.stringify(kept).length; end += 1)
      expect(readKeptWork(JSON.stringify(kept).slice(0, end), items)).toBeNull();
  });

  it('holds what two tabs have answered of the same work, and of nothing else', () => {
    const { record } = kept;
    const later = { at: 1_764_000_009_000, given: '{"chosen":[2]}', isFlagged: false };
    const other = { ...record, answers: { 0: later, 1: later }, endedAt: 1_764_000_010_000 };
    expect(withKept(record, other)).toEqual(other);
    expect(withKept(other, record)).toEqual(other);
    expect(withKept(record, { ...record, answers: { 1: later } }).answers).toEqual({
      ...record.answers,
      1: later,
    });
    expect(withKept(record, { ...other, seed: 8 })).toBe(record);
    expect(withKept(record, { ...other, startedAt: 1 })).toBe(record);
  });
});
