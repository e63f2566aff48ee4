/**
 * IPv4 and IPv6 on one host: who can reach the other, what each side sees, and which calls fail. Against
 * families.json, which record-families.py makes.
 */

import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../src/network/scenario/scenario-parser.ts';
import { World, type HostInterface } from '../../src/network/world.ts';
import recorded from './families.json' with { type: 'json' };

interface Recorded {
  readonly listener: string;
  readonly ipv6Only?: boolean;
  readonly to: string;
  readonly client?: readonly string[];
  readonly server?: readonly string[];
  readonly error?: string;
}

function worldOf(addresses: readonly string[] = ['10.0.0.2', 'fd00:a::2']): {
  readonly world: World;
  readonly host: HostInterface;
} {
  const world = new World(
    parseScenario({
      version: 1,
      latencyMs: 0,
      hosts: [
        { name: 'machine', os: 'linux', addresses },
        { name: 'web', os: 'linux', addresses: ['10.0.0.10', 'fd00:a::10'] },
      ],
    }),
  );
  const host = world.host('machine');
  if (host === undefined) throw new Error('no host');
  return { world, host };
}

const owner = { pid: 1, command: 'probe', user: 'root', uid: 0, fd: 3 };

function only(ipv6Only: boolean | undefined): { readonly ipv6Only?: boolean } {
  return ipv6Only === undefined ? {} : { ipv6Only };
}

function outcomeOf({ listener, ipv6Only, to }: Recorded): Partial<Recorded> {
  const { world, host } = worldOf();
  host.listen('tcp', listener, 8080, { accepts: false, ...only(ipv6Only) });
  const result = host.connect('tcp', to, 8080, { owner, request: 0 });
  if (!result.ok) return { error: result.error };
  world.runUntil(1);
  const failure = host.failure(result.value);
  if (failure !== undefined) return { error: failure };
  const ends = host.sockets().filter(({ state }) => state === 'ESTABLISHED');
  const [client = [], server = []] = [
    ends.find(({ id }) => id === result.value),
    ends.find(({ id }) => id !== result.value),
  ].map((end) => [end?.localAddress ?? '', end?.remoteAddress ?? '']);
  return { client, server };
}

describe('a connection through a listener', () => {
  it.each(recorded.connects as Recorded[])('$listener ($ipv6Only) from $to', (each) => {
    const { client, server, error } = each;
    const expected = error === undefined ? { client, server } : { error };
    expect(outcomeOf(each)).toEqual(expected);
  });

  it.each(recorded.both_listen)('goes to 0.0.0.0 where :: shares the port: %o', (each) => {
    const { world, host } = worldOf();
    for (const address of each.order)
      host.listen('tcp', address, 8080, { accepts: false, reusePort: true });
    for (let i = 0; i < 100; i++) host.connect('tcp', '127.0.0.1', 8080, { request: 0 });
    world.runUntil(1);
    const heard = Object.fromEntries(
      host
        .sockets()
        .filter(({ state }) => state === 'LISTEN')
        .map(({ localAddress, recvQ }) => [localAddress, recvQ]),
    );
    expect(heard).toEqual(each.heard);
  });
});

describe('a call', () => {
  // The recording's machine has no default route; every host of a world has one.
  const calls = recorded.calls.filter(({ what }) => what[1] !== 'fd00:b::1');

  it.each(calls)('$what at $at: $result', ({ what, at, result, seconds }) => {
    const { world, host } = worldOf(at === 'families-alone' ? ['10.0.0.2'] : undefined);
    const [call = '', ...rest] = what;
    const isOnly = rest.at(-1) === 'ipv6Only';
    const [first = '', second] = rest.filter((word) => word !== 'ipv6Only');
    const options = { owner, ...(isOnly ? { ipv6Only: true } : {}) };
    const answer = ((): ReturnType<HostInterface['connect']> | ReturnType<HostInterface['send']> => {
      if (call === 'bind') return host.bind('tcp', first, 0, options);
      if (call === 'connect') {
        const from = second === undefined ? {} : { localAddress: second };
        return host.connect('tcp', first, 81, { ...options, ...from });
      }
      const bound = host.bind('udp', first, 0, options);
      return bound.ok ? host.sendTo(bound.value, second ?? '', 9, 1) : bound;
    })();
    if (!answer.ok || call !== 'connect') {
      expect(answer.ok ? 'ok' : answer.error).toBe(result);
      expect(seconds).toBeLessThan(0.1);
      return;
    }
    const id = Number(answer.value);
    world.runWhile(() => host.failure(id) === undefined, 6000);
    expect(host.failure(id) ?? 'silence').toBe(result);
    if (result !== 'silence') expect(Math.abs(world.nowMs / 1000 - seconds)).toBeLessThan(0.1);
  });
});
