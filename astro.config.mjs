import { satteri } from '@astrojs/markdown-satteri';
import mdx from '@astrojs/mdx';
import svelte from '@astrojs/svelte';
import { defineConfig } from 'astro/config';
import { laterProps } from './scripts/build/later-props.ts';
import { laterStyleOptions, laterStyles } from './scripts/build/later-styles.ts';
import { offlineWorker } from './scripts/build/offline-worker.ts';
import { pagePolicy } from './scripts/build/page-policy.ts';
import { scormPackages } from './scripts/build/scorm/packages.ts';
import { siteArchive } from './scripts/build/site-archive.ts';
import { locales, defaultLocale } from './src/i18n/locales.ts';
import { consoleTranscript } from './src/lesson-kit/console-transcript.ts';
import { wholeWords } from './src/lesson-kit/whole-words.ts';

// BASE_PATH serves the site below a folder (a school's server, GitHub Pages); SITE_URL is the
// public origin that canonical links name.
const base = process.env['BASE_PATH'] || '/';

export default defineConfig({
  site: process.env['SITE_URL'] || 'http://localhost:4321',
  base,
  output: 'static',
  trailingSlash: 'always',
  // The last two list and pack the files as they are then.
  integrations: [
    mdx(),
    svelte({ dynamicCompileOptions: laterStyleOptions }),
    laterProps(),
    pagePolicy(),
    scormPackages(),
    offlineWorker(),
    siteArchive(),
  ],
  i18n: {
    defaultLocale,
    locales: locales.map((locale) => locale.code),
    routing: { prefixDefaultLocale: false },
  },
  build: { format: 'directory', inlineStylesheets: 'always' },
  markdown: {
    processor: satteri({ hastPlugins: [wholeWords] }),
    shikiConfig: { theme: 'css-variables', transformers: [consoleTranscript] },
  },
  vite: {
    plugins: [laterStyles()],
    environments: {
      client: {
        build: {
          rolldownOptions: {
            output: {
              codeSplitting: {
                groups: [
                  // Svelte itself, in one file: fewer requests for the first widget in view.
                  { name: 'svelte', test: /node_modules\/(svelte|esm-env)\//, priority: 3 },
                  // What pages' own scripts need: alone of the kit, or on every page.
                  {
                    name: 'small',
                    test: /simulation-kit\/(replace-address|mirrored-moments|speeds)|i18n\/(format|locales)|vite\/preload-helper|progress\/progress-keys|site-ui\/keep-focus/,
                    priority: 4,
                  },
                  // What is carried and what flies: for widgets, and the packets of the home page.
                  {
                    name: 'hands',
                    test: /simulation-kit\/(fly|take-hold)\.ts/,
                    minShareCount: 2,
                    priority: 4,
                  },
                  // What the pages of practice share before the first question.
                  {
                    name: 'practice',
                    test: /src\/quiz\/(memory\/(session|exam-time)|view\/practice\/(practice-store|practice-people|option-labels))\.ts/,
                    minShareCount: 2,
                    priority: 3,
                  },
                  // What assignments and their results share; a lesson marks its questions with the first part alone.
                  {
                    name: 'grade',
                    test: /src\/(quiz\/engine\/(grade|read-number)|classroom\/assignments\/marks)\.ts/,
                    minShareCount: 2,
                    priority: 1,
                  },
                  {
                    name: 'class',
                    test: /src\/(classroom\/assignments\/[\w-]+|quiz\/(memory\/exam|view\/practice\/exam-answers))\.ts/,
                    minShareCount: 2,
                    priority: 0,
                  },
                  // What is small and wanted without the engine: ranges of ports, random numbers, shared parts.
                  {
                    name: 'kit',
                    test: /src\/(network\/(port-ranges|addresses|data-structures\/port-set|trace\/replay)\.ts|time-and-chance\/|simulation-kit\/(?!timeline)|i18n\/|site-ui\/(progress-keys|InlineLine|qr\/QrCode))/,
                    minShareCount: 2,
                    priority: 3,
                  },
                  // What the terminal and the labs need before they are opened, and the figure that is also seen
                  // in practice: no page has room for one more file.
                  {
                    name: 'on-demand',
                    test: /src\/(terminal\/(words\.ts|view\/(on-demand\.svelte\.ts|OpenButton\.svelte)|labs-view\/(Words\.svelte|lab-people\.ts))|site-ui\/people\/HalfFigure)/,
                    minShareCount: 2,
                    priority: 2,
                  },
                  // What the connection simulator's parts share that come one after the other.
                  {
                    name: 'connection',
                    test: /src\/(simulations\/connection\/(session|event-sentences|requestable-services|story|prediction)|simulation-kit\/timeline)\.ts$/,
                    minShareCount: 2,
                    priority: 2,
                  },
                  // The shell library with what runs its tools: the page and its threads load the same file.
                  {
                    name: 'shell-library',
                    test: /node_modules\/just-bash\/|terminal\/shell\/just-bash\/(tool-runner|tool-thread)\.ts/,
                    priority: 5,
                  },
                  // The manual, a file for each language: pages by themselves would be ninety.
                  {
                    name: (module) => `man-${/content\/man\/(\w+)\//.exec(module)?.[1] ?? 'pages'}`,
                    test: /content\/man\//,
                  },
                  // The world is one file for all widgets: loaded by the first, there for the rest.
                  {
                    name: 'engine',
                    test: /src\/network\/(world|scenario\/scenario-parser)\.ts$/,
                    priority: 1,
                    includeDependenciesRecursively: true,
                  },
                ],
              },
            },
          },
        },
      },
    },
  },
  security: {
    csp: {
      directives: [
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'self'",
        "form-action 'self'",
      ],
    },
  },
  devToolbar: { enabled: false },
});
