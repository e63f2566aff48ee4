/** Small worlds for the tests, and traces as short lines. */

import { parseScenario } from './scenario/scenario-parser.ts';
import type { TraceEvent } from './trace/trace.ts';
import { World, type WorldOptions } from './world.ts';

interface Parts {
  readonly actions?: readonly Readonly<Record<string, unknown>>[];
  readonly listen?: readonly Readonly<Record<string, unknown>>[];
  readonly sysctl?: Readonly<Record<string, string>>;
  readonly latencyMs?: number;
  readonly seed?: number;
}

/** `client` 10.0.0.2 and `web` 10.0.0.10, which listens on 80; ten milliseconds apart. */
export function clientAndWeb(parts: Parts = {}, options: WorldOptions = {}): World {
  return new World(
    parseScenario({
      version: 1,
      seed: parts.seed ?? 1,
      latencyMs: parts.latencyMs ?? 10,
      hosts: [
        { name: 'client', os: 'linux', address: '10.0.0.2', sysctl: parts.sysctl ?? {} },
        { name: 'web', os: 'linux', address: '10.0.0.10', listen: parts.listen ?? [{ port: 80 }] },
      ],
      actions: parts.actions ?? [],
    }),
    options,
  );
}

/** A connect without data from port 50000, so that lines can be told in advance. */
export const plainConnect = {
  atMs: 0,
  do: 'connect',
  from: 'client',
  to: '10.0.0.10:80',
  as: 'page',
  localPort: 50_000,
  request: 0,
} as const;

/** One event in a line: `20 client ESTABLISHED`, `10 50000>80 SYN`; other kinds by their name. */
export function line(event: TraceEvent): string {
  const { atMs } = event;
  switch (event.event) {
    case 'state':
      return `${atMs} ${event.host} ${event.state}`;
    case 'segment': {
      const port = (endpoint: string): string => endpoint.slice(endpoint.lastIndexOf(':') + 1);
      const arrow = { sent: '>', arrived: '>>', lost: '>x' }[event.phase];
      return `${atMs} ${port(event.from)}${arrow}${port(event.to)} ${event.flags.join(' ')}`;
    }
    case 'error':
      return `${atMs} ${event.host} ${event.do} ${event.error}`;
    default:
      return `${atMs} ${event.event}`;
  }
}

/** What happened from a moment on: state changes, errors and segments sent. */
export function linesFrom(world: World, fromMs: number): string[] {
  return world.trace
    .filter(({ atMs }) => atMs >= fromMs)
    .map(line)
    .filter((text) => !text.includes('>>'));
}

export function statesOf(world: World, host: string): string[] {
  return (
    world
      .host(host)
      ?.sockets()
      .map(({ state }) => state) ?? []
  );
}
