import { describe, expect, it } from 'vitest';
import { countCases } from './counts.ts';

describe('the number of test cases in a report', () => {
  it('is read from Vitest', () => {
    const report = {
      numPassedTests: 7,
      numFailedTests: 2,
      numPendingTests: 1,
      numTodoTests: 1,
      numFailedTestSuites: 1,
    };
    expect(countCases('vitest', JSON.stringify(report))).toEqual({
      passed: 7,
      failed: 2,
      skipped: 2,
    });
  });

  it('counts a file that cannot be loaded as a failure', () => {
    const report = {
      numPassedTests: 7,
      numFailedTests: 0,
      numPendingTests: 0,
      numFailedTestSuites: 1,
    };
    expect(countCases('vitest', JSON.stringify(report)).failed).toBe(1);
  });

  it('is read from Playwright, with errors outside any test', () => {
    const report = { stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 2 }, errors: [{}] };
    expect(countCases('playwright', JSON.stringify(report))).toEqual({
      passed: 6,
      failed: 2,
      skipped: 2,
    });
  });

  it('is refused where the report has another shape', () => {
    expect(() => countCases('vitest', '{}')).toThrow();
  });
});
