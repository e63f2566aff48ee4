/** Requests, obstacles and rounds of choices for the tests of the algorithms. */

import { PortSet } from '../data-structures/port-set.ts';
import type { SkipReason } from '../trace/trace.ts';
import type { PortAlgorithm, Selection, SelectionRequest } from './algorithm.ts';
import { Obstacles } from './obstacles.ts';

/** A connect from 10.0.0.2 to 10.0.0.10:80 with ten ports to choose from, or what differs from that. */
export function requestOf(difference: Partial<SelectionRequest> = {}): SelectionRequest {
  return {
    low: 40_000,
    high: 40_009,
    localAddress: 0x0a000002,
    remoteAddress: 0x0a00000a,
    remotePort: 80,
    nowMs: 0,
    reuseAddress: false,
    hasOwnRange: false,
    ...difference,
  };
}

/** Ports in the way, by reason, in the order in which the reasons are asked. */
export function obstaclesOf(
  rotation: number,
  ports: Partial<Record<SkipReason, readonly number[]>> = {},
): Obstacles {
  return new Obstacles(
    Object.entries(ports).map(([reason, list]) => {
      const set = new PortSet(rotation);
      for (const port of list) set.add(port);
      return { reason: reason as SkipReason, ports: set };
    }),
  );
}

/** Chooses again and again; each port chosen is in use for the next choice. */
export function chooseInTurn(
  algorithm: PortAlgorithm,
  count: number,
  request: SelectionRequest = requestOf(),
  taken: readonly number[] = [],
): Selection[] {
  const inUse = [...taken];
  return Array.from({ length: count }, () => {
    const selection = algorithm.choose(
      request,
      obstaclesOf(algorithm.rotation, { 'in-use': inUse }),
    );
    if (selection.port >= 0) inUse.push(selection.port);
    return selection;
  });
}

export function portsOf(selections: readonly Selection[]): number[] {
  return selections.map(({ port }) => port);
}
