/** Lints components and pages; Oxlint lints the rest (oxlint.config.js), much quicker. */
import js from '@eslint/js';
import astro from 'eslint-plugin-astro';
import svelte from 'eslint-plugin-svelte';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { importArrows } from './scripts/lint/import-arrows.js';
import { checkedData, ignored, rules, silence } from './scripts/lint/rules.js';
import svelteConfig from './svelte.config.js';

export default defineConfig(
  {
    ignores: [
      ...ignored,
      '**/*.{js,mjs,ts}',
      '!**/*.svelte.ts',
      // Scripts inside pages, as the plugin names them.
      '!**/*.astro/*.{js,ts}',
    ],
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
        // Not the nearest tsconfig.json: a program is made anew for each component, and this one is small.
        project: './tsconfig.svelte.json',
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte', '.astro'],
      },
    },
    plugins: { project: { rules: { 'import-arrows': importArrows } } },
    rules: {
      ...rules,
      'project/import-arrows': 'error',
      // Costly, and there is nothing for them here: no stores (below), no enums (`erasableSyntaxOnly`).
      'svelte/require-store-reactive-access': 'off',
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      // Oxlint has it not either, so TypeScript is held to the same.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
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
  ...[checkedData, silence].map(({ except, ...where }) => ({ ...where, ignores: except })),
);
