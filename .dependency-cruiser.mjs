/**
 * `npm test -- architecture`: no import circle in src/, type imports included, and the rooms of the
 * engine stand on one another from the bottom up (docs/architecture.md). What folders of src/ may
 * import from each other is held by scripts/lint/import-arrows.js, whose messages say what to do.
 */

/** The rooms of src/network, lowest first; each knows those before it. Files at the root: see below. */
const rooms = [
  'data-structures',
  'trace',
  'sysctl',
  'port-selection',
  'os-profiles',
  'ports',
  'scenario',
  'kernel',
  'transport',
  'system-calls',
  'wire',
];

/** Words that every room may use. */
const vocabulary = '(addresses|errors|port-ranges|protocol)';

const isTest = '\\.test\\.ts$|-fixtures\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circle',
      comment:
        'Whoever reads one of these files must read them all: move what both need to a third.',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true },
    },
    ...rooms.map((room, floor) => ({
      name: `network-${room}`,
      comment: `src/network/${room} knows only the rooms below it: ${rooms.slice(0, floor).join(', ') || 'none'}.`,
      severity: 'error',
      from: { path: `^src/network/${room}/`, pathNot: isTest },
      to: {
        path: '^src/network/',
        pathNot: [
          `^src/network/${vocabulary}\\.ts$`,
          `^src/network/(${rooms.slice(0, floor + 1).join('|')})/`,
        ],
      },
    })),
    {
      name: 'network-vocabulary',
      comment: 'The words that every room uses know no room.',
      severity: 'error',
      from: { path: `^src/network/${vocabulary}\\.ts$` },
      to: { path: '^src/network/', pathNot: `^src/network/${vocabulary}\\.ts$` },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    includeOnly: '^src/',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs', '.svelte', '.astro', '.json'] },
  },
};
