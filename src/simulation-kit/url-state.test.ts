import { describe, expect, it } from 'vitest';
import { firstNamed, readState, writeState } from './url-state.ts';

describe('states in the address bar', () => {
  it('lie side by side', () => {
    const one = writeState('', 'first', '1~m0');
    const both = writeState(one, 'second', '1~m5');
    expect(both).toBe('#sim-first=1~m0&sim-second=1~m5');
    expect(readState(both, 'first')).toBe('1~m0');
    expect(readState(both, 'second')).toBe('1~m5');
    expect(writeState(both, 'first', null)).toBe('#sim-second=1~m5');
    expect(writeState(writeState(one, 'first', '1~m9'), 'first', null)).toBe('');
  });

  it('leave anchors alone', () => {
    expect(readState('#what-picked-it', 'first')).toBeNull();
    expect(writeState('#what-picked-it', 'first', null)).toBe('#what-picked-it');
    expect(writeState('#what-picked-it', 'first', '1~m0')).toBe('#sim-first=1~m0');
  });

  it('name first the widget that a reader is brought to', () => {
    expect(firstNamed('#sim-second=1~m5&sim-first=1~m0')).toBe('second');
    expect(firstNamed('#sim-second')).toBeNull();
    expect(firstNamed('')).toBeNull();
  });

  it('survive a messenger that escapes what need not be escaped', () => {
    expect(readState('#sim-first=1%7Em0%7Ex2.5.0.c1%213', 'first')).toBe('1~m0~x2.5.0.c1!3');
  });
});
