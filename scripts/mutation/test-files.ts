/**
 * The tests that `npm run mutate` tries each change of the engine against: all quick ones. Left out
 * are those that use up the default range, draw thousands of worlds or compare distributions; what
 * they hold is told by smaller examples as well.
 */

import { globSync } from 'node:fs';

const included = [
  'src/network/**/*.test.ts',
  'src/time-and-chance/**/*.test.ts',
  'tests/golden/answers.golden.test.ts',
  'tests/golden/time-wait.golden.test.ts',
];

const excluded = ['src/network/exhaustion.test.ts', 'src/network/scenario/scenario-files.test.ts'];

/** Whether a test of these files is tried, by its name. */
export function isQuick(name: string): boolean {
  return !name.startsWith('random worlds > seeds') && !name.startsWith('an end >');
}

const longRunning = /property|golden|random|bulk/;

/** Paths below `root`, in a fixed order: those that need long at the end. */
export function mutationTestFiles(root: string): string[] {
  const files = globSync(included, { cwd: root, exclude: excluded }).sort();
  return [
    ...files.filter((file) => !longRunning.test(file)),
    ...files.filter((file) => longRunning.test(file)),
  ];
}
