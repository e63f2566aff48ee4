/**
 * A machine that carries out socket calls, as data: the engine here, a real kernel in
 * scripts/verify-kernel. The same procedure can so be run on both and its answers compared. All
 * addresses are the machine's own (loopback), as in the recordings.
 */

import {
  formatAddress,
  isIPv6,
  isLoopback,
  LOOPBACK_ADDRESS,
  LOOPBACK_IPV6,
  mappedIPv4,
  parseAddress,
  WILDCARD_ADDRESS,
  WILDCARD_IPV6,
} from '../../src/network/addresses.ts';
import { linux } from '../../src/network/os-profiles/linux.ts';
import type { OsProfile } from '../../src/network/os-profiles/profile.ts';
import { createPortTable, type PortTable } from '../../src/network/ports/port-table.ts';
import type { PortChoice, PortHold } from '../../src/network/ports/port-hold.ts';
import type { Protocol, SocketFamily } from '../../src/network/protocol.ts';
import { SysctlTable } from '../../src/network/sysctl/sysctl-table.ts';
import { Random } from '../../src/time-and-chance/random.ts';

export interface SocketOptions {
  readonly as?: string;
  readonly udp?: boolean;
  readonly reuseAddress?: boolean;
  readonly reusePort?: boolean;
  readonly uid?: number;
  /** A socket of IPv6 where no address says so. */
  readonly isIPv6?: boolean;
  /** IPV6_V6ONLY, where it is set. */
  readonly ipv6Only?: boolean;
  /** IP_BIND_ADDRESS_NO_PORT. */
  readonly noPort?: boolean;
  /** IP_LOCAL_PORT_RANGE. */
  readonly range?: readonly [low: number, high: number];
}

export interface BindOptions extends SocketOptions {
  readonly address?: string;
  readonly port?: number;
  /** … and listen(). */
  readonly listen?: boolean;
}

export interface ConnectOptions extends SocketOptions {
  readonly to: string;
  readonly port: number;
  /** A socket bound before. */
  readonly socket?: string;
  /** bind() first. */
  readonly from?: string;
  readonly fromPort?: number;
  /** UDP: sendto() instead of connect(). */
  readonly send?: boolean;
}

export type Command =
  | readonly ['get', { readonly key: string }]
  | readonly ['set', { readonly key: string; readonly value: string }]
  | readonly ['bind', BindOptions]
  | readonly ['bind-many', BindOptions & { readonly count: number; readonly as: string }]
  /** A socket bound before, or a new one without a port. */
  | readonly ['listen', SocketOptions & { readonly socket?: string }]
  | readonly ['connect', ConnectOptions]
  /** With `toStep` each to the next address. */
  | readonly [
      'connect-many',
      ConnectOptions & { readonly count: number; readonly as: string; readonly toStep?: 1 },
    ]
  | readonly ['accept', { readonly socket: string; readonly as: string }]
  | readonly ['close' | 'reset', { readonly socket: string }]
  | readonly ['reset-all', Readonly<Record<string, never>>]
  | readonly ['wait', { readonly ms: number }]
  /** Makes an address, or all of a prefix, the machine's own. */
  | readonly ['address', { readonly address: string }];

/** A port, `ok`, a text, an errno's name, or a list of ports that an errno may end. */
export type Answer = number | string | readonly (number | string)[];

export interface Machine {
  run(commands: readonly Command[]): Promise<readonly Answer[]>;
  stop(): void;
}

function addressOf(text: string): number {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`no address: ${text}`);
  return address;
}

/** Whether a call is one on a socket of IPv6. */
export function isOfIPv6(options: BindOptions | ConnectOptions | SocketOptions): boolean {
  const { address, to, from } = { address: '', to: '', from: '', ...options };
  return options.isIPv6 === true || [address, to, from].some((text) => text.includes(':'));
}

interface MachineSocket {
  readonly protocol: Protocol;
  hold: PortHold;
  /** The other end's socket of a connection within the machine. */
  peer: MachineSocket | null;
  /** Connections not accepted yet. */
  readonly waiting: MachineSocket[];
  hasClosed: boolean;
}

/** The engine's port tables behind the machine's calls, with as much of TCP as the calls need. */
export class EngineMachine implements Machine {
  readonly settings: SysctlTable;
  readonly #tables: Readonly<Record<Protocol, PortTable>>;
  readonly #sockets = new Map<string, MachineSocket>();
  readonly #listeners = new Set<MachineSocket>();
  readonly #timeWaits: { endsAtMs: number; socket: MachineSocket }[] = [];
  readonly #timeWaitMs: number;
  nowMs = 0;

  constructor(seed: number, profile: OsProfile = linux) {
    const random = new Random(seed);
    this.settings = new SysctlTable(profile.settings);
    this.#timeWaitMs = profile.timers(this.settings).timeWaitMs;
    this.#tables = {
      tcp: createPortTable(profile, this.settings, random, 'tcp'),
      udp: createPortTable(profile, this.settings, random, 'udp'),
    };
  }

  run(commands: readonly Command[]): Promise<readonly Answer[]> {
    return Promise.resolve(commands.map((command) => this.answer(command)));
  }

  stop(): void {
    this.#sockets.clear();
  }

  /** How many connections a listener has not accepted yet. */
  backlogOf(listener: string): number {
    return this.#named(listener).waiting.length;
  }

  /** The name of the accepted socket at a connection's other end. */
  otherEndOf(client: string): string | undefined {
    const { peer } = this.#named(client);
    return [...this.#sockets].find(([, socket]) => socket === peer)?.[0];
  }

  answer(command: Command): Answer {
    switch (command[0]) {
      case 'get':
        return this.settings.get(command[1].key) ?? 'ENOENT';
      case 'set': {
        const result = this.settings.set(command[1].key, command[1].value);
        return result.ok ? 'ok' : result.error;
      }
      case 'bind':
        return this.#bind(command[1]);
      case 'bind-many':
        return repeat(command[1].count, command[1].as, (as) => this.#bind({ ...command[1], as }));
      case 'listen':
        return this.#listen(command[1]);
      case 'connect':
        return this.#connect(command[1]);
      case 'connect-many': {
        const { count, as: prefix, to, toStep } = command[1];
        return repeat(count, prefix, (as, i) =>
          this.#connect({
            ...command[1],
            as,
            to: toStep === undefined ? to : stepsFrom(to, i),
          }),
        );
      }
      case 'accept': {
        const child = this.#named(command[1].socket).waiting.shift();
        if (child === undefined) return 'EAGAIN';
        this.#sockets.set(command[1].as, child);
        return 'ok';
      }
      case 'close':
        this.#close(command[1].socket);
        return 'ok';
      case 'reset':
        this.#reset(this.#named(command[1].socket));
        this.#sockets.delete(command[1].socket);
        return 'ok';
      case 'reset-all':
        for (const socket of this.#sockets.values()) this.#reset(socket);
        this.#sockets.clear();
        return 'ok';
      case 'wait':
        this.nowMs += command[1].ms;
        this.#endTimeWaits();
        return 'ok';
      case 'address':
        return 'ok';
    }
  }

  /** One choice of a port; who wants another of the possible ones overrides this. */
  protected resolve(choose: () => PortChoice): PortChoice {
    return choose();
  }

  #named(name: string): MachineSocket {
    const socket = this.#sockets.get(name);
    if (socket === undefined) throw new Error(`no socket ${name}`);
    return socket;
  }

  /** What a socket is of that was bound to an address, or to none. */
  #familyOf(options: SocketOptions, boundTo: number | null): SocketFamily {
    if (!isOfIPv6(options)) return 'inet';
    const isOne =
      boundTo !== null && boundTo !== WILDCARD_IPV6 && mappedIPv4(boundTo) === undefined;
    const isOnly = options.ipv6Only ?? this.settings.get('net.ipv6.bindv6only') === '1';
    return isOnly || isOne ? 'inet6-only' : 'inet6';
  }

  #newHold(
    options: SocketOptions,
    family: SocketFamily,
    localAddress: number,
    port: number,
  ): PortHold {
    return {
      port,
      localAddress,
      family,
      remoteAddress: 0,
      remotePort: 0,
      isBound: true,
      isListening: false,
      reuseAddress: options.reuseAddress ?? false,
      reusePort: options.reusePort ?? false,
      uid: options.uid ?? 0,
      timeWaitSinceMs: null,
      hasTimestamps: this.settings.get('net.ipv4.tcp_timestamps') !== '0',
    };
  }

  #keep(options: SocketOptions, hold: PortHold): MachineSocket {
    const protocol = options.udp === true ? 'udp' : 'tcp';
    const socket: MachineSocket = { protocol, hold, peer: null, waiting: [], hasClosed: false };
    if (options.as !== undefined) this.#sockets.set(options.as, socket);
    return socket;
  }

  #bind(options: BindOptions, forListening = false): Answer {
    const table = this.#tables[options.udp === true ? 'udp' : 'tcp'];
    const named = addressOf(options.address ?? (isOfIPv6(options) ? '::' : '0.0.0.0'));
    const family = this.#familyOf(options, named);
    const mapped = mappedIPv4(named);
    if (mapped !== undefined && family === 'inet6-only') return 'EINVAL';
    const localAddress = mapped ?? named;
    const choice = this.resolve(() =>
      table.chooseForBind({
        localAddress,
        family,
        port: options.port ?? 0,
        nowMs: this.nowMs,
        reuseAddress: options.reuseAddress ?? false,
        reusePort: options.reusePort ?? false,
        uid: options.uid ?? 0,
        isPrivileged: (options.uid ?? 0) === 0,
        ...(options.range === undefined ? {} : { portRange: options.range }),
      }),
    );
    if (!choice.ok) return choice.error;
    const hold = this.#newHold(options, family, localAddress, choice.port);
    table.add(hold);
    if (options.listen !== true && !forListening) {
      this.#keep(options, hold);
      return choice.port;
    }
    if (table.inTheWay(hold.port, hold) !== null) {
      table.remove(hold);
      return 'EADDRINUSE';
    }
    const socket = this.#keep(options, table.replace(hold, { isListening: true }));
    this.#listeners.add(socket);
    return choice.port;
  }

  #listen(options: SocketOptions & { readonly socket?: string }): Answer {
    if (options.socket === undefined) return this.#bind(options, true);
    const socket = this.#named(options.socket);
    if (this.#tables.tcp.inTheWay(socket.hold.port, socket.hold) !== null) return 'EADDRINUSE';
    socket.hold = this.#tables.tcp.replace(socket.hold, { isListening: true });
    this.#listeners.add(socket);
    return socket.hold.port;
  }

  #connect(options: ConnectOptions): Answer {
    const protocol: Protocol = options.udp === true ? 'udp' : 'tcp';
    const table = this.#tables[protocol];
    const target = addressOf(options.to);
    const remoteAddress = mappedIPv4(target) ?? target;
    const remotePort = options.port;
    const named = options.from === undefined ? undefined : addressOf(options.from);
    const from = named === undefined ? undefined : (mappedIPv4(named) ?? named);
    let bound: MachineSocket | null = null;
    if (options.socket !== undefined) bound = this.#named(options.socket);
    else if (options.fromPort !== undefined || (from !== undefined && options.noPort !== true)) {
      const name = `${options.as ?? ''}/binding`;
      const port = this.#bind({
        ...options,
        as: name,
        address: options.from ?? (isOfIPv6(options) ? '::' : '0.0.0.0'),
        port: options.fromPort ?? 0,
      });
      if (typeof port !== 'number') return port;
      bound = this.#named(name);
      this.#sockets.delete(name);
    }
    const family = bound?.hold.family ?? this.#familyOf(options, named ?? null);
    if (family === 'inet6-only' && !isIPv6(remoteAddress)) {
      if (bound !== null && options.socket === undefined) table.remove(bound.hold);
      return 'ENETUNREACH';
    }
    if (bound !== null && isIPv6(remoteAddress) && !isIPv6(bound.hold.localAddress)) {
      if (options.socket === undefined) table.remove(bound.hold);
      return 'EAFNOSUPPORT';
    }
    // Within one machine the route's source address is the destination's own, or loopback's.
    const loopback = isIPv6(remoteAddress) ? LOOPBACK_IPV6 : LOOPBACK_ADDRESS;
    const source = isLoopback(remoteAddress) ? loopback : remoteAddress;
    let hold: PortHold;
    if (bound === null) {
      const choice = this.resolve(() =>
        table.chooseForConnect({
          localAddress: from ?? source,
          family,
          remoteAddress,
          remotePort,
          nowMs: this.nowMs,
          reuseAddress: options.reuseAddress ?? false,
          reusePort: options.reusePort ?? false,
          uid: options.uid ?? 0,
          ...(options.range === undefined ? {} : { portRange: options.range }),
        }),
      );
      if (!choice.ok) return choice.error;
      if (choice.replaces !== undefined) this.#drop(choice.replaces);
      const isUnconnected = options.send === true;
      hold = {
        ...this.#newHold(
          options,
          family,
          isUnconnected ? wildcardOf(family) : (from ?? source),
          choice.port,
        ),
        isBound: false,
        ...(isUnconnected ? {} : { remoteAddress, remotePort }),
      };
      table.add(hold);
      bound = this.#keep(options, hold);
    } else {
      const { localAddress: boundTo } = bound.hold;
      const localAddress = boundTo === wildcardOf(family) ? source : boundTo;
      const wanted = { ...bound.hold, localAddress };
      const choice = table.checkConnect(wanted, remoteAddress, remotePort);
      if (!choice.ok) {
        if (options.socket === undefined) table.remove(bound.hold);
        return choice.error;
      }
      if (choice.replaces !== undefined) this.#drop(choice.replaces);
      bound.hold = table.replace(bound.hold, { localAddress, remoteAddress, remotePort });
      ({ hold } = bound);
      if (options.as !== undefined) this.#sockets.set(options.as, bound);
    }
    if (protocol === 'udp') return hold.port;
    return this.#arrive(options, bound);
  }

  /** The SYN arrives at the machine itself. */
  #arrive(options: ConnectOptions, client: MachineSocket): Answer {
    const { hold } = client;
    if (isToItself(hold)) return hold.port;
    const listener = [...this.#listeners].find(
      ({ hold: { port, localAddress, family } }) =>
        port === hold.remotePort &&
        (localAddress === hold.remoteAddress ||
          localAddress === (isIPv6(hold.remoteAddress) ? WILDCARD_IPV6 : WILDCARD_ADDRESS) ||
          (localAddress === WILDCARD_IPV6 && family === 'inet6')),
    );
    if (listener === undefined) {
      this.#tables.tcp.remove(hold);
      if (options.as !== undefined) this.#sockets.delete(options.as);
      return 'ECONNREFUSED';
    }
    const before = this.#timeWaits.filter(
      ({ socket: { hold: old } }) =>
        old.remotePort === hold.port &&
        old.port === hold.remotePort &&
        old.remoteAddress === hold.localAddress,
    );
    for (const { socket } of before) this.#drop(socket.hold);
    const server: PortHold = {
      ...listener.hold,
      localAddress: hold.remoteAddress,
      remoteAddress: hold.localAddress,
      remotePort: hold.port,
      isListening: false,
    };
    this.#tables.tcp.add(server);
    const child = this.#keep({}, server);
    child.peer = client;
    client.peer = child;
    listener.waiting.push(child);
    return hold.port;
  }

  /** An orderly close; the second of two ends the connection, the first then waits. */
  #close(name: string): void {
    const socket = this.#named(name);
    this.#sockets.delete(name);
    const { peer, hold } = socket;
    if (isToItself(hold)) {
      this.#wait(socket);
      return;
    }
    if (peer === null || socket.protocol === 'udp') {
      this.#reset(socket);
      return;
    }
    socket.hasClosed = true;
    if (!peer.hasClosed) return;
    this.#tables.tcp.remove(hold);
    this.#wait(peer);
  }

  /** TIME-WAIT, where there is room for one more. */
  #wait(socket: MachineSocket): void {
    if (this.#timeWaits.length >= Number(this.settings.get('net.ipv4.tcp_max_tw_buckets'))) {
      this.#tables.tcp.remove(socket.hold);
      return;
    }
    socket.hold = this.#tables.tcp.replace(socket.hold, { timeWaitSinceMs: this.nowMs });
    this.#timeWaits.push({ endsAtMs: this.nowMs + this.#timeWaitMs, socket });
  }

  /**
   * Ends a socket, and a connection's other side with it. One that was not accepted yet stays in the
   * listener's queue, as a connection that has come to nothing.
   */
  #reset(socket: MachineSocket): void {
    if (this.#listeners.delete(socket)) for (const child of socket.waiting) this.#reset(child);
    const table = this.#tables[socket.protocol];
    for (const end of [socket, socket.peer]) {
      if (end === null) continue;
      end.peer = null;
      if (end.hold.timeWaitSinceMs !== null) continue;
      if ([...table.holdsOn(end.hold.port)].includes(end.hold)) table.remove(end.hold);
    }
  }

  #drop(hold: PortHold): void {
    this.#tables.tcp.remove(hold);
    const index = this.#timeWaits.findIndex(({ socket }) => socket.hold === hold);
    if (index >= 0) this.#timeWaits.splice(index, 1);
  }

  #endTimeWaits(): void {
    for (let i = this.#timeWaits.length - 1; i >= 0; i--) {
      const wait = this.#timeWaits[i];
      if (wait === undefined || wait.endsAtMs > this.nowMs) continue;
      this.#tables.tcp.remove(wait.socket.hold);
      this.#timeWaits.splice(i, 1);
    }
  }
}

function repeat(
  count: number,
  prefix: string,
  call: (as: string, i: number) => Answer,
): readonly (number | string)[] {
  const answers: (number | string)[] = [];
  for (let i = 0; i < count; i++) {
    const answer = call(`${prefix}#${i}`, i);
    if (typeof answer === 'object') continue;
    answers.push(answer);
    if (typeof answer === 'string') break;
  }
  return answers;
}

/** A socket that has connected to itself: both its FINs cross, and it waits (RFC 9293 §3.6). */
function isToItself(hold: PortHold): boolean {
  return (
    hold.remotePort !== 0 &&
    hold.remoteAddress === hold.localAddress &&
    hold.remotePort === hold.port
  );
}

/** So many addresses further on. */
function stepsFrom(address: string, steps: number): string {
  if (!address.includes(':')) return formatAddress(addressOf(address) + steps);
  const last = address.lastIndexOf(':') + 1;
  const group = Number.parseInt(address.slice(last), 16) + steps;
  return `${address.slice(0, last)}${group.toString(16)}`;
}

function wildcardOf(family: SocketFamily): number {
  return family === 'inet' ? WILDCARD_ADDRESS : WILDCARD_IPV6;
}
