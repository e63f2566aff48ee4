/**
 * `npm run bench`: how fast and how heavy, as tables; it holds nothing against a clock.
 * `npm run bench -- weight lighthouse` measures only these. Sections: engine, build, weight,
 * terminal, stalls, practice, smoothness, lighthouse.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { arch, cpus, platform } from 'node:os';
import { measureBuild } from './bench/build-time.ts';
import { measureWithLighthouse } from './bench/lighthouse.ts';
import { measurePractice } from './bench/practice-measures.ts';
import { measureSmoothness } from './bench/smoothness.ts';
import { measureStalls } from './bench/terminal-stalls.ts';
import { measureTerminal } from './bench/terminal-ready.ts';
import { weighPages, weightTables } from './bench/weight-table.ts';
import { ensureBrowser, howToGetABrowser } from './setup/browser.ts';

const folder = '.cache/bench/dist';
const sections = [
  'engine',
  'build',
  'weight',
  'terminal',
  'stalls',
  'practice',
  'smoothness',
  'lighthouse',
] as const;
const inBrowser: readonly Section[] = [
  'terminal',
  'stalls',
  'practice',
  'smoothness',
  'lighthouse',
];
type Section = (typeof sections)[number];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !sections.some((section) => section === name));
if (unknown.length > 0) {
  console.error(`No section is named ${unknown.join(', ')}. There are: ${sections.join(', ')}.`);
  process.exit(2);
}
const isAsked = (section: Section): boolean => asked.length === 0 || asked.includes(section);

const processor = cpus()[0]?.model.trim() ?? 'unknown processor';
console.log(`Node ${process.version}, ${platform()} ${arch()}, ${cpus().length} × ${processor}\n`);

if (isAsked('engine')) {
  for (const file of globSync('scripts/bench/engine-*.ts').toSorted()) {
    const { status } = spawnSync(process.execPath, ['--expose-gc', file], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
    console.log('');
  }
}

if (sections.some((section) => section !== 'engine' && isAsked(section))) {
  console.log(`${measureBuild(folder)}\n`);
}

const weights = isAsked('weight') || isAsked('lighthouse') ? weighPages(folder) : [];
if (isAsked('weight')) console.log(`${weightTables(weights)}\n`);

if (inBrowser.some(isAsked)) {
  const browser = ensureBrowser('whole', (line) => {
    console.error(line);
  });
  if (browser === undefined) {
    console.error(howToGetABrowser);
    process.exitCode = 1;
  } else {
    if (isAsked('terminal')) console.log(`${await measureTerminal(folder, browser)}\n`);
    if (isAsked('stalls')) console.log(`${await measureStalls(folder, browser)}\n`);
    if (isAsked('practice')) console.log(`${await measurePractice(folder, browser)}\n`);
    if (isAsked('smoothness')) console.log(`${await measureSmoothness(folder, browser)}\n`);
    if (isAsked('lighthouse')) {
      const heaviest = weights
        .filter(({ path }) => path.startsWith('/lessons/'))
        .toSorted((a, b) => totalWeight(b) - totalWeight(a))[0];
      const paths = ['/', ...(heaviest === undefined ? [] : [heaviest.path])];
      console.log(await measureWithLighthouse(folder, paths, browser));
    }
  }
}

/** The first view and every widget that a reader meets on the way down. */
function totalWeight({ firstView, islands }: (typeof weights)[number]): number {
  return islands.reduce((total, island) => total + island.withShared, firstView);
}
