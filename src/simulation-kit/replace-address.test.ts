import { afterEach, describe, expect, it, vi } from 'vitest';
import { AddressState } from './address-state.ts';
import { replaceAddress } from './replace-address.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a change of the address', () => {
  const replaceState = vi.fn();

  it('that the browser refuses stops nothing', () => {
    vi.stubGlobal('history', { state: null, replaceState });
    vi.stubGlobal('location', { hash: '', href: 'http://localhost/' });
    replaceState.mockImplementation(() => {
      throw new DOMException('100 times per 10 seconds', 'SecurityError');
    });
    expect(() => {
      replaceAddress('#a');
      new AddressState('first-page').put('1~80');
    }).not.toThrow();
    expect(replaceState).toHaveBeenCalledTimes(2);
  });

  it('that is a mistake of ours is not hidden', () => {
    replaceState.mockImplementation(() => {
      throw new TypeError('no such thing');
    });
    vi.stubGlobal('history', { state: null, replaceState });
    expect(() => {
      replaceAddress('#a');
    }).toThrow('no such thing');
  });
});
