/** How many test cases a test runner's JSON report says passed, failed and were skipped. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const vitestReport = v.object({
  numPassedTests: v.number(),
  numFailedTests: v.number(),
  numPendingTests: v.number(),
  numTodoTests: v.optional(v.number(), 0),
  numFailedTestSuites: v.number(),
});

const playwrightReport = v.object({
  stats: v.object({
    expected: v.number(),
    unexpected: v.number(),
    flaky: v.number(),
    skipped: v.number(),
  }),
  errors: v.array(v.unknown()),
});

/**
 * @param text the JSON that the runner wrote
 * @throws where the report has another shape
 */
export function countCases(kind: 'vitest' | 'playwright', text: string): Counts {
  const json: unknown = JSON.parse(text);
  if (kind === 'vitest') {
    const report = v.parse(vitestReport, json);
    const hasOnlyBrokenFiles = report.numFailedTests === 0 && report.numFailedTestSuites > 0;
    return {
      passed: report.numPassedTests,
      // A file that cannot even be loaded has no cases of its own: it counts as one failure.
      failed: hasOnlyBrokenFiles ? report.numFailedTestSuites : report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  }
  const { stats, errors } = v.parse(playwrightReport, json);
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
  };
}

/** The counts in a report's file; undefined where the runner left none that can be read. */
export function readCounts(kind: 'vitest' | 'playwright', file: string): Counts | undefined {
  try {
    return countCases(kind, readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
