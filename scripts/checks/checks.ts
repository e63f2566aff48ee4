/**
 * Every check of `npm test`: its name, its command, what must have ended before it, and where it
 * leaves the counts of its test cases.
 */
import { join } from 'node:path';

export interface Check {
  readonly name: string;
  /** What a reader of the summary is told. */
  readonly title: string;
  /** The script that Node runs, and its arguments. */
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Names of checks that must have ended well first. */
  readonly after: readonly string[];
  /** Whether it needs the whole machine for itself. */
  readonly isAlone?: boolean;
  readonly report?: { readonly kind: 'vitest' | 'playwright'; readonly file: string };
}

/** Where the runner keeps reports and the build that is not for serving. */
export const workFolder = join('.cache', 'checks');

/** The second build is served below a path, as on a school's server or GitHub Pages. */
export const basePath = '/dojo/base/';

/**
 * What `recipes` leaves for `site` and `e2e`: that second build. It is made from the copy in which the
 * recipes were followed, so it also has a language whose words are longer and stranger than any.
 */
export const basePathFolder = join('.cache', 'dist-base-path');

const astro = 'node_modules/astro/bin/astro.mjs';
const vitest = 'node_modules/vitest/vitest.mjs';

function vitestCheck(project: string, title: string, after: readonly string[]): Check {
  const file = join(workFolder, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  return {
    name: project,
    title,
    command: [vitest, 'run', '--project', project, ...reporters],
    after,
    report: { kind: 'vitest', file },
  };
}

const playwrightReport = join(workFolder, 'e2e.json');

export const checks: readonly Check[] = [
  { name: 'build', title: 'the site builds', command: [astro, 'build'], after: [] },
  vitestCheck('unit', 'unit tests', []),
  {
    name: 'types-pure',
    title: 'types: the pure folders',
    command: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.pure.json'],
    after: [],
  },
  {
    name: 'format',
    title: 'format (Oxfmt)',
    command: ['node_modules/oxfmt/bin/oxfmt', '--check'],
    after: [],
  },
  {
    name: 'format-components',
    title: 'format: components and pages (Prettier)',
    command: [
      'node_modules/prettier/bin/prettier.cjs',
      '--check',
      '--log-level',
      'warn',
      '**/*.{astro,svelte}',
    ],
    after: [],
  },
  {
    name: 'architecture',
    title: 'no import circle, and arrows from the bottom up (dependency-cruiser)',
    command: [
      'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
      'src',
      '--config',
      '.dependency-cruiser.mjs',
    ],
    after: [],
  },
  {
    name: 'unused',
    title: 'no unused file, export or dependency (knip)',
    command: ['node_modules/knip/bin/knip.js', '--no-progress'],
    after: ['build'],
  },
  // Both write the content's types into .astro, so one waits for the other.
  {
    name: 'types-pages',
    title: 'types: pages (astro check)',
    command: [astro, 'check', '--tsconfig', 'tsconfig.astro.json'],
    after: ['build'],
  },
  {
    name: 'lint',
    title: 'types and lint: TypeScript (Oxlint)',
    command: ['node_modules/oxlint/bin/oxlint'],
    after: ['build'],
  },
  {
    name: 'lint-components',
    title: 'lint: components and pages (ESLint)',
    command: ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.'],
    after: ['build'],
  },
  {
    name: 'types-svelte',
    title: 'types: components (svelte-check)',
    command: [
      'node_modules/svelte-check/bin/svelte-check',
      '--tsconfig',
      './tsconfig.svelte.json',
      '--fail-on-warnings',
      '--output',
      'human',
    ],
    after: ['build'],
  },
  vitestCheck(
    'recipes',
    'the recipes of CONTRIBUTING.md, followed in a copy that is built below a base path',
    ['build'],
  ),
  vitestCheck('site', 'links, languages and weight of the built site', ['build', 'recipes']),
  vitestCheck('engines', 'in Firefox and WebKit, where they are there', ['build']),
  {
    name: 'fuzz',
    title: 'a cat on the keyboard, from fixed seeds',
    command: ['scripts/fuzz.ts', '--seeds', '1-16', '--steps', '40'],
    after: ['build'],
  },
  {
    name: 'e2e',
    title: 'in a real browser (Playwright)',
    command: ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport },
    after: ['build', 'recipes'],
    isAlone: true,
    report: { kind: 'playwright', file: playwrightReport },
  },
];
