/** What stops a runaway line: the library's own limits, and what the page adds to them. */

/** Enough for any exercise; a runaway line meets one of them within a second or two. */
export const executionLimits = {
  maxCommandCount: 400_000,
  maxLoopIterations: 100_000,
  maxCallDepth: 64,
  maxExecDepth: 24,
  maxSubstitutionDepth: 24,
  maxStringLength: 4 * 1024 * 1024,
  maxOutputSize: 16 * 1024 * 1024,
  maxBraceExpansionResults: 70_000,
  maxArrayElements: 100_000,
  maxHeredocSize: 1024 * 1024,
  maxSourceBytes: 2 * 1024 * 1024,
  maxLiveBytes: 64 * 1024 * 1024,
  maxAwkIterations: 1_000_000,
  maxSedIterations: 1_000_000,
};

/** Bytes that one line may print before it is stopped. */
export const maximumPrinted = 6 * 1024 * 1024;

/** The library cuts longer ranges without a word. */
export const longestRange = 10_000;

/** Whether a line holds a range such as `{1..99999999}` that is too long. */
export function hasHugeRange(text: string): boolean {
  return [...text.matchAll(/\{(-?\d+)\.\.(-?\d+)(?:\.\.-?(\d+))?\}/g)].some(
    ([, from, to, step]) =>
      Math.abs(Number(to) - Number(from)) / Math.max(1, Number(step ?? 1)) >= longestRange,
  );
}

/** The library's limit that a failed run has met, in its words; undefined where it met none. */
export function limitMet(exitCode: number, stderr: string): string | undefined {
  if (exitCode !== 126 || !/exceeded|too many/.test(stderr)) return undefined;
  return stderr
    .trim()
    .replace(/, increase .*$/, '')
    .replace(/^bash: /, '');
}
