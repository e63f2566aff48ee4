/**
 * The tests that `npm run mutate` runs for each change of the engine: the quick ones. Those that draw
 * thousands of worlds or runs would make a night of it.
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 120_000,
    include: [
      'src/network/**/*.test.ts',
      'src/time-and-chance/**/*.test.ts',
      'tests/golden/answers.golden.test.ts',
      'tests/golden/time-wait.golden.test.ts',
    ],
    exclude: [
      '**/*.property.test.ts',
      '**/*-properties.test.ts',
      'src/network/bulk-*.test.ts',
      'src/network/random-*.test.ts',
    ],
  },
});
