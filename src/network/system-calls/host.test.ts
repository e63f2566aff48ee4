/** A host's further calls: sending, taking connections, settings; what they refuse and remember. */

import { describe, expect, it } from 'vitest';
import { createHostSystem } from '../kernel/host-system.ts';
import type { Host } from './host.ts';
import { parityWarning } from '../sysctl/linux-ports.ts';
import type { Result } from '../errors.ts';
import type { World } from '../world.ts';
import { clientAndWeb, plainConnect } from '../world-fixtures.ts';

const RANGE = 'net.ipv4.ip_local_port_range';

function open(listen?: readonly Readonly<Record<string, unknown>>[]): {
  readonly world: World;
  readonly client: Host;
  readonly web: Host;
  readonly page: number;
} {
  const world = clientAndWeb({ actions: [plainConnect], ...(listen && { listen }) });
  world.runUntil(50);
  const [client, web] = [world.host('client'), world.host('web')];
  if (client === undefined || web === undefined) throw new Error('no host');
  return { world, client, web, page: client.sockets()[0]?.id ?? 0 };
}

/** The id that a call gave. */
function given(result: Result<number>): number {
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

const refused = (error: string): object => ({ ok: false, error });
const done = { ok: true, value: null };

function lastError(world: World): unknown {
  const event = world.trace.at(-1);
  return event?.event === 'error' ? [event.host, event.do, event.connection, event.error] : event;
}

function sent(world: World): unknown[] {
  return world.trace.flatMap((event) =>
    (event.event === 'segment' || event.event === 'datagram') && event.phase === 'sent'
      ? [[event.atMs, event.from, event.to, event.bytes]]
      : [],
  );
}

describe('calls on a socket that is not there', () => {
  it('are refused, each by its name', () => {
    const { world, client } = open();
    const calls: readonly (readonly [string, () => Result<unknown>, string])[] = [
      ['close', () => client.close(99), 'ENOTCONN'],
      ['shutdown', () => client.shutdown(99), 'ENOTCONN'],
      ['reset', () => client.reset(99), 'ENOTCONN'],
      ['send', () => client.send(99, 5), 'ENOTCONN'],
      ['sendTo', () => client.sendTo(99, '10.0.0.10', 53, 5), 'ENOTCONN'],
      ['accept', () => client.accept(99), 'EINVAL'],
      ['unlisten', () => client.unlisten('tcp', '0.0.0.0', 99), 'ENOENT'],
      ['unlisten', () => client.unlisten('tcp', 'nonsense', 99), 'ENOENT'],
      ['connect', () => client.connect('tcp', 'nonsense', 80), 'EINVAL'],
    ];
    for (const [action, call, error] of calls) {
      expect(call()).toEqual(refused(error));
      expect(lastError(world)).toEqual(['client', action, undefined, error]);
    }
  });
});

describe('send()', () => {
  it.each([0, -1, 1.5, Number.NaN])('of %d bytes is EINVAL', (bytes) => {
    const { world, client, page } = open();
    expect(client.send(page, bytes)).toEqual(refused('EINVAL'));
    expect(lastError(world)).toEqual(['client', 'send', 'page', 'EINVAL']);
  });

  it('sends, and waits for an answer where it wants one', () => {
    const { world, client, page } = open();
    expect(client.send(page, 5)).toEqual(done);
    expect(sent(world).at(-1)).toEqual([50, '10.0.0.2:50000', '10.0.0.10:80', 5]);
    world.runUntil(100);
    expect(client.send(page, 6, 70)).toEqual(done);
    world.runUntil(200);
    expect(sent(world).filter((each) => Array.isArray(each) && each[3] === 70)).toHaveLength(1);
    // A program that waits for its answer reads on after close(), else it is gone at once.
    expect(client.send(page, 7, 80)).toEqual(done);
    client.close(page);
    expect(client.kernel.find(page)).toMatchObject({
      isOrphan: false,
      isAwaiting: true,
      response: 80,
    });
    const { client: other, page: plain } = open();
    other.send(plain, 7);
    other.close(plain);
    expect(other.kernel.find(plain)?.isOrphan).toBe(true);
  });

  it('works after the other side has ended, not after its own end, nor on a listener', () => {
    const { world, client, web, page } = open([{ port: 80, answersClose: false }]);
    const server = web.sockets().at(-1)?.id ?? 0;
    client.shutdown(page);
    expect(client.send(page, 5)).toEqual(refused('ENOTCONN'));
    expect(lastError(world)).toEqual(['client', 'send', 'page', 'ENOTCONN']);
    world.runUntil(100);
    expect(web.socket(server)?.state).toBe('CLOSE-WAIT');
    expect(web.send(server, 5)).toEqual(done);
    expect(web.send(web.sockets()[0]?.id ?? 0, 5)).toEqual(refused('ENOTCONN'));
  });

  it('waits until the connection is accepted', () => {
    const { world, web } = open([{ port: 80, accepts: false }]);
    const [listener, waiting] = web.sockets().map(({ id }) => id);
    expect(web.send(waiting ?? 0, 5)).toEqual(refused('ENOTCONN'));
    expect(web.accept(listener ?? 0)).toEqual({ ok: true, value: waiting });
    expect(web.send(waiting ?? 0, 5)).toEqual(done);
    expect(web.accept(listener ?? 0)).toEqual(refused('EAGAIN'));
    expect(lastError(world)).toEqual(['web', 'accept', 'tcp:80', 'EAGAIN']);
    expect(web.accept(waiting ?? 0)).toEqual(refused('EINVAL'));
    expect(lastError(world)).toEqual(['web', 'accept', 'page', 'EINVAL']);
  });

  it('of a connected UDP socket is a datagram; an unconnected one has nobody to send to', () => {
    const { world, client } = open();
    const talk = given(client.connect('udp', '10.0.0.10', 53, { localPort: 6000, request: 0 }));
    expect(client.send(talk, 12)).toEqual(done);
    expect(sent(world).at(-1)).toEqual([50, '10.0.0.2:6000', '10.0.0.10:53', 12]);
    const idle = given(client.bind('udp', '0.0.0.0', 6001));
    expect(client.send(idle, 12)).toEqual(refused('ENOTCONN'));
  });
});

describe('sendTo()', () => {
  it('goes anywhere, from the socket’s address or the route’s', () => {
    const { world, client, page } = open();
    const any = given(client.bind('udp', '0.0.0.0', 6000, { as: 'any' }));
    const own = given(client.bind('udp', '127.0.0.1', 6001));
    expect(client.sendTo(any, '10.0.0.10', 53, 12)).toEqual(done);
    expect(sent(world).at(-1)).toEqual([50, '10.0.0.2:6000', '10.0.0.10:53', 12]);
    expect(client.sendTo(own, '127.0.0.1', 53, 13)).toEqual(done);
    expect(sent(world).at(-1)).toEqual([50, '127.0.0.1:6001', '127.0.0.1:53', 13]);
    for (const [address, port] of [
      ['nonsense', 53],
      ['10.0.0.10', 0],
    ] as const) {
      expect(client.sendTo(any, address, port, 5)).toEqual(refused('EINVAL'));
      expect(lastError(world)).toEqual(['client', 'sendTo', 'any', 'EINVAL']);
    }
    expect(client.sendTo(page, '10.0.0.10', 53, 5)).toEqual(refused('ENOTCONN'));
    expect(lastError(world)).toEqual(['client', 'sendTo', 'page', 'ENOTCONN']);
  });
});

describe('a host', () => {
  it('ends a listener by address and port', () => {
    const { web } = open();
    expect(web.unlisten('tcp', '0.0.0.0', 80)).toEqual(done);
    expect(web.sockets().map(({ state }) => state)).toEqual(['ESTABLISHED']);
  });

  it('remembers for a program why its socket failed', () => {
    const { world, client } = open();
    const owner = { pid: 7, command: 'curl', user: 'me', uid: 1000, fd: 5 };
    const owned = given(client.connect('tcp', '10.0.0.10', 81, { owner }));
    const nobodys = given(client.connect('tcp', '10.0.0.10', 81));
    world.runUntil(100);
    expect(client.failure(owned)).toBe('ECONNREFUSED');
    expect(client.failure(nobodys)).toBe(undefined);
  });

  it('shows its settings, its kernel’s log and its packet filter', () => {
    const { client } = open();
    expect(client.sysctl.keys()).toContain(RANGE);
    expect(client.sysctl.get(RANGE)).toBe('32768\t60999');
    expect(client.sysctl.log()).toEqual([]);
    client.sysctl.set(RANGE, '40000 40010');
    expect(client.sysctl.log()).toEqual([parityWarning]);
    expect(client.firewallSpec()).toBe(null);
    const spec = { policyIn: 'drop', policyOut: 'accept', rules: [] } as const;
    client.setFirewall(spec);
    expect(client.firewallSpec()).toEqual(spec);
  });

  it('says when a setting is refused', () => {
    const { world, client } = open();
    expect(client.sysctl.set(RANGE, '5 4')).toEqual(refused('EINVAL'));
    expect(lastError(world)).toEqual(['client', 'sysctl', undefined, 'EINVAL']);
    expect(client.sysctl.set('no.such', '1')).toEqual(refused('ENOENT'));
  });

  it('frees a place among its TIME-WAITs when one ends', () => {
    const { world, client, page } = open();
    client.sysctl.set('net.ipv4.tcp_max_tw_buckets', '1');
    client.close(page);
    world.runUntil(1000);
    expect(client.kernel.timeWaitCount).toBe(1);
    world.runUntil(100_000);
    expect([client.kernel.timeWaitCount, client.sockets()]).toEqual([0, []]);
    const next = given(client.connect('tcp', '10.0.0.10', 80, { request: 0, closeAfterMs: 100 }));
    world.runUntil(101_000);
    expect(client.socket(next)?.state).toBe('TIME-WAIT');
  });

  it('gives a name back when its socket is gone', () => {
    const { world, client, page } = open();
    expect(client.connect('tcp', '10.0.0.10', 80, { as: 'page' })).toEqual(refused('EINVAL'));
    client.reset(page);
    expect(client.connect('tcp', '10.0.0.10', 80, { as: 'page' }).ok).toBe(true);
    expect(world.host('nobody')).toBe(undefined);
  });
});

describe('the system of a host', () => {
  it('is one that there is', () => {
    expect(() => createHostSystem({ os: 'cp/m', name: 'a' }, 1)).toThrow('no such system: cp/m');
  });

  it('follows its settings', () => {
    const system = createHostSystem({ os: 'linux', name: 'a' }, 1);
    expect(system.limits).toMatchObject({
      maxTimeWait: 131_072,
      backlogLimit: 4096,
      hasTimestamps: true,
    });
    system.sysctl.set('net.core.somaxconn', '7');
    system.sysctl.set('net.ipv4.tcp_timestamps', '0');
    system.sysctl.set('net.ipv4.tcp_max_tw_buckets', '9');
    expect(system.limits).toMatchObject({ maxTimeWait: 9, backlogLimit: 7, hasTimestamps: false });
    expect(system.sysctl.keys()).toContain(RANGE);
    expect(system.sysctl.get(RANGE)).toBe('32768\t60999');
    expect(system.sysctl.log()).toEqual([]);
  });

  it('lacks some settings elsewhere, and has Linux’ limits then', () => {
    expect(createHostSystem({ os: 'windows', name: 'a' }, 1).limits).toMatchObject({
      maxTimeWait: 131_072,
      backlogLimit: 4096,
      hasTimestamps: true,
    });
  });
});

describe('a socket’s traffic', () => {
  it('is unknown for a socket that is not there', () => {
    const { client } = open();
    expect(client.traffic(99)).toBeUndefined();
  });

  it('counts from the handshake on, the opener its SYN with it', () => {
    const { client, web, page } = open();
    const served = web.sockets().at(-1)?.id ?? 0;
    expect(client.traffic(page)).toMatchObject({
      segmentsSent: 2,
      segmentsReceived: 1,
      bytesSent: 0,
      bytesAcknowledged: 1,
      unacknowledged: 0,
      lastSentMs: 20,
      lastReceivedMs: 20,
      lastAcknowledgedMs: 20,
      roundTrips: 1,
      roundTripMs: 20,
      hasTimestamps: true,
    });
    expect(web.traffic(served)).toMatchObject({ segmentsReceived: 2, bytesAcknowledged: 0 });
    expect(web.traffic(web.sockets()[0]?.id ?? 0)).toMatchObject({ bytesAcknowledged: 0 });
  });

  it('is on its way until it is acknowledged', () => {
    const { world, client, web, page } = open();
    client.send(page, 100);
    const sentOnce = { bytesSent: 100, dataSegmentsSent: 1 };
    expect(client.traffic(page)).toMatchObject({ ...sentOnce, unacknowledged: 1 });
    world.runUntil(70);
    expect(client.traffic(page)).toMatchObject({
      ...sentOnce,
      unacknowledged: 0,
      bytesAcknowledged: 101,
      lastAcknowledgedMs: 70,
    });
    const served = web.sockets().at(-1)?.id ?? 0;
    expect(web.traffic(served)).toMatchObject({ bytesReceived: 100, dataSegmentsReceived: 1 });
  });

  it('is sent again and again where nobody answers, each time after twice as long', () => {
    const { world, client, web, page } = open();
    web.setFirewall({ policyIn: 'drop', policyOut: 'accept', rules: [] });
    client.send(page, 10);
    const waits = [0, 220, 440, 880].map((ms) => {
      world.runUntil(world.nowMs + ms);
      const traffic = client.traffic(page);
      return [traffic?.retries, traffic?.backoff, traffic?.retransmissionTimeoutMs];
    });
    expect(waits).toEqual([
      [0, 0, 220],
      [1, 1, 440],
      [2, 2, 880],
      [3, 3, 1760],
    ]);
    expect(client.traffic(page)).toMatchObject({
      bytesSent: 40,
      bytesRetransmitted: 30,
      retransmissions: 3,
      unacknowledged: 1,
    });
  });
});

describe('what a host says of itself', () => {
  it('is its addresses, and sockets by their ids', () => {
    const { client, page } = open();
    expect(client.addresses).toEqual(['10.0.0.2']);
    expect(client.socket(page)).toMatchObject({ id: page, state: 'ESTABLISHED' });
    expect(client.socket(99)).toBeUndefined();
  });

  it('of an address that a socket cannot have is that nothing is in its way', () => {
    const { web } = open([{ port: 80, address: '0.0.0.0' }]);
    expect(web.inTheWay('tcp', '0.0.0.0', 80)).toBe('0.0.0.0');
    expect(web.inTheWay('tcp', '::ffff:10.0.0.10', 80)).toBe('0.0.0.0');
    expect(web.inTheWay('tcp', '::ffff:10.0.0.10', 80, { ipv6Only: true })).toBe(null);
  });

  it('of an automatic choice is why it passed a port over', () => {
    const { client } = open();
    client.sysctl.set(RANGE, '40000 40001');
    const first = given(client.connect('tcp', '10.0.0.10', 80, { request: 0 }));
    const taken = client.socket(first)?.localPort ?? 0;
    given(client.connect('tcp', '10.0.0.10', 80, { request: 0 }));
    expect(client.passedOverFor('tcp', taken)).not.toBe(null);
    expect(client.passedOverFor('tcp', 50_001)).toBe(null);
  });

  it('is nothing of an address that it cannot send from', () => {
    const { world, client } = open();
    const any = given(client.bind('udp', '0.0.0.0', 6000, { as: 'any' }));
    expect(client.sendTo(any, '2001:db8::10', 53, 5)).toEqual(refused('ENETUNREACH'));
    expect(lastError(world)).toEqual(['client', 'sendTo', 'any', 'ENETUNREACH']);
    const six = given(client.bind('udp', '::', 6001, { as: 'six' }));
    expect(client.sendTo(six, '2001:db8::10', 53, 5)).toEqual(refused('ENETUNREACH'));
    expect(lastError(world)).toEqual(['client', 'sendTo', 'six', 'ENETUNREACH']);
  });
});
