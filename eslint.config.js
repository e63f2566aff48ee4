import js from '@eslint/js';
import astro from 'eslint-plugin-astro';
import svelte from 'eslint-plugin-svelte';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { importArrows } from './scripts/lint/import-arrows.js';
import svelteConfig from './svelte.config.js';

const pureFiles = ['src/network/**/*.ts', 'src/time-and-chance/**/*.ts', 'src/quiz/engine/**/*.ts'];

/** Where data comes in from outside and is checked: everything else takes it as checked. */
const edges = [
  'src/schemas/**',
  'src/progress/**',
  'src/cli/**',
  'src/content.config.ts',
  'src/**/*.astro',
  'src/**/*-{schema,storage,url,file,texts}.ts',
  'scripts/**',
  'tests/**',
  'src/**/*.test.ts',
];

export default defineConfig(
  {
    ignores: ['dist/', '.astro/', '.cache/', 'reports/', 'test-results/', '.stryker-tmp/'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  svelte.configs.recommended,
  svelte.configs.prettier,
  astro.configs['flat/recommended'],
  astro.configs['flat/jsx-a11y-recommended'] ?? [],

  {
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte', '.astro'],
      },
    },
    plugins: { project: { rules: { 'import-arrows': importArrows } } },
    rules: {
      'project/import-arrows': 'error',
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
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser, svelteConfig } },
  },
  {
    // The frontmatter of .astro files is not part of a TypeScript program that ESLint can ask;
    // `astro check` types it.
    files: ['**/*.astro', '**/*.astro/*.ts', '**/*.astro/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { 'no-console': 'off' },
  },

  {
    // The same code runs in a page, in a worker and in Node, and gives the same result each time.
    files: pureFiles,
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['Date', 'performance'].map((name) => ({
          name,
          message:
            'Time is the world’s own: take it as a parameter, in milliseconds of virtual time.',
        })),
        ...[
          'window',
          'document',
          'navigator',
          'localStorage',
          'fetch',
          'setTimeout',
          'process',
        ].map((name) => ({
          name,
          message: 'Pure code knows no page and no Node: take it as a parameter.',
        })),
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
  },
  {
    files: ['src/**'],
    ignores: edges,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: ['valibot', 'zod', 'astro/zod'].map((name) => ({
            name,
            message:
              'Data is checked where it comes in (src/schemas, src/progress, *-url.ts, *-file.ts); ' +
              'import the checked type from there.',
          })),
        },
      ],
    },
  },
  {
    files: ['src/**'],
    ignores: ['src/cli/**'],
    rules: { 'no-console': 'error' },
  },
);
