/** Counting what was recorded and what was simulated, in the same way. */

import type { Runs } from './recordings.ts';

export interface Share {
  readonly label: string;
  /** 0–1 */
  readonly share: number;
}

/** The share of each of `labels` among `values`. */
function shares<T>(values: readonly T[], labels: readonly T[]): Share[] {
  return labels.map((label) => ({
    label: String(label),
    share: values.filter((value) => value === label).length / values.length,
  }));
}

export const regularGaps = [2, 4, 6, 8, 10, 12, 14, 16];

/** How far the next port lies above the one before, to one destination. */
export function gapShares(runs: Runs): Share[] {
  const gaps = runs.sameDestination.flatMap((ports) =>
    ports.slice(1).map((port, index) => port - (ports[index] ?? 0)),
  );
  return shares(gaps, regularGaps);
}

/** Linux's default range in ten equal parts: how often the first port lies in each. */
export function firstPortShares(runs: Runs): Share[] {
  const [low, width, parts] = [32768, 28232, 10];
  const part = (port: number) => Math.floor(((port - low) / width) * parts);
  const counted = shares(
    runs.manyDestinations.map(part),
    Array.from({ length: parts }, (_, index) => index),
  );
  return counted.map(({ share }, index) => ({
    label: String(low + Math.ceil((index * width) / parts)),
    share,
  }));
}

/** The port right behind the reserved block, and all others. */
export function behindReservedShare(runs: Runs): number {
  const [first] = shares(runs.besideReserved, [60502]);
  return first?.share ?? 0;
}

export const tinyPorts = Array.from({ length: 10 }, (_, index) => 40000 + index);

/** For each port of 40000–40009, how often it came first, second … tenth. */
export function orderShares(runs: Runs): number[][] {
  return tinyPorts.map((port) =>
    tinyPorts.map(
      (_, turn) =>
        runs.tinyRange.filter((order) => order[turn] === port).length / runs.tinyRange.length,
    ),
  );
}

/** In how many runs every even port came before any odd one, and exactly ten could be had. */
export function evenFirstRuns(runs: Runs): number {
  return runs.tinyRange.filter(
    (order) => order.length === 10 && order.every((port, turn) => port % 2 === (turn < 5 ? 0 : 1)),
  ).length;
}

/** The share of odd numbers. */
export function oddShare(ports: readonly number[]): number {
  return ports.filter((port) => port % 2 === 1).length / ports.length;
}
