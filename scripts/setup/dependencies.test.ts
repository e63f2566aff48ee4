import { describe, expect, it } from 'vitest';
import { isNewEnough } from './current-node.mjs';
import { missingPackages } from './dependencies.mjs';

const astro = { 'node_modules/astro': { version: '7.3.4' } };

describe('what has to be installed', () => {
  it('is nothing where npm noted the same versions', () => {
    const root = { '': {} };
    expect(missingPackages({ packages: { ...root, ...astro } }, { packages: astro })).toEqual([]);
  });

  it('is a package that is not there, or there in another version', () => {
    const older = { 'node_modules/astro': { version: '7.3.3' } };
    expect(missingPackages({ packages: astro }, {})).toEqual(['node_modules/astro']);
    expect(missingPackages({ packages: astro }, { packages: older })).toEqual([
      'node_modules/astro',
    ]);
  });

  it('is not a package of another platform', () => {
    const forMac = { 'node_modules/fsevents': { version: '2.3.3', optional: true } };
    expect(missingPackages({ packages: forMac }, { packages: {} })).toEqual([]);
  });
});

describe('a Node that runs the project', () => {
  it.each([
    ['v20.20.2', false],
    ['v22.17.1', false],
    ['v22.18.0', true],
    ['24.0.0', true],
  ])('%s: %s', (version, expected) => {
    expect(isNewEnough(version)).toBe(expected);
  });
});
