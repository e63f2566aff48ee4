/**
 * The project's own rules, shared by the two linters: Oxlint for TypeScript and JavaScript
 * (oxlint.config.js), ESLint for components and pages (eslint.config.js). Named as ESLint names them.
 */

/** What is built or written by a tool. */
export const ignored = [
  'dist/',
  '.astro/',
  '.cache/',
  'reports/',
  'test-results/',
  '.stryker-tmp/',
];

/** @type {Readonly<Record<string, import('eslint').Linter.RuleEntry>>} */
export const rules = {
  // TypeScript knows which names exist.
  'no-undef': 'off',
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  '@typescript-eslint/consistent-type-imports': [
    'error',
    { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
  ],
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true },
  ],
  '@typescript-eslint/consistent-type-definitions': 'off',
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  // `noPropertyAccessFromIndexSignature` and tests of records want the brackets.
  '@typescript-eslint/dot-notation': 'off',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
  ],
  '@typescript-eslint/restrict-plus-operands': ['error', { allowNumberAndString: true }],
};

/** Code that runs in a page, in a worker and in Node, and gives the same result each time. */
export const pureCode = {
  files: ['src/network/**/*.ts', 'src/time-and-chance/**/*.ts', 'src/quiz/engine/**/*.ts'],
  except: ['**/*.test.ts'],
  rules: {
    'no-restricted-globals': [
      'error',
      ...['Date', 'performance'].map((name) => ({
        name,
        message:
          'Time is the world’s own: take it as a parameter, in milliseconds of virtual time.',
      })),
      ...['window', 'document', 'navigator', 'localStorage', 'fetch', 'setTimeout', 'process'].map(
        (name) => ({
          name,
          message: 'Pure code knows no page and no Node: take it as a parameter.',
        }),
      ),
    ],
    'no-restricted-properties': [
      'error',
      {
        object: 'Math',
        property: 'random',
        message: 'Luck comes from a seed: use src/time-and-chance.',
      },
      {
        object: 'crypto',
        property: 'getRandomValues',
        message: 'Luck comes from a seed: use src/time-and-chance.',
      },
    ],
  },
};

/** Data is checked where it comes in from outside; everything else takes it as checked. */
export const checkedData = {
  files: ['src/**'],
  except: [
    'src/schemas/**',
    'src/progress/**',
    'src/cli/**',
    'src/content.config.ts',
    'src/**/*.astro',
    'src/**/*-{schema,storage,url,file,texts}.ts',
    'scripts/**',
    'tests/**',
    'src/**/*.test.ts',
  ],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: [
          ...['valibot', 'zod', 'astro/zod'].map((name) => ({
            name,
            message:
              'Data is checked where it comes in (src/schemas, src/progress, *-url.ts, *-file.ts); ' +
              'import the checked type from there.',
          })),
          { name: 'svelte/store', message: 'State lives in runes: `$state` in a .svelte.ts file.' },
        ],
      },
    ],
  },
};

/** Only what runs in a terminal writes to one. */
export const silence = {
  files: ['src/**'],
  except: ['src/cli/**'],
  rules: { 'no-console': 'error' },
};
