/** Sockets beside one another: of both protocols, of two listeners, at two addresses, on one port. */

import { describe, expect, it } from 'vitest';
import type { Host } from './system-calls/host.ts';
import { parseScenario } from './scenario/scenario-parser.ts';
import type { Result } from './errors.ts';
import { plainConnect, statesOf } from './world-fixtures.ts';
import { World } from './world.ts';

const RANGE = 'net.ipv4.ip_local_port_range';

function pair(
  actions: readonly Readonly<Record<string, unknown>>[] = [],
  sysctl: Readonly<Record<string, string>> = {},
): { readonly world: World; readonly client: Host; readonly web: Host } {
  const scenario = {
    version: 1,
    hosts: [
      { name: 'client', os: 'linux', addresses: ['10.0.0.2', '10.0.0.3'], sysctl },
      { name: 'web', os: 'linux', address: '10.0.0.10', listen: [{ port: 80 }] },
    ],
    actions,
  };
  const world = new World(parseScenario(scenario));
  const [client, web] = world.hosts;
  if (client === undefined || web === undefined) throw new Error('no host');
  return { world, client, web };
}

function given(result: Result<number>): number {
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

const refused = (error: string): object => ({ ok: false, error });

describe('TCP and UDP', () => {
  it('between the same ports know nothing of each other', () => {
    const { world, client } = pair([plainConnect]);
    world.runUntil(50);
    const page = client.sockets()[0]?.id ?? 0;
    const talk = given(
      client.connect('udp', '10.0.0.10', 80, { localPort: 50_000, request: 0, as: 'talk' }),
    );
    client.send(page, 5, 70);
    world.runUntil(100);
    expect(client.kernel.find(page)).toMatchObject({ state: 'ESTABLISHED', receiveNext: 71 });
    client.close(talk);
    client.send(page, 5, 30);
    world.runUntil(200);
    expect(client.kernel.find(page)).toMatchObject({ state: 'ESTABLISHED', receiveNext: 101 });
  });

  it('programs that ask one another by UDP both get an answer', () => {
    const { world, client, web } = pair();
    const options = { localPort: 7000, request: 8, response: 9 };
    client.connect('udp', '10.0.0.10', 7000, options);
    web.connect('udp', '10.0.0.2', 7000, options);
    world.runUntil(100);
    const sent = world.trace.flatMap((event) =>
      event.event === 'datagram' && event.phase === 'sent'
        ? [`${event.atMs} ${event.from} ${event.bytes}`]
        : [],
    );
    expect(sent).toEqual([
      '0 10.0.0.2:7000 8',
      '0 10.0.0.10:7000 8',
      '10 10.0.0.10:7000 9',
      '10 10.0.0.2:7000 9',
    ]);
  });
});

describe('two listeners', () => {
  it('have a queue each: what ends with one leaves the other’s', () => {
    const { world, client, web } = pair();
    const [one] = [8080, 8081].map((port) =>
      given(web.listen('tcp', '0.0.0.0', port, { accepts: false })),
    );
    for (const port of [8080, 8081]) client.connect('tcp', '10.0.0.10', port, { request: 0 });
    world.runUntil(100);
    web.close(one ?? 0);
    expect(web.sockets().map(({ localPort, state }) => `${localPort} ${state}`)).toEqual([
      '80 LISTEN',
      '8081 LISTEN',
      '8081 ESTABLISHED',
    ]);
  });

  it('share a port where both have SO_REUSEPORT, and not where one has (socket(7))', () => {
    const { web } = pair();
    const shared = { reusePort: true };
    given(web.listen('tcp', '0.0.0.0', 8080, shared));
    expect(web.listen('tcp', '0.0.0.0', 8080)).toEqual(refused('EADDRINUSE'));
    expect(web.listen('tcp', '0.0.0.0', 8080, shared).ok).toBe(true);
  });
});

describe('a connection that was reset while it waited', () => {
  it('is taken all the same, and its request is not answered any more', () => {
    const { world, client, web } = pair();
    const lazy = given(web.listen('tcp', '0.0.0.0', 8080, { accepts: false }));
    const page = given(client.connect('tcp', '10.0.0.10', 8080, { request: 5, response: 70 }));
    world.runUntil(100);
    client.reset(page);
    world.runUntil(200);
    const before = world.trace.length;
    expect(web.accept(lazy).ok).toBe(true);
    expect(world.trace.length).toBe(before);
    expect(statesOf(world, 'web')).toEqual(['LISTEN', 'LISTEN']);
  });
});

describe('a host of two addresses', () => {
  it('says so, and sends from the one that a socket has', () => {
    const { world, client } = pair();
    expect(client.addresses).toEqual(['10.0.0.2', '10.0.0.3']);
    const second = given(client.bind('udp', '10.0.0.3', 7000));
    client.sendTo(second, '10.0.0.10', 53, 5);
    expect(world.trace.at(-1)).toMatchObject({ event: 'datagram', from: '10.0.0.3:7000' });
  });
});

describe('a port that a program has bound', () => {
  it('is chosen for no other program’s connection', () => {
    const { client } = pair([], { [RANGE]: '40000 40000' });
    const bound = given(client.bind('tcp', '0.0.0.0', 40_000));
    expect(client.connect('tcp', '10.0.0.10', 80)).toEqual(refused('EADDRNOTAVAIL'));
    client.close(bound);
    expect(client.connect('tcp', '10.0.0.10', 80).ok).toBe(true);
  });

  it('may be that of a TIME-WAIT, which gives way at once, whatever tcp_tw_reuse says', () => {
    const close = { atMs: 100, do: 'close', connection: 'page', by: 'client' };
    // Both have SO_REUSEADDR, else bind() itself says EADDRINUSE.
    const page = { ...plainConnect, reuseAddress: true };
    const { world, client } = pair([page, close], { 'net.ipv4.tcp_tw_reuse': '0' });
    world.runUntil(200);
    expect(statesOf(world, 'client')).toEqual(['TIME-WAIT']);
    const options = { localPort: 50_000, reuseAddress: true, request: 0 };
    given(client.connect('tcp', '10.0.0.10', 80, options));
    expect(statesOf(world, 'client')).toEqual(['SYN-SENT']);
    world.runUntil(300);
    expect(statesOf(world, 'client')).toEqual(['ESTABLISHED']);
    expect(client.kernel.timeWaitCount).toBe(0);
  });
});
