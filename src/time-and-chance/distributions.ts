/**
 * Numbers that would otherwise take many draws, drawn at once: how many failures come before a success,
 * and how many of many trials succeed. By inversion of the exact distributions, so true to the 53 bits
 * of a fraction.
 */

import type { Random } from './random.ts';

/** How many trials that fail with chance `failing` come before the first that does not. */
export function drawFailures(random: Random, failing: number): number {
  if (failing <= 0) return 0;
  if (failing >= 1) return Infinity;
  return Math.floor(Math.log(1 - random.fraction()) / Math.log(failing));
}

/**
 * How many of `trials` succeed with this chance each. The sum runs from the likeliest number outwards,
 * so it takes some √trials steps.
 */
export function drawSuccesses(random: Random, trials: number, chance: number): number {
  if (chance <= 0 || trials === 0) return 0;
  if (chance >= 1) return trials;
  const odds = chance / (1 - chance);
  const mode = Math.min(trials, Math.floor((trials + 1) * chance));
  const atMode = Math.exp(
    logFactorial(trials) -
      logFactorial(mode) -
      logFactorial(trials - mode) +
      mode * Math.log(chance) +
      (trials - mode) * Math.log1p(-chance),
  );
  let left = random.fraction() - atMode;
  let [below, above] = [mode, mode];
  let [chanceBelow, chanceAbove] = [atMode, atMode];
  while (left >= 0 && (below > 0 || above < trials)) {
    // Beyond an end of the numbers that there are, the chances come out as 0.
    chanceAbove *= ((trials - above) / (above + 1)) * odds;
    above++;
    left -= chanceAbove;
    if (left < 0) return above;
    chanceBelow *= below / (trials - below + 1) / odds;
    below--;
    left -= chanceBelow;
    if (left < 0) return below;
  }
  return mode;
}

/** ln(n!): summed up to 20, from there Stirling's series, right to 13 digits. */
function logFactorial(n: number): number {
  if (n < 20) {
    let sum = 0;
    for (let factor = 2; factor <= n; factor++) sum += Math.log(factor);
    return sum;
  }
  const series = 1 / (12 * n) - 1 / (360 * n ** 3) + 1 / (1260 * n ** 5);
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + series;
}
