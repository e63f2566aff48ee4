/**
 * The rules of a host's ports, one example each. Linux as recorded on 6.18 (tests/golden: interactions,
 * tw, reserved, udp) and by the sources that port-conflicts.ts names; other systems by the sources of
 * their profiles.
 */

import { describe, expect, it } from 'vitest';
import { Random } from '../../time-and-chance/random.ts';
import { linux } from '../os-profiles/linux.ts';
import { macos } from '../os-profiles/macos.ts';
import type { OsProfile } from '../os-profiles/profile.ts';
import { solaris } from '../os-profiles/solaris.ts';
import { windows } from '../os-profiles/windows.ts';
import { createPortTable, type PortTable } from './port-table.ts';
import type { BindRequest, ConnectRequest, PortChoice, PortHold } from './port-hold.ts';
import type { Protocol } from '../protocol.ts';
import { SysctlTable } from '../sysctl/sysctl-table.ts';

const here = 0x0a000002;
const there = 0x0a00000a;
const loopback = 0x7f000001;
const RANGE = 'net.ipv4.ip_local_port_range';

interface Bench {
  readonly table: PortTable;
  readonly settings: SysctlTable;
}

function bench(
  sysctl: Readonly<Record<string, string>> = {},
  protocol: Protocol = 'tcp',
  profile: OsProfile = linux,
  seed = 1,
): Bench {
  const settings = new SysctlTable(profile.settings);
  for (const [key, value] of Object.entries(sysctl)) {
    if (!settings.set(key, value).ok) throw new Error(`${key} refused`);
  }
  return { settings, table: createPortTable(profile, settings, new Random(seed), protocol) };
}

function hold(difference: Partial<PortHold>): PortHold {
  return {
    port: 40_000,
    localAddress: here,
    remoteAddress: 0,
    remotePort: 0,
    isBound: false,
    isListening: false,
    reuseAddress: false,
    reusePort: false,
    uid: 0,
    timeWaitSinceMs: null,
    hasTimestamps: true,
    ...difference,
  };
}

const connected = (difference: Partial<PortHold> = {}): PortHold =>
  hold({ remoteAddress: there, remotePort: 80, ...difference });

function connect({ table }: Bench, difference: Partial<ConnectRequest> = {}): PortChoice {
  return table.chooseForConnect({
    localAddress: here,
    remoteAddress: there,
    remotePort: 80,
    nowMs: 0,
    ...difference,
  });
}

function bind({ table }: Bench, difference: Partial<BindRequest> = {}): PortChoice {
  return table.chooseForBind({
    localAddress: here,
    port: 0,
    nowMs: 0,
    reuseAddress: false,
    reusePort: false,
    uid: 0,
    isPrivileged: false,
    ...difference,
  });
}

const outcome = (choice: PortChoice): number | string => (choice.ok ? choice.port : choice.error);

describe('bind() to a number', () => {
  it.each([
    [1023, false, 'EACCES'],
    [1023, true, 1023],
    [1024, false, 1024],
  ])('%i, with the privilege %s: %s', (port, isPrivileged, expected) => {
    expect(outcome(bind(bench(), { port, isPrivileged }))).toBe(expected);
    expect(outcome(bind(bench(), { port, isPrivileged, localAddress: 0 }))).toBe(expected);
  });

  it('below 1024 is free to all on macOS where it is for every address', () => {
    const mac = bench({}, 'tcp', macos);
    expect(outcome(bind(mac, { port: 80 }))).toBe('EACCES');
    expect(outcome(bind(mac, { port: 80, localAddress: 0 }))).toBe(80);
    expect(outcome(bind(mac, { port: 80, isPrivileged: true }))).toBe(80);
  });

  it('of a reserved port works on Linux; Windows refuses an excluded one', () => {
    const reserved = bench({ 'net.ipv4.ip_local_reserved_ports': '5000-5001' });
    expect(outcome(bind(reserved, { port: 5000 }))).toBe(5000);
    const excluded = bench({ 'int.ipv4.excludedportrange.tcp': '5000-5001' }, 'tcp', windows);
    expect(outcome(bind(excluded, { port: 5000 }))).toBe('EACCES');
    expect(outcome(bind(excluded, { port: 5001 }))).toBe('EACCES');
    expect(outcome(bind(excluded, { port: 5002 }))).toBe(5002);
  });

  it('is refused where a connection, a listener or a bound socket has it on that address', () => {
    for (const owner of [connected(), hold({ isListening: true }), hold({ isBound: true })]) {
      const taken = bench();
      taken.table.add(owner);
      expect(outcome(bind(taken, { port: 40_000 }))).toBe('EADDRINUSE');
      expect(outcome(bind(taken, { port: 40_000, localAddress: 0 }))).toBe('EADDRINUSE');
      expect(outcome(bind(taken, { port: 40_000, localAddress: loopback }))).toBe(40_000);
      taken.table.remove(owner);
      expect(outcome(bind(taken, { port: 40_000 }))).toBe(40_000);
    }
  });
});

describe('listen()', () => {
  it('is refused beside another listener, but not by the socket itself', () => {
    const { table } = bench();
    const [first, second] = [
      hold({ isBound: true, reuseAddress: true }),
      hold({ isBound: true, reuseAddress: true }),
    ];
    table.add(first);
    table.add(second);
    expect(table.inTheWay(40_000, first)).toBe(null);
    const listener = table.replace(first, { isListening: true });
    expect(table.inTheWay(40_000, listener)).toBe(null);
    expect(table.inTheWay(40_000, second)).toBe(listener);
  });
});

describe('connect() from a bound socket', () => {
  const from = hold({ isBound: true });

  it('is free to go anywhere but where the four-tuple is taken', () => {
    const { table } = bench();
    table.add(from);
    table.add(connected());
    expect(table.checkConnect(from, there, 81)).toEqual({ ok: true, port: 40_000 });
    expect(table.checkConnect(from, there, 80)).toEqual({ ok: false, error: 'EADDRNOTAVAIL' });
  });

  it('is not in its own way', () => {
    const { table } = bench();
    const own = connected({ isBound: true });
    table.add(own);
    expect(table.checkConnect(own, there, 80)).toEqual({ ok: true, port: 40_000 });
  });

  it('takes over a tuple in TIME-WAIT at once, if it had timestamps', () => {
    for (const hasTimestamps of [true, false]) {
      const { table } = bench({ 'net.ipv4.tcp_tw_reuse': '0' });
      const waiting = connected({ timeWaitSinceMs: 0, hasTimestamps });
      table.add(from);
      table.add(waiting);
      const answer = table.checkConnect(from, there, 80);
      expect(answer).toEqual(
        hasTimestamps
          ? { ok: true, port: 40_000, replaces: waiting }
          : { ok: false, error: 'EADDRNOTAVAIL' },
      );
    }
  });

  it('of UDP is always free to go', () => {
    const { table } = bench({}, 'udp');
    const [first, second] = [connected({ isBound: true }), hold({ isBound: true })];
    table.add(first);
    table.add(second);
    expect(table.checkConnect(second, there, 80)).toEqual({ ok: true, port: 40_000 });
  });
});

describe('a range of the socket’s own', () => {
  const ports = (portRange: readonly [number, number], range = '40000 40009'): number[] => {
    const found = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const choice = connect(bench({ [RANGE]: range }, 'tcp', linux, seed), { portRange });
      if (choice.ok) found.add(choice.port);
    }
    return [...found].toSorted();
  };

  it('narrows the host’s', () => {
    expect(ports([40_003, 40_005])).toEqual([40_003, 40_004, 40_005]);
    expect(ports([40_000, 40_001])).toEqual([40_000, 40_001]);
    expect(ports([40_008, 40_009])).toEqual([40_008, 40_009]);
  });

  it('may narrow one end alone', () => {
    expect(ports([40_007, 0])).toEqual([40_007, 40_008, 40_009]);
    expect(ports([0, 40_002])).toEqual([40_000, 40_001, 40_002]);
  });

  it('does not count outside the host’s, yet ends the preference for a parity', () => {
    expect(ports([20_000, 20_009], '40000 40003')).toEqual([40_000, 40_001, 40_002, 40_003]);
    expect(ports([39_999, 40_010], '40000 40003')).toEqual([40_000, 40_001, 40_002, 40_003]);
    expect(ports([0, 0], '40000 40003')).toEqual([40_000, 40_002]);
  });

  it('counts for bind() to port 0 too, odd distances first', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { table } = bench({ [RANGE]: '40000 40009' }, 'tcp', linux, seed);
      const choice = bind(
        { table, settings: new SysctlTable([]) },
        { portRange: [40_004, 40_005] },
      );
      expect(outcome(choice)).toBe(40_005);
    }
  });
});

describe('a setting written', () => {
  it('counts from the next choice on', () => {
    const changing = bench({ [RANGE]: '40000 40000' });
    expect(outcome(connect(changing))).toBe(40_000);
    changing.settings.set(RANGE, '50000 50000');
    expect(outcome(connect(changing))).toBe(50_000);
    changing.settings.set('net.ipv4.ip_local_reserved_ports', '50000');
    expect(outcome(connect(changing))).toBe('EADDRNOTAVAIL');
    expect(outcome(bind(changing))).toBe('EADDRINUSE');
    changing.settings.set('net.ipv4.ip_local_reserved_ports', '');
    expect(outcome(bind(changing))).toBe(50_000);
  });
});

describe('TIME-WAIT', () => {
  it.each([
    ['1', here, there, 40_000],
    ['2', here, there, 'EADDRNOTAVAIL'],
    ['2', loopback, loopback, 40_000],
    ['2', loopback, here, 40_000],
    ['2', here, loopback, 40_000],
    ['0', loopback, loopback, 'EADDRNOTAVAIL'],
  ])(
    'with tcp_tw_reuse %s from %i to %i after a second',
    (reuse, localAddress, remoteAddress, expected) => {
      const waiting = bench({ [RANGE]: '40000 40000', 'net.ipv4.tcp_tw_reuse': reuse });
      const old = connected({ localAddress, remoteAddress, timeWaitSinceMs: 0 });
      waiting.table.add(old);
      const choice = connect(waiting, { localAddress, remoteAddress, nowMs: 1000 });
      expect(outcome(choice)).toBe(expected);
      expect(choice.ok && choice.replaces === old).toBe(choice.ok);
      const early = bench({ [RANGE]: '40000 40000', 'net.ipv4.tcp_tw_reuse': reuse });
      early.table.add(old);
      const refused = connect(early, { localAddress, remoteAddress, nowMs: 999 });
      expect(refused.why?.skipped).toEqual({ 'time-wait': 1 });
    },
  );

  it('without timestamps does not give way', () => {
    const waiting = bench({ [RANGE]: '40000 40000', 'net.ipv4.tcp_tw_reuse': '1' });
    waiting.table.add(connected({ timeWaitSinceMs: 0, hasTimestamps: false }));
    expect(outcome(connect(waiting, { nowMs: 50_000 }))).toBe('EADDRNOTAVAIL');
  });

  it('follows tcp_tw_reuse_delay', () => {
    const waiting = bench({
      [RANGE]: '40000 40000',
      'net.ipv4.tcp_tw_reuse': '1',
      'net.ipv4.tcp_tw_reuse_delay': '5000',
    });
    waiting.table.add(connected({ timeWaitSinceMs: 0 }));
    expect(outcome(connect(waiting, { nowMs: 4999 }))).toBe('EADDRNOTAVAIL');
    expect(outcome(connect(waiting, { nowMs: 5000 }))).toBe(40_000);
  });

  it('of an own port keeps every bind() off it', () => {
    const waiting = bench({ [RANGE]: '40000 40000' });
    waiting.table.add(connected({ timeWaitSinceMs: 0 }));
    for (const localAddress of [here, 0]) {
      const choice = bind(waiting, { localAddress, reuseAddress: true });
      expect(outcome(choice)).toBe('EADDRINUSE');
      // The kernel looks at a range's only port in both of its passes.
      expect(choice.why?.skipped).toEqual({ 'time-wait': 2 });
    }
    expect(outcome(bind(waiting, { localAddress: loopback }))).toBe(40_000);
  });
});

describe('a choice that fails says what stood in the way', () => {
  it('of connect(): reserved, bound by whomever, in use or waiting towards the destination', () => {
    const full = bench({ [RANGE]: '40000 40003', 'net.ipv4.ip_local_reserved_ports': '40000' });
    full.table.add(hold({ port: 40_001, localAddress: loopback, isBound: true }));
    full.table.add(connected({ port: 40_002 }));
    full.table.add(connected({ port: 40_003, timeWaitSinceMs: 0 }));
    const choice = connect(full);
    expect(outcome(choice)).toBe('EADDRNOTAVAIL');
    expect(choice.why?.skipped).toEqual({ reserved: 1, bound: 1, 'in-use': 1, 'time-wait': 1 });
    const reasons = [40_000, 40_001, 40_002, 40_003, 40_004].map((port) =>
      full.table.passedOverFor(port),
    );
    expect(reasons).toEqual(['reserved', 'bound', 'in-use', 'time-wait', null]);
  });

  it('of bind(): on its own address and on the wildcard, or on any for the wildcard', () => {
    const full = bench({ [RANGE]: '40000 40003', 'net.ipv4.ip_local_reserved_ports': '40000' });
    full.table.add(hold({ port: 40_001, localAddress: 0, isBound: true }));
    full.table.add(connected({ port: 40_002 }));
    full.table.add(connected({ port: 40_003, timeWaitSinceMs: 0 }));
    for (const localAddress of [here, 0]) {
      const choice = bind(full, { localAddress });
      expect(outcome(choice)).toBe('EADDRINUSE');
      expect(choice.why?.skipped).toEqual({ reserved: 1, bound: 1, 'in-use': 1, 'time-wait': 1 });
    }
    const elsewhere = [outcome(bind(full, { localAddress: loopback }))];
    expect([40_002, 40_003]).toContain(elsewhere[0]);
  });
});

describe('ip_autobind_reuse', () => {
  it('lets bind() to port 0 share, when all is taken, among sockets with SO_REUSEADDR', () => {
    const sharing = { [RANGE]: '40000 40000', 'net.ipv4.ip_autobind_reuse': '1' };
    const taken = (
      reuseAddress: boolean,
      sysctl: Readonly<Record<string, string>> = sharing,
    ): Bench => {
      const made = bench(sysctl);
      made.table.add(hold({ isBound: true, reuseAddress }));
      return made;
    };
    expect(outcome(bind(taken(true), { reuseAddress: true }))).toBe(40_000);
    expect(outcome(bind(taken(false), { reuseAddress: true }))).toBe('EADDRINUSE');
    expect(outcome(bind(taken(true), {}))).toBe('EADDRINUSE');
    expect(outcome(bind(taken(true, { [RANGE]: '40000 40000' }), { reuseAddress: true }))).toBe(
      'EADDRINUSE',
    );
    expect(outcome(bind(taken(true), { reuseAddress: true, localAddress: loopback }))).toBe(40_000);
  });

  it('takes a port of its own while there is one', () => {
    const roomy = bench({ [RANGE]: '40000 40001', 'net.ipv4.ip_autobind_reuse': '1' });
    roomy.table.add(hold({ port: 40_001, isBound: true, reuseAddress: true }));
    for (let i = 0; i < 10; i++) expect(outcome(bind(roomy, { reuseAddress: true }))).toBe(40_000);
  });
});

describe('UDP', () => {
  const one = { [RANGE]: '40000 40000' };

  it('says what was in the way; ip_autobind_reuse is TCP’s alone', () => {
    const taken = bench({ ...one, 'net.ipv4.ip_autobind_reuse': '1' }, 'udp');
    taken.table.add(connected());
    expect(connect(taken).why?.skipped).toEqual({ 'in-use': 1 });
    expect(bind(taken).why?.skipped).toEqual({ 'in-use': 1 });
    const shared = bench(
      { [RANGE]: '40000 40001', 'net.ipv4.ip_local_reserved_ports': '40001' },
      'udp',
    );
    shared.table.add(connected());
    const refused = bind(shared, { reuseAddress: true });
    expect(refused.why?.skipped).toEqual({ reserved: 1, bound: 1 });
  });

  it('lets two sockets that share a port talk to one destination', () => {
    const { table } = bench({}, 'udp');
    const sockets = [0, 1].map(() => hold({ isBound: true, reuseAddress: true }));
    for (const socket of sockets) table.add(socket);
    for (const socket of sockets) table.replace(socket, { remoteAddress: there, remotePort: 53 });
    expect([...table.holdsOn(40_000)].map(({ remotePort }) => remotePort)).toEqual([53, 53]);
  });

  it('connect() takes the port for every address', () => {
    for (const localAddress of [here, loopback, 0]) {
      const taken = bench(one, 'udp');
      taken.table.add(hold({ localAddress, isBound: true }));
      expect(outcome(connect(taken))).toBe('EAGAIN');
    }
    expect(outcome(connect(bench(one, 'udp')))).toBe(40_000);
  });

  it('bind() to port 0 fails with another word, and only where the address is taken', () => {
    const taken = bench(one, 'udp');
    taken.table.add(hold({ isBound: true }));
    expect(outcome(bind(taken))).toBe('EADDRINUSE');
    expect(outcome(bind(taken, { localAddress: 0 }))).toBe('EADDRINUSE');
    expect(outcome(bind(taken, { localAddress: loopback }))).toBe(40_000);
  });

  it.each([
    [{ reuseAddress: true }, { reuseAddress: true }, 40_000],
    [{ reuseAddress: true }, {}, 'taken'],
    [{}, { reuseAddress: true }, 'taken'],
    [{ reusePort: true, uid: 5 }, { reusePort: true, uid: 5 }, 40_000],
    [{ reusePort: true, uid: 5 }, { reusePort: true, uid: 6 }, 'taken'],
    [{ reusePort: true }, {}, 'taken'],
  ])('automatic choice shares %o with %o: %s', (owner, asking, expected) => {
    for (const by of ['bind', 'connect'] as const) {
      const taken = bench(one, 'udp');
      taken.table.add(hold({ isBound: true, ...owner }));
      const choice = by === 'bind' ? bind(taken, asking) : connect(taken, asking);
      const refused = by === 'bind' ? 'EADDRINUSE' : 'EAGAIN';
      expect(outcome(choice)).toBe(expected === 'taken' ? refused : expected);
    }
  });

  it('asks the newest socket on a port first, and a socket keeps its place when it changes', () => {
    // The newest decides: it shares by SO_REUSEPORT, so that the older one is not asked.
    const older = hold({ isBound: true });
    const newer = hold({ isBound: true, reusePort: true });
    for (const changed of [older, newer]) {
      const { table, settings } = bench({}, 'udp');
      table.add(older);
      table.add(newer);
      table.replace(changed, { remoteAddress: there, remotePort: 9 });
      const asked = { port: 40_000, reusePort: true };
      expect(outcome(bind({ table, settings }, asked))).toBe(40_000);
      table.add(hold({ isBound: true }));
      expect(outcome(bind({ table, settings }, asked))).toBe('EADDRINUSE');
    }
  });

  it('and TCP know nothing of each other', () => {
    const settings = new SysctlTable(linux.settings);
    const random = new Random(1);
    const tcp = createPortTable(linux, settings, random);
    const udp = createPortTable(linux, settings, random, 'udp');
    tcp.add(hold({ isBound: true }));
    expect(outcome(bind({ table: udp, settings }, { port: 40_000 }))).toBe(40_000);
  });
});

describe('a system that gives no port twice', () => {
  it('takes another port for another destination', () => {
    const sysctl = { 'tcp.smallest_anon_port': '40000', 'tcp.largest_anon_port': '40001' };
    const both = bench(sysctl, 'tcp', solaris);
    const first = outcome(connect(both));
    both.table.add(connected({ port: Number(first) }));
    const second = outcome(connect(both, { remotePort: 81 }));
    expect([first, second].toSorted()).toEqual([40_000, 40_001]);
    both.table.add(connected({ port: Number(second), remotePort: 81 }));
    expect(outcome(connect(both, { remotePort: 82 }))).toBe(solaris.exhausted.tcpConnect);
    expect(outcome(connect(both, { localAddress: loopback, remotePort: 82 }))).toBeTypeOf('number');
  });
});

describe('a port table', () => {
  it('is one of TCP where no protocol is named', () => {
    const ports = (...protocol: Protocol[]): unknown => {
      const settings = new SysctlTable(linux.settings);
      return outcome(
        connect({ settings, table: createPortTable(linux, settings, new Random(9), ...protocol) }),
      );
    };
    expect(ports()).toBe(ports('tcp'));
    expect(ports()).not.toBe(ports('udp'));
  });

  it('is not made of algorithms that lay out ports in two ways', () => {
    const odd: OsProfile = {
      ...linux,
      id: 'odd',
      algorithms: (random, _protocol, settings) => ({
        connect: linux.algorithms(random, 'tcp', settings).connect,
        bind: linux.algorithms(random, 'udp', settings).bind,
      }),
    };
    expect(() => bench({}, 'tcp', odd)).toThrow('odd: two rotations');
  });

  it('names a hold that gives way only where there is one', () => {
    expect(Object.keys(connect(bench()))).toEqual(['ok', 'port', 'why']);
  });

  it('lets the like of the first on a port in by SO_REUSEPORT, whatever came to other addresses since', () => {
    // sk_reuseport_match, FASTREUSEPORT_ANY: the sockets on the port are not asked.
    const shared = bench();
    shared.table.add(hold({ isBound: true, reusePort: true, uid: 3 }));
    shared.table.add(connected({ localAddress: loopback }));
    const asked = { port: 40_000, localAddress: loopback, uid: 3 };
    expect(outcome(bind(shared, { ...asked, reusePort: true }))).toBe(40_000);
    expect(outcome(bind(shared, asked))).toBe('EADDRINUSE');
  });
});

describe('a hold', () => {
  it('stays on its port', () => {
    const { table } = bench();
    const own = hold({ isBound: true });
    table.add(own);
    expect(() => table.replace(own, { port: 40_001 })).toThrow(
      'port 40000: a socket keeps its port',
    );
    const next = table.replace(own, { remoteAddress: there, remotePort: 80 });
    expect([...table.holdsOn(40_000)]).toEqual([next]);
    expect(next).toEqual({ ...own, remoteAddress: there, remotePort: 80 });
  });

  it('that is gone no longer lets others in by SO_REUSEPORT', () => {
    const shared = bench();
    const first = hold({ isBound: true, reusePort: true, uid: 3 });
    shared.table.add(first);
    expect(outcome(bind(shared, { port: 40_000, reusePort: true, uid: 3 }))).toBe(40_000);
    expect(outcome(bind(shared, { port: 40_000, reusePort: true, uid: 4 }))).toBe('EADDRINUSE');
    shared.table.remove(first);
    shared.table.add(hold({ isBound: true, uid: 3 }));
    expect(outcome(bind(shared, { port: 40_000, reusePort: true, uid: 3 }))).toBe('EADDRINUSE');
  });
});
