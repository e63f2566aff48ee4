/**
 * A server with programs and a packet filter, a scanner outside, and a page that the server fetches
 * itself: each question is a run of the engine, each answer read off its trace.
 */

import { parseScenario } from '../../network/scenario/scenario-parser.ts';
import type { FirewallRule, FirewallSpec } from '../../network/scenario/scenario.ts';
import type { SegmentEvent } from '../../network/trace/trace.ts';
import { World } from '../../network/world.ts';
import type { ServerSetup } from './server-setup.ts';

export type Verdict = 'open' | 'closed' | 'filtered';

export interface ScanResult {
  readonly port: number;
  readonly verdict: Verdict;
  /** How many SYNs the scanner sent before it knew, or gave up. */
  readonly syns: number;
  readonly back: 'synack' | 'rst' | 'nothing';
}

export interface FetchResult {
  readonly isFetched: boolean;
  /** The reply's two ends, whether it got in or not. */
  readonly from: string;
  readonly to: string;
}

/** Milliseconds of silence after which the scanner gives a port up; scanners are less patient than TCP. */
const PATIENCE_MS = 2_500;

function firewallOf({ ports, isStateful, isClosed }: ServerSetup): FirewallSpec {
  const rules: FirewallRule[] = isStateful
    ? [{ chain: 'in', state: 'established', action: 'accept' }]
    : [];
  for (const { port, guard } of ports) {
    rules.push({
      chain: 'in',
      protocol: 'tcp',
      localPort: port,
      action: guard,
      ...(guard === 'reject' ? { rejectWith: 'tcp-reset' as const } : {}),
    });
  }
  return { policyIn: isClosed ? 'drop' : 'accept', policyOut: 'accept', rules };
}

function worldOf(setup: ServerSetup, actions: readonly object[]): World {
  const firewall = firewallOf(setup);
  return new World(
    parseScenario({
      version: 1,
      seed: 42,
      hosts: [
        {
          name: 'server',
          os: 'linux',
          address: '10.0.0.10',
          listen: setup.ports
            .filter(({ isRunning }) => isRunning)
            .map(({ port }) => ({ protocol: 'tcp', port })),
          firewall,
        },
        { name: 'scanner', os: 'linux', address: '10.0.0.66' },
        {
          name: 'site',
          os: 'linux',
          address: '10.0.0.20',
          listen: [{ protocol: 'tcp', port: 443 }],
        },
      ],
      actions,
      untilMs: PATIENCE_MS,
    }),
  );
}

/** What a scanner outside sees of each port. */
export function scan(setup: ServerSetup): readonly ScanResult[] {
  const world = worldOf(
    setup,
    setup.ports.map(({ port }) => ({
      atMs: 0,
      do: 'connect',
      from: 'scanner',
      to: `10.0.0.10:${port}`,
      request: 0,
      as: `scan-${port}`,
    })),
  );
  world.runToEnd();
  const segments = world.trace.filter((event): event is SegmentEvent => event.event === 'segment');
  return setup.ports.map(({ port }) => {
    const end = `10.0.0.10:${port}`;
    const syns = segments.filter(
      (one) => one.phase === 'sent' && one.to === end && one.flags.join() === 'SYN',
    ).length;
    const reply = segments.find((one) => one.phase === 'arrived' && one.from === end);
    if (!reply) return { port, verdict: 'filtered', syns, back: 'nothing' };
    return reply.flags.includes('RST')
      ? { port, verdict: 'closed', syns, back: 'rst' }
      : { port, verdict: 'open', syns, back: 'synack' };
  });
}

/** The server fetches a page from outside: does the reply get back in? */
export function fetchPage(setup: ServerSetup): FetchResult {
  const world = worldOf(setup, [
    { atMs: 0, do: 'connect', from: 'server', to: '10.0.0.20:443', as: 'page' },
  ]);
  world.runToEnd();
  const reply = world.trace.find(
    (event): event is SegmentEvent => event.event === 'segment' && event.from === '10.0.0.20:443',
  );
  const isFetched = world.trace.some(
    (event) =>
      event.event === 'segment' &&
      event.phase === 'arrived' &&
      event.from === '10.0.0.20:443' &&
      event.bytes > 0,
  );
  return { isFetched, from: reply?.from ?? '', to: reply?.to ?? '' };
}
