/**
 * What must hold of a host's ports whatever happens: checked with calls at random on small ranges of
 * every system. On failure fast-check prints the shortest list of calls that breaks a rule.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../time-and-chance/random.ts';
import { linuxHistories } from '../os-profiles/linux-history.ts';
import { netbsd } from '../os-profiles/netbsd.ts';
import { profiles } from '../os-profiles/profiles.ts';
import type { OsProfile } from '../os-profiles/profile.ts';
import { createPortTable } from './port-table.ts';
import type { PortChoice, PortHold } from './port-hold.ts';
import type { Protocol } from '../protocol.ts';
import { listCandidates } from '../port-selection/candidates.ts';
import { SysctlTable } from '../sysctl/sysctl-table.ts';

/** How each system's range is made small: 12 ports. */
function shrink(table: SysctlTable, low: number): void {
  const high = low + 11;
  const writes: Readonly<Record<string, string>> = {
    'net.ipv4.ip_local_port_range': `${low} ${high}`,
    'net.inet.ip.portrange.first': String(low),
    'net.inet.ip.portrange.last': String(high),
    'net.inet.ip.portfirst': String(low),
    'net.inet.ip.portlast': String(high),
    'net.inet.ip.anonportmin': String(low),
    'net.inet.ip.anonportmax': String(high),
    'tcp.smallest_anon_port': String(low),
    'tcp.largest_anon_port': String(high),
    'udp.smallest_anon_port': String(low),
    'udp.largest_anon_port': String(high),
    'int.ipv4.dynamicport.tcp': `start=${low} num=255`,
    'int.ipv4.dynamicport.udp': `start=${low} num=255`,
  };
  for (const [key, value] of Object.entries(writes)) {
    if (table.get(key) !== undefined) expect(table.set(key, value).ok).toBe(true);
  }
}

const call = fc.record({
  do: fc.constantFrom('connect', 'bind', 'bind-to', 'listen', 'remove', 'wait', 'reserve', 'clock'),
  pick: fc.nat(1000),
  address: fc.constantFrom(0, 1, 2),
  remote: fc.constantFrom(7, 8),
  remotePort: fc.constantFrom(80, 443),
  reuseAddress: fc.boolean(),
  reusePort: fc.boolean(),
  uid: fc.constantFrom(0, 1),
});

type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

const free: Omit<PortHold, 'port' | 'localAddress'> = {
  remoteAddress: 0,
  remotePort: 0,
  isBound: false,
  isListening: false,
  reuseAddress: false,
  reusePort: false,
  uid: 0,
  timeWaitSinceMs: null,
  hasTimestamps: true,
};

function tupleOf(hold: PortHold): string {
  return [hold.localAddress, hold.port, hold.remoteAddress, hold.remotePort].join();
}

/** Plays calls and checks every answer. */
function play(
  profile: OsProfile,
  protocol: Protocol,
  low: number,
  seed: number,
  calls: readonly Call[],
): void {
  const settings = new SysctlTable(profile.settings);
  shrink(settings, low);
  const table = createPortTable(profile, settings, new Random(seed), protocol);
  const held: PortHold[] = [];
  let nowMs = 0;
  const limits = (): ReturnType<OsProfile['portSettings']> =>
    profile.portSettings(settings, protocol);
  const isReserved = (port: number): boolean =>
    limits().reserved.some(([first, last]) => first <= port && port <= last);

  const checkAutomatic = (choice: PortChoice): void => {
    const why = choice.why;
    expect(why).toBeDefined();
    if (why === undefined) return;
    const passedOver = Object.values(why.skipped).reduce((sum, count) => sum + count, 0);
    expect(passedOver).toBe(choice.ok ? why.considered - 1 : why.considered);
    const named = (why.firstSkipped ?? []).reduce((sum, { count }) => sum + count, 0);
    expect(named).toBeLessThanOrEqual(passedOver);
    const listed = [...listCandidates(why, (port) => table.passedOverFor(port))];
    const reasons: Record<string, number> = {};
    for (const { skipped } of choice.ok ? listed.slice(0, -1) : listed) {
      reasons[skipped ?? 'nothing'] = (reasons[skipped ?? 'nothing'] ?? 0) + 1;
    }
    expect(reasons).toEqual(why.skipped);
    expect(listed.length).toBe(why.considered);
    for (const { port } of listed) {
      expect(port >= limits().low && port <= limits().high).toBe(true);
    }
    let at = 0;
    for (const run of why.firstSkipped ?? []) {
      expect(listed[at]?.port).toBe(run.first);
      at += run.count;
      expect(listed[at - 1]?.port).toBe(run.last);
    }
    if (!choice.ok) return;
    expect(listed.at(-1)?.port).toBe(choice.port);
    expect(isReserved(choice.port)).toBe(false);
  };

  for (const step of calls) {
    const { address, remote, remotePort, reuseAddress, reusePort, uid, pick } = step;
    const before = held.length;
    const chosen = held[pick % Math.max(1, held.length)];
    switch (step.do) {
      case 'connect': {
        const localAddress = address === 0 ? 1 : address;
        const choice = table.chooseForConnect({
          localAddress,
          remoteAddress: remote,
          remotePort,
          nowMs,
        });
        checkAutomatic(choice);
        if (!choice.ok) break;
        if (choice.replaces !== undefined) {
          expect(choice.replaces.timeWaitSinceMs).not.toBeNull();
          table.remove(choice.replaces);
          held.splice(held.indexOf(choice.replaces), 1);
        }
        const hold = {
          ...free,
          port: choice.port,
          localAddress,
          remoteAddress: remote,
          remotePort,
          reuseAddress,
        };
        if (protocol === 'tcp') expect(held.map(tupleOf)).not.toContain(tupleOf(hold));
        table.add(hold);
        held.push(hold);
        break;
      }
      case 'bind':
      case 'bind-to': {
        const port = step.do === 'bind' ? 0 : low + (pick % 14);
        const choice = table.chooseForBind({
          localAddress: address,
          port,
          nowMs,
          reuseAddress,
          reusePort,
          uid,
          isPrivileged: true,
        });
        if (port === 0) checkAutomatic(choice);
        else if (choice.ok) expect(choice.port).toBe(port);
        if (!choice.ok) break;
        if (!reuseAddress && !reusePort) {
          const rivals = held.filter(
            (hold) =>
              hold.port === choice.port &&
              (hold.localAddress === address || hold.localAddress === 0 || address === 0),
          );
          expect(rivals).toEqual([]);
        }
        const hold = {
          ...free,
          port: choice.port,
          localAddress: address,
          isBound: true,
          reuseAddress,
          reusePort,
          uid,
        };
        table.add(hold);
        held.push(hold);
        break;
      }
      case 'listen':
        if (
          chosen === undefined ||
          protocol === 'udp' ||
          !chosen.isBound ||
          chosen.remotePort !== 0
        )
          break;
        if (table.inTheWay(chosen.port, chosen) === null) {
          held[held.indexOf(chosen)] = table.replace(chosen, { isListening: true });
        }
        break;
      case 'remove':
        if (chosen === undefined) break;
        table.remove(chosen);
        held.splice(held.indexOf(chosen), 1);
        break;
      case 'wait':
        if (chosen === undefined || chosen.remotePort === 0) break;
        held[held.indexOf(chosen)] = table.replace(chosen, { timeWaitSinceMs: nowMs });
        break;
      case 'reserve':
        if (settings.get('net.ipv4.ip_local_reserved_ports') === undefined) break;
        settings.set(
          'net.ipv4.ip_local_reserved_ports',
          pick % 4 === 0 ? `${low}-${low + 11}` : `${low + (pick % 12)}`,
        );
        break;
      case 'clock':
        nowMs += pick * 37;
        break;
    }
    expect(Math.abs(held.length - before)).toBeLessThanOrEqual(1);
    // The table holds what was put into it, no more and no less.
    const listed = new Set(held.flatMap(({ port }) => [...table.holdsOn(port)]));
    expect(listed).toEqual(new Set(held));
  }
}

/** NetBSD with each algorithm that it can be told to use. */
const chosenAlgorithms = ['random_start', 'random_pick', 'hash', 'doublehash', 'randinc'].map(
  (name): OsProfile => ({
    ...netbsd,
    id: `netbsd with ${name}`,
    settings: netbsd.settings.map((key) =>
      key.key === 'net.inet.ip.anonportalgo.selected' ? { ...key, initial: name } : key,
    ),
  }),
);
const systems = [...profiles, ...linuxHistories, ...chosenAlgorithms];

describe.each(systems.map((profile) => [profile.id, profile] as const))(
  'the ports of %s',
  (id, profile) => {
    it.each(['tcp', 'udp'] as const)('are never given wrongly, by %s', (protocol) => {
      fc.assert(
        fc.property(
          fc.constantFrom(40_000, 40_001),
          fc.nat(),
          fc.array(call, { maxLength: 60 }),
          (low, seed, calls) => {
            play(profile, protocol, low, seed, calls);
          },
        ),
        { seed: 20_260, numRuns: id === 'linux' ? 400 : 60 },
      );
    });
  },
);

describe('an end', () => {
  it.each(systems.map((profile) => [profile.id, profile] as const))(
    'comes for %s when all is taken, as an error and not as a search without end',
    (_id, profile) => {
      for (const protocol of ['tcp', 'udp'] as const) {
        const settings = new SysctlTable(profile.settings);
        shrink(settings, 40_000);
        const table = createPortTable(profile, settings, new Random(1), protocol);
        let made = 0;
        for (; made < 70_000; made++) {
          const choice = table.chooseForConnect({
            localAddress: 1,
            remoteAddress: 2,
            remotePort: 80,
            nowMs: 0,
          });
          if (!choice.ok) {
            const { tcpConnect, udpConnect } = profile.exhausted;
            expect(choice.error).toBe(protocol === 'tcp' ? tcpConnect : udpConnect);
            break;
          }
          table.add({
            ...free,
            port: choice.port,
            localAddress: 1,
            remoteAddress: 2,
            remotePort: 80,
          });
        }
        const { low, high } = profile.portSettings(settings, protocol);
        expect(made).toBeLessThanOrEqual(high - low + 1);
        expect(made).toBeGreaterThan(0);
      }
    },
    60_000,
  );
});
