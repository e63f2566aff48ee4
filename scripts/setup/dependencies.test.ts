import { describe, expect, it } from 'vitest';
import { isNewEnough } from './current-node.mjs';
import { installArguments, missingPackages } from './dependencies.mjs';

const astro = { 'node_modules/astro': { version: '7.3.4' } };

describe('what has to be installed', () => {
  it('is nothing where npm noted the same versions', () => {
    const root = { '': {} };
    expect(
      missingPackages({ packages: { ...root, ...astro } }, { packages: astro }, 'check'),
    ).toEqual([]);
  });

  it('is a package that is not there, or there in another version', () => {
    const older = { 'node_modules/astro': { version: '7.3.3' } };
    expect(missingPackages({ packages: astro }, {}, 'serve')).toEqual(['node_modules/astro']);
    expect(missingPackages({ packages: astro }, { packages: older }, 'serve')).toEqual([
      'node_modules/astro',
    ]);
  });

  it('is not a package of another platform', () => {
    const forMac = { 'node_modules/fsevents': { version: '2.3.3', optional: true } };
    expect(missingPackages({ packages: forMac }, { packages: {} }, 'check')).toEqual([]);
  });
});

describe('packages that only the checks need', () => {
  const vitest = { 'node_modules/vitest': { version: '5.1.1', dev: true } };
  const lock = { packages: { ...astro, ...vitest } };
  const node = { nodeVersion: 'v20.20.2', platform: 'linux' } as const;

  it('are missing for the checks and not for serving', () => {
    expect(missingPackages(lock, { packages: astro }, 'serve')).toEqual([]);
    expect(missingPackages(lock, { packages: astro }, 'check')).toEqual(['node_modules/vitest']);
  });

  it('are left out of a first install for serving, and added to it for the checks', () => {
    const first = installArguments({ purpose: 'serve', installed: undefined, ...node });
    expect(first.slice(0, 2)).toEqual(['ci', '--omit=dev']);
    const added = installArguments({ purpose: 'check', installed: { packages: astro }, ...node });
    expect(added.slice(0, 3)).toEqual(['install', '--no-save', '--include=dev']);
  });

  it('are not taken away where they are there', () => {
    expect(installArguments({ purpose: 'serve', installed: lock, ...node })).toContain(
      '--include=dev',
    );
  });
});

describe('the script that fetches a newer Node', () => {
  const state = { purpose: 'serve', installed: undefined } as const;
  it.each([
    ['v20.20.2', 'linux', true],
    ['v24.1.0', 'linux', false],
    ['v24.1.0', 'darwin', false],
    ['v24.1.0', 'win32', true],
  ] as const)('%s on %s: %s', (nodeVersion, platform, runs) => {
    const npm = installArguments({ ...state, nodeVersion, platform });
    expect(npm.includes('--ignore-scripts')).toBe(!runs);
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
