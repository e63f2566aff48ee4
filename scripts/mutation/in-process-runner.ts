/**
 * A Stryker test runner that imports the code and its quick tests once and then calls the tests,
 * some thousand times in one process. Starting vitest for each mutation costs half a second, the tests
 * themselves a few milliseconds.
 *
 * That the tests leave nothing behind is checked and not believed: a test that has killed a mutation
 * must pass without it right afterwards, else the process is given up and the mutation tried again in
 * a new one. Files that remember things on purpose are tried in a new process each time.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import {
  INSTRUMENTER_CONSTANTS,
  type MutantCoverage,
  type StrykerOptions,
} from '@stryker-mutator/api/core';
import { commonTokens, declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  determineHitLimitReached,
  DryRunStatus,
  MutantRunStatus,
  TestStatus,
  toMutantRunResult,
  type DryRunResult,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  type TestRunnerCapabilities,
} from '@stryker-mutator/api/test-runner';
import fc from 'fast-check';
import { activate, deactivate, hits } from './active-mutant.ts';
import type * as Collected from './collected-tests.ts';
import { isQuick, mutationTestFiles, practiceSeeds } from './test-files.ts';
import { readAsVite } from './vite-imports.ts';

/** Stryker's global: where the instrumented engine counts what each test comes past. */
interface Instrumentation {
  currentTestId?: string | undefined;
  mutantCoverage?: MutantCoverage;
}

/** How often, at most, one test came past each mutation; kept in the sandbox for later processes. */
const hitsFile = 'most-hits-in-a-test.json';

/** A test that comes past a mutation this many times as often as without it has lost its way. */
const lostAfter = 20;

const engineMemory = ['src/network/addresses.ts'];

const instrumentation = ((globalThis as Record<string, unknown>)[
  INSTRUMENTER_CONSTANTS.NAMESPACE
] ??= {}) as Instrumentation;

const collectedTests = new URL('./collected-tests.ts', import.meta.url).href;
const activeMutantUrl = new URL('./active-mutant.ts', import.meta.url).href;

/** Tests that import `vitest` get the collecting one, which alone gets vitest itself. */
function standInForVitest(): void {
  registerHooks({
    resolve(specifier, context, next) {
      const asksForTests = specifier === 'vitest' && context.parentURL !== collectedTests;
      return asksForTests ? { url: collectedTests, shortCircuit: true } : next(specifier, context);
    },
  });
}

/** Stryker's calls in the engine's code: is this mutation active, and: these have been come past. */
const asksForActive = /stryMutAct_9fa48\("(\d+)"\)/g;
const countsCovered = /stryCov_9fa48\([\d", ]+\)/g;

/**
 * Puts a comparison of two numbers in place of Stryker's calls, which cost twenty times what the tests
 * do. What covers what is then not counted; that is for the first run (so the configuration's small
 * timeoutFactor).
 */
function compareOnly(): void {
  const engineUrl = pathToFileURL(`${process.cwd()}/src/`).href;
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (!url.startsWith(engineUrl) || loaded.source == null) return loaded;
      const source = Buffer.from(loaded.source as Uint8Array)
        .toString('utf8')
        .replace(asksForActive, '(stryActive === $1 && stryIsHit())')
        .replace(countsCovered, '0');
      const names = 'active as stryActive, isHit as stryIsHit';
      return { ...loaded, source: `import { ${names} } from '${activeMutantUrl}'; ${source}` };
    },
  });
}

class InProcessRunner implements TestRunner {
  /** How long each test took when it last passed: the quick ones are asked first. */
  readonly #timeSpentMs = new Map<string, number>();
  #mostHits: Readonly<Record<string, number>> = {};
  #tests: ReadonlyMap<string, Collected.CollectedTest> = new Map();
  #mutantsRun = 0;
  /** Fit for no further mutation: it counts coverage, or something was left behind. */
  #isWorn = false;
  /** What is tried, as patterns of paths. */
  readonly #mutate: readonly string[];

  constructor(mutate: readonly string[]) {
    this.#mutate = mutate;
  }

  capabilities(): TestRunnerCapabilities {
    // Nothing that runs while the files are imported is tried (ignoreStatic).
    return { reloadEnvironment: true };
  }

  async init(): Promise<void> {
    standInForVitest();
    readAsVite();
    this.#isWorn = !existsSync(hitsFile);
    if (!this.#isWorn) compareOnly();
    // No shrinking, and the same draws each time: a mutation is killed or it is not.
    fc.configureGlobal({ seed: 1, endOnFailure: true });
    const { collectFrom, collected } = (await import(collectedTests)) as typeof Collected;
    process.env['PRACTICE_SEEDS'] ??= practiceSeeds;
    const root = process.cwd();
    for (const file of mutationTestFiles(root, this.#mutate)) {
      await collectFrom(file, () => import(pathToFileURL(`${root}/${file}`).href));
    }
    this.#tests = new Map([...collected].filter(([, { name }]) => isQuick(name)));
    if (existsSync(hitsFile)) {
      this.#mostHits = JSON.parse(readFileSync(hitsFile, 'utf8')) as Record<string, number>;
    }
  }

  async dryRun(): Promise<DryRunResult> {
    const tests: TestResult[] = [];
    for (const test of this.#tests.values()) {
      instrumentation.currentTestId = test.id;
      tests.push(await this.#run(test));
      instrumentation.currentTestId = undefined;
    }
    const { mutantCoverage } = instrumentation;
    const mostHits: Record<string, number> = {};
    for (const hits of Object.values(mutantCoverage?.perTest ?? {})) {
      for (const [id, count] of Object.entries(hits)) {
        mostHits[id] = Math.max(mostHits[id] ?? 0, count);
      }
    }
    writeFileSync(hitsFile, JSON.stringify(mostHits));
    return {
      status: DryRunStatus.Complete,
      tests,
      ...(mutantCoverage === undefined ? {} : { mutantCoverage }),
    };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, testFilter } = options;
    const mostHits = this.#mostHits[activeMutant.id];
    const hitLimit = mostHits === undefined ? options.hitLimit : lostAfter * mostHits + 1000;
    const remembers = engineMemory.some((file) => options.sandboxFileName.endsWith(file));
    // Stryker answers an error with a new process and another try.
    if (this.#isWorn || (remembers && this.#mutantsRun > 0))
      throw new Error('a new process, please');
    this.#mutantsRun++;
    this.#isWorn = remembers;

    const filter = testFilter === undefined ? undefined : new Set(testFilter);
    const tests = [...this.#tests.values()].filter(({ id }) => filter?.has(id) ?? true);
    const time = ({ id }: Collected.CollectedTest): number => this.#timeSpentMs.get(id) ?? 0;
    tests.sort((a, b) => time(a) - time(b));
    const results: TestResult[] = [];
    let killer: Collected.CollectedTest | undefined;
    for (const test of tests) {
      activate(Number(activeMutant.id), hitLimit ?? Infinity);
      const result = await this.#run(test);
      results.push(result);
      if (result.status !== TestStatus.Failed) continue;
      killer = test;
      break;
    }
    deactivate();
    if (killer !== undefined && (await this.#run(killer)).status === TestStatus.Failed) {
      this.#isWorn = true;
      if (this.#mutantsRun > 1) throw new Error('a new process, please');
    }
    const timeout = determineHitLimitReached(hits, hitLimit);
    if (timeout !== undefined) return { ...timeout, status: MutantRunStatus.Timeout };
    return toMutantRunResult({ status: DryRunStatus.Complete, tests: results });
  }

  async #run({ id, name, file, run }: Collected.CollectedTest): Promise<TestResult> {
    const startMs = performance.now();
    let failureMessage: string | undefined;
    try {
      await run();
    } catch (error) {
      failureMessage = error instanceof Error ? error.message : String(error);
    }
    const timeSpentMs = performance.now() - startMs;
    if (failureMessage === undefined) this.#timeSpentMs.set(id, timeSpentMs);
    const result = { id, name, timeSpentMs, fileName: `${process.cwd()}/${file}` };
    return failureMessage === undefined
      ? { ...result, status: TestStatus.Success }
      : { ...result, status: TestStatus.Failed, failureMessage };
  }
}

function createRunner(options: StrykerOptions): TestRunner {
  return new InProcessRunner(options.mutate);
}
createRunner.inject = [commonTokens.options] as [typeof commonTokens.options];

export const strykerPlugins = [
  declareFactoryPlugin(PluginKind.TestRunner, 'in-process', createRunner),
];
