/**
 * Runs the checks, a few at a time where they do not hinder each other, prints the whole output of
 * each that fails and one line for each at the end, then the number of test cases. Exits with 1 if
 * anything failed. Arguments name the checks to run (with what they need); none means all.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { ensureBrowser, howToGetABrowser } from '../setup/browser.ts';
import { ensureOtherEngines } from '../setup/other-engines.ts';
import { type Check, checks, workFolder } from './checks.ts';
import { type Counts, readCounts } from './counts.ts';

interface Result {
  readonly check: Check;
  readonly outcome: 'passed' | 'failed' | 'not run';
  readonly seconds: number;
  readonly counts: Counts | undefined;
}

const wanted = selectChecks(process.argv.slice(2));
rmSync(workFolder, { recursive: true, force: true });
mkdirSync(workFolder, { recursive: true });

const results: Result[] = [];
const needsBrowser = (check: Check): boolean => check.name === 'e2e' || check.name === 'fuzz';
const browser = wanted.some(needsBrowser) ? ensureBrowser('shell', say) : undefined;
if (browser !== undefined) say(`Browser: ${browser}`);
if (wanted.some((check) => check.name === 'engines')) ensureOtherEngines(say);
await runAll();
summarize();

/** The checks of these names and, in their order, those they need. */
function selectChecks(names: readonly string[]): readonly Check[] {
  if (names.length === 0) return checks;
  const unknown = names.filter((name) => !checks.some((check) => check.name === name));
  if (unknown.length > 0) {
    console.error(`No check is named ${unknown.join(', ')}.`);
    console.error(`There are: ${checks.map((check) => check.name).join(', ')}.`);
    process.exit(2);
  }
  const chosen = new Set(names);
  for (const check of checks.toReversed()) {
    if (chosen.has(check.name)) for (const needed of check.after) chosen.add(needed);
  }
  return checks.filter((check) => chosen.has(check.name));
}

async function runAll(): Promise<void> {
  const waiting = [...wanted];
  const running = new Map<Check, Promise<void>>();
  // One more than there are cores: each check waits now and then.
  const width = Math.min(4, availableParallelism() + 1);

  while (waiting.length > 0 || running.size > 0) {
    for (const check of [...waiting]) {
      const lacking = check.after.filter((name) => !hasEnded(name));
      if (lacking.length > 0 || !hasRoom(check, running, waiting, width)) continue;
      waiting.splice(waiting.indexOf(check), 1);
      const job = runOne(check).then((result) => {
        running.delete(check);
        results.push(result);
      });
      running.set(check, job);
    }
    await Promise.race(running.values());
  }
}

function hasRoom(
  check: Check,
  running: ReadonlyMap<Check, unknown>,
  waiting: readonly Check[],
  width: number,
): boolean {
  if (check.isAlone === true) return running.size === 0 && waiting.length === 1;
  return running.size < width && ![...running.keys()].some((other) => other.isAlone);
}

function hasEnded(name: string): boolean {
  return results.some((result) => result.check.name === name);
}

async function runOne(check: Check): Promise<Result> {
  const broken = check.after.filter((name) =>
    results.some((result) => result.check.name === name && result.outcome !== 'passed'),
  );
  // Types and words of the checks that feed others may fail without hindering them; the build hinders.
  if (broken.includes('build')) {
    say(`– ${check.title}: not run, because ${broken.join(' and ')} failed`);
    return { check, outcome: 'not run', seconds: 0, counts: undefined };
  }
  if (needsBrowser(check) && browser === undefined) {
    say(`✗ ${check.title}\n${howToGetABrowser}`);
    return { check, outcome: 'failed', seconds: 0, counts: undefined };
  }
  const start = performance.now();
  say(`… ${check.title}`);
  const { code, output } = await run(check);
  const seconds = (performance.now() - start) / 1000;
  const counts = check.report && readCounts(check.report.kind, check.report.file);
  const isCounted = check.report === undefined || counts?.failed === 0;
  const outcome = code === 0 && isCounted ? 'passed' : 'failed';
  const result: Result = { check, outcome, seconds, counts };
  if (outcome === 'failed') say(`\n${output.trimEnd()}\n`);
  say(describe(result));
  return result;
}

function run(check: Check): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, check.command, {
      env: {
        ...process.env,
        ...check.env,
        ...(browser === undefined ? {} : { CHROME_PATH: browser }),
        FORCE_COLOR: '0',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const parts: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => parts.push(part));
    }
    child.on('error', (error) => {
      parts.push(error.message);
      resolve({ code: 1, output: parts.join('') });
    });
    child.on('close', (code) => {
      resolve({ code, output: parts.join('') });
    });
  });
}

function describe({ check, outcome, seconds, counts }: Result): string {
  const mark = { passed: '✓', failed: '✗', 'not run': '–' }[outcome];
  const cases = counts === undefined ? '' : `${String(counts.passed)} passed`;
  const failed =
    counts !== undefined && counts.failed > 0 ? `, ${String(counts.failed)} failed` : '';
  const time = outcome === 'not run' ? 'not run' : `${seconds.toFixed(0)} s`;
  return `${mark} ${check.title.padEnd(46)} ${time.padStart(7)}   ${cases}${failed}`.trimEnd();
}

function summarize(): void {
  say('\nSummary');
  const inOrder = wanted.flatMap((check) => results.filter((result) => result.check === check));
  for (const result of inOrder) say(describe(result));
  const sum = (pick: (counts: Counts) => number): number =>
    results.reduce((total, { counts }) => total + (counts === undefined ? 0 : pick(counts)), 0);
  // A check without cases of its own, or whose cases all passed while it failed, is one failure.
  const broken = results.filter(
    ({ outcome, counts }) => outcome === 'failed' && (counts === undefined || counts.failed === 0),
  ).length;
  const notRun = results.filter((result) => result.outcome === 'not run').length;
  const skipped = sum((counts) => counts.skipped) + notRun;
  const line = [
    `${String(sum((counts) => counts.passed))} passed`,
    `${String(sum((counts) => counts.failed) + broken)} failed`,
    ...(skipped > 0 ? [`${String(skipped)} skipped`] : []),
  ].join(', ');
  say(`\n${line}`);
  process.exitCode = results.every((result) => result.outcome === 'passed') ? 0 : 1;
}

function say(line: string): void {
  console.log(line);
}
