/**
 * Lints TypeScript and JavaScript with the rules that ESLint has for components and pages
 * (eslint.config.js): the same presets, asked of a quicker linter that knows types too.
 */
import js from '@eslint/js';
import { defineConfig, type DummyRuleMap } from 'oxlint';
import tseslint from 'typescript-eslint';
import { checkedData, ignored, pureCode, rules, silence } from './scripts/lint/rules.js';

/** Rules that Oxlint has not got, or that a module keeps by itself. */
const unknown: readonly string[] = [
  'no-dupe-args',
  'no-octal',
  '@typescript-eslint/no-unsafe-class-instance-assignment',
  '@typescript-eslint/no-unsafe-enum-assignment',
];

const presets: readonly { readonly rules?: object }[] = [
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  { rules },
];

/** What is on, with Oxlint's names. */
const rulesThatAreOn = Object.fromEntries(
  Object.entries(
    Object.fromEntries(presets.flatMap((preset) => Object.entries(preset.rules ?? {}))),
  )
    .filter(([name, how]) => how !== 'off' && !unknown.includes(name))
    .map(([name, how]) => [oxlintName(name), how]),
) as DummyRuleMap;

const rulesAboutTypes = Object.keys(tseslint.configs.disableTypeChecked.rules ?? {}).map(
  oxlintName,
);

function oxlintName(name: string): string {
  return name.replace('@typescript-eslint/', 'typescript/');
}

export default defineConfig({
  plugins: ['typescript'],
  categories: { correctness: 'off' },
  options: {
    typeAware: true,
    typeCheck: true,
    reportUnusedDisableDirectives: 'error',
    denyWarnings: true,
  },
  ignorePatterns: [...ignored, '**/*.svelte', '**/*.astro'],
  jsPlugins: ['./scripts/lint/project-plugin.js'],
  rules: { ...rulesThatAreOn, 'project/import-arrows': 'error' },
  overrides: [
    {
      files: ['**/*.{js,mjs}'],
      rules: Object.fromEntries(
        rulesAboutTypes.filter((name) => name in rulesThatAreOn).map((name) => [name, 'off']),
      ),
    },
    ...[pureCode, checkedData, silence].map(({ except, files, rules }) => ({
      files,
      excludeFiles: except,
      rules: rules as DummyRuleMap,
    })),
  ],
});
