/**
 * The tests that `npm run mutate` tries each change against: all quick ones of the part that is
 * changed. Left out are those that use up the default range, draw thousands of worlds or compare
 * distributions; what they hold is told by smaller examples as well.
 */

import { globSync } from 'node:fs';

/** A part of the code that is tried, and the tests that must notice. */
interface Part {
  readonly folders: readonly string[];
  readonly tests: readonly string[];
}

const parts: readonly Part[] = [
  {
    folders: ['src/network/', 'src/time-and-chance/'],
    tests: [
      'src/network/**/*.test.ts',
      'src/time-and-chance/**/*.test.ts',
      'tests/golden/answers.golden.test.ts',
      'tests/golden/families.golden.test.ts',
      'tests/golden/nat.golden.test.ts',
      'tests/golden/time-wait.golden.test.ts',
    ],
  },
  {
    folders: ['src/terminal/formats/'],
    tests: [
      'src/terminal/formats/*.test.ts',
      'tests/golden/terminal/recorded.test.ts',
      'tests/terminal/counters.test.ts',
    ],
  },
  {
    folders: ['src/quiz/engine/', 'src/quiz/generators/'],
    tests: ['src/quiz/engine/*.test.ts', 'tests/practice/reckoning.test.ts'],
  },
];

const excluded = ['src/network/exhaustion.test.ts', 'src/network/scenario/scenario-files.test.ts'];

/** Whether a test of these files is tried, by its name. */
export function isQuick(name: string): boolean {
  return !/^(random worlds > seeds|an end >|commands: )/.test(name);
}

/** So many seeds for each generator of questions: `npm test` draws more. */
export const practiceSeeds = '24';

const longRunning = /property|golden|random|practice/;

/**
 * Paths below `root`, in a fixed order: those that need long at the end. Only those of the parts that
 * the patterns of `mutate` name.
 */
export function mutationTestFiles(root: string, mutate: readonly string[]): string[] {
  const asked = parts.filter(({ folders }) =>
    folders.some((folder) => mutate.some((pattern) => pattern.startsWith(folder))),
  );
  const included = asked.flatMap(({ tests }) => tests);
  const files = globSync(included, { cwd: root, exclude: excluded }).sort();
  return [
    ...files.filter((file) => !longRunning.test(file)),
    ...files.filter((file) => longRunning.test(file)),
  ];
}
