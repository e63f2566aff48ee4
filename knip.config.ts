/** `npm test -- unused`: no file, export or dependency that nothing uses. */

import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  entry: [
    // What package.json runs through scripts/run-typescript.mjs, and what these start in turn.
    'scripts/*.ts',
    'scripts/bench/engine-*.ts',
    'scripts/checks/run.ts',
    // Loaded when asked for, by components: knip reads only the imports at their head.
    'src/simulation-kit/PredictCard.svelte',
    'src/simulations/connection/WhyPanel.svelte',
    // The client directive that astro.config.mjs adds.
    'src/site-ui/wake-when-seen.ts',
    // Read by the build, for packages that run in a learning platform.
    'scripts/build/scorm/lms-storage.ts',
    'scripts/mutation/*.ts',
    'src/cli/simulate.ts',
    // Lessons are content: Astro finds them by their folder, and they import the widgets.
    'content/lessons/**/*.mdx',
    // Prints the list that a test compares with.
    'tests/golden/trace-bytes.ts',
    // Copied into a copy of the project by the test of the recipes, and run there.
    'tests/recipes/in-the-copy.ts',
    // Records what bash prints, by hand, where bash and its tools are.
    'tests/golden/bash/record.ts',
  ],
  project: [
    'src/**/*.{ts,svelte,astro}',
    'scripts/**/*.{ts,js,mjs}',
    'tests/**/*.ts',
    'content/lessons/**/*.mdx',
  ],
  // The shapes that exported functions take and give have names, exported or not.
  ignoreExportsUsedInFile: { interface: true, type: true },
  // vitest, whose place it takes, has both names.
  ignoreIssues: { 'scripts/mutation/collected-tests.ts': ['duplicates'] },
  compilers: {
    // A component's scripts whole: what they import when asked counts as well.
    svelte: (text: string) =>
      [...text.matchAll(/<script\b[^>]*>([^]*?)<\/script>/g)].map(([, code]) => code).join('\n'),
  },
  ignoreBinaries: ['apt-get', 'tcpdump', 'unshare'],
  ignoreDependencies: [
    // eslint-plugin-astro asks for it by name.
    'astro-eslint-parser',
    // A learning platform for a browser test, read from its file.
    'scorm-again',
    // Fonts for the layout tests, read from their files.
    '@fontsource/kosugi-maru',
    '@fontsource/hina-mincho',
    '@fontsource/lexend-exa',
    // Types that come with packages that are listed.
    'estree',
    'hast',
    'shiki',
    // Stryker's configuration names its runners, its own and ours, by a short name.
    '@stryker-mutator/vitest-runner',
    '@stryker-mutator/in-process-runner',
  ],
};

export default config;
