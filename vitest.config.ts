import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const alias = { '@': fileURLToPath(new URL('./src', import.meta.url)) };

// Nothing is held against a clock: the limit only ends a test that would never end.
const testTimeout = 120_000;

// A third of the time went into reading the same modules again for each file.
const isolate = false;

// Whole worlds are made and thrown away: with more room for what is young, a tenth of the time is saved.
const execArgv = ['--max-semi-space-size=64'];

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          testTimeout,
          isolate,
          execArgv,
          setupFiles: ['tests/setup/property-seed.ts'],
          include: ['src/**/*.test.ts', 'tests/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: [
            'tests/e2e/**',
            'tests/site/**',
            'tests/recipes/**',
            'tests/engines/**',
            'node_modules/**',
          ],
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'site',
          testTimeout,
          isolate,
          // One process reads and parses both builds, once.
          fileParallelism: false,
          include: ['tests/site/**/*.test.ts'],
        },
      },
      {
        resolve: { alias },
        test: { name: 'recipes', testTimeout, include: ['tests/recipes/**/*.test.ts'] },
      },
      {
        resolve: { alias },
        test: {
          name: 'engines',
          testTimeout,
          hookTimeout: testTimeout,
          include: ['tests/engines/**/*.test.ts'],
        },
      },
    ],
  },
});
