/**
 * One host's ports of one protocol: who holds which, what may be bound, and which port an automatic
 * choice gets. One table per host and protocol; TCP and UDP know nothing of each other.
 *
 * Both families share the ports of a protocol. Addresses are numbers here (`addresses.ts`), of an
 * IPv4-mapped address the IPv4 address's; time is virtual milliseconds.
 */

import { isLoopback, WILDCARD_ADDRESS, WILDCARD_IPV6 } from '../addresses.ts';
import type { Random } from '../../time-and-chance/random.ts';
import type { OsProfile, PortSettings } from '../os-profiles/profile.ts';
import {
  conflicts,
  datagramsConflict,
  datagramOwnerInTheWay,
  type LocalAddress,
  type PortClaim,
} from './port-conflicts.ts';
import type { PortAlgorithm } from '../port-selection/algorithm.ts';
import { Obstacles, type Obstacle } from '../port-selection/obstacles.ts';
import { PortSet } from '../data-structures/port-set.ts';
import { PortUsage } from './port-usage.ts';
import { ReuseShortcut } from './reuse-shortcut.ts';
import type { Protocol } from '../protocol.ts';
import type { SysctlTable } from '../sysctl/sysctl-table.ts';
import type { SkipReason } from '../trace/trace.ts';
import type { BindRequest, ConnectRequest, PortChoice, PortHold } from './port-hold.ts';
import { TupleIndex, type Destination, type WaitRule } from './tuple-index.ts';

/**
 * The ports of one host and protocol. `settings` is the host's; writes to it count from the next
 * choice on. `random` is the host's stream; the table forks its own from it.
 */
export function createPortTable(
  profile: OsProfile,
  settings: SysctlTable,
  random: Random,
  protocol: Protocol = 'tcp',
): PortTable {
  return new PortTable(profile, settings, random.fork(`ports/${protocol}`), protocol);
}

export class PortTable {
  readonly #profile: OsProfile;
  readonly #protocol: Protocol;
  readonly #table: SysctlTable;
  readonly #connect: PortAlgorithm;
  readonly #bind: PortAlgorithm;
  readonly #usage: PortUsage;
  readonly #tuples: TupleIndex;
  readonly #shortcut = new ReuseShortcut();
  /** UDP's sockets in the order in which they came to hold their ports. */
  readonly #born = new WeakMap<PortHold, number>();
  #births = 0;
  /** What stood in the way of the latest automatic choice. */
  #latest = new Obstacles([]);
  #settings: PortSettings;
  #settingsVersion: number;
  #reserved: PortSet;
  #waitRules: { readonly near: WaitRule; readonly far: WaitRule };

  constructor(profile: OsProfile, table: SysctlTable, random: Random, protocol: Protocol) {
    const { connect, bind } = profile.algorithms(random, protocol, table);
    if (connect.rotation !== bind.rotation) throw new Error(`${profile.id}: two rotations`);
    this.#profile = profile;
    this.#protocol = protocol;
    this.#table = table;
    this.#connect = connect;
    this.#bind = bind;
    this.#usage = new PortUsage(connect.rotation, profile.boundUntilEmpty);
    this.#tuples = new TupleIndex(connect.rotation);
    this.#settingsVersion = table.version;
    this.#settings = profile.portSettings(table, protocol);
    this.#reserved = this.#reservedSet();
    this.#waitRules = waitRules(this.#settings);
  }

  /** What an unbound socket's connect() gets. Changes nothing but the algorithm's own memory. */
  chooseForConnect(request: ConnectRequest): PortChoice {
    this.#readSettings();
    if (this.#protocol === 'udp') return this.#chooseForDatagrams(request);
    const { localAddress, remoteAddress, remotePort, nowMs } = request;
    const towards = this.#tuples.towards(localAddress, remoteAddress, remotePort);
    if (towards !== undefined) {
      const isNear = isLoopback(localAddress) || isLoopback(remoteAddress);
      towards.settle(isNear ? this.#waitRules.near : this.#waitRules.far, nowMs);
    }
    this.#latest = this.#profile.connectSharesPorts
      ? this.#sharedTowards(towards)
      : this.#unshared(request);
    const { port, why } = this.#connect.choose(
      {
        ...request,
        ...this.#range(request.portRange),
        reuseAddress: false,
        stepWidth: this.#settings.stepWidth,
      },
      this.#latest,
    );
    if (port < 0) return { ok: false, error: this.#profile.exhausted.tcpConnect, why };
    const replaces = towards?.tuples.get(port);
    return { ok: true, port, why, ...(replaces === undefined ? {} : { replaces }) };
  }

  /** What bind() or listen() gets. */
  chooseForBind(request: BindRequest): PortChoice {
    this.#readSettings();
    if (request.port === 0) return this.#chooseAny(request);
    const { firstUnprivileged, wildcardNeedsNoPrivilege } = this.#settings;
    const isWildcard =
      request.localAddress === WILDCARD_ADDRESS || request.localAddress === WILDCARD_IPV6;
    const isOpenToAll = wildcardNeedsNoPrivilege && isWildcard;
    if (request.port < firstUnprivileged && !request.isPrivileged && !isOpenToAll) {
      return { ok: false, error: 'EACCES' };
    }
    if (this.#settings.reservedBlocksBind && this.#reserved.has(request.port)) {
      return { ok: false, error: 'EACCES' };
    }
    return this.inTheWay(request.port, request) === null
      ? { ok: true, port: request.port }
      : { ok: false, error: 'EADDRINUSE' };
  }

  /**
   * The socket that keeps another from being bound to a port, or null: why bind() says EADDRINUSE. Of a
   * socket that is bound already: the one that keeps it from listening.
   */
  inTheWay(port: number, claim: PortClaim): PortHold | null {
    return this.#protocol === 'udp'
      ? datagramOwnerInTheWay(claim, this.#newestFirst(this.#usage.holdsOn(port)))
      : this.#inTheWayOf(port, claim);
  }

  /** Whether a bound socket may connect: its tuple is free, or one in TIME-WAIT gives way. */
  checkConnect(hold: PortHold, remoteAddress: number, remotePort: number): PortChoice {
    const { port, localAddress } = hold;
    const taken = this.#tuples.find(localAddress, port, remoteAddress, remotePort);
    if (taken === undefined || taken === hold) return { ok: true, port };
    if (taken.timeWaitSinceMs !== null && taken.hasTimestamps) {
      return { ok: true, port, replaces: taken };
    }
    return { ok: false, error: 'EADDRNOTAVAIL' };
  }

  add(hold: PortHold): void {
    if (this.#protocol === 'udp') this.#born.set(hold, this.#births++);
    else if (hold.remotePort !== 0) this.#tuples.add(hold);
    else {
      this.#shortcut.note(hold.port, hold, !this.#usage.isHeld(hold.port));
    }
    this.#usage.add(hold);
  }

  remove(hold: PortHold): void {
    this.#usage.remove(hold);
    this.#tuples.remove(hold);
    if (!this.#usage.all.bound.has(hold.port)) this.#shortcut.forget(hold.port);
  }

  /** Changes a hold (bound → connected → TIME-WAIT …) and returns the new one. */
  replace(hold: PortHold, change: Partial<PortHold>): PortHold {
    const next: PortHold = { ...hold, ...change };
    if (next.port !== hold.port) throw new Error(`port ${hold.port}: a socket keeps its port`);
    if (this.#protocol === 'tcp') {
      this.#tuples.remove(hold);
      if (next.remotePort !== 0) this.#tuples.add(next);
      if (next.isListening && !hold.isListening) this.#shortcut.note(hold.port, next, false);
    }
    // In this order, so that the port is never without a holder in between.
    this.#usage.add(next);
    this.#usage.remove(hold);
    const birth = this.#born.get(hold);
    if (birth !== undefined) this.#born.set(next, birth);
    return next;
  }

  /** All holds on a port. */
  holdsOn(port: number): Iterable<PortHold> {
    return this.#usage.holdsOn(port);
  }

  /**
   * Why the latest automatic choice passed a port over, or null. Right from that choice on until the
   * table changes otherwise; of the chosen port itself it knows nothing once that is held.
   */
  passedOverFor(port: number): SkipReason | null {
    return this.#latest.reasonFor(port);
  }

  /** The first of the sockets on a TCP port that does not let another in; none is in its own way. */
  #inTheWayOf(port: number, claim: PortClaim): PortHold | null {
    if (this.#shortcut.admits(port, claim)) return null;
    for (const owner of this.#usage.holdsOn(port)) {
      if (owner !== claim && conflicts(claim, owner, 'explicit')) return owner;
    }
    return null;
  }

  #newestFirst(owners: Iterable<PortHold>): PortHold[] {
    const birth = (hold: PortHold): number => this.#born.get(hold) ?? 0;
    return [...owners].sort((a, b) => birth(b) - birth(a));
  }

  /** bind() to port 0, or listen() without a port. */
  #chooseAny(request: BindRequest): PortChoice {
    const { localAddress, reuseAddress } = request;
    const selection = {
      localAddress,
      remoteAddress: 0,
      remotePort: 0,
      nowMs: request.nowMs,
      reuseAddress,
      ...this.#range(request.portRange),
    };
    this.#latest = this.#unshared(request);
    let { port, why } = this.#bind.choose(selection, this.#latest);
    if (port < 0 && this.#settings.autobindReuse && this.#protocol === 'tcp') {
      this.#latest = this.#conflicting((owner) => conflicts(request, owner, 'relaxed'));
      ({ port, why } = this.#bind.choose(selection, this.#latest));
    }
    if (port < 0) return { ok: false, error: this.#profile.exhausted.bind, why };
    return { ok: true, port, why };
  }

  /** connect() or sendto() of a UDP socket without a port: bound to the wildcard first. */
  #chooseForDatagrams(request: ConnectRequest): PortChoice {
    const { family = 'inet', reuseAddress = false, reusePort = false, uid = 0 } = request;
    const localAddress = family === 'inet' ? WILDCARD_ADDRESS : WILDCARD_IPV6;
    const claim = { localAddress, family, reuseAddress, reusePort, uid };
    this.#latest = this.#unshared(claim);
    const { port, why } = this.#connect.choose(
      { ...request, ...this.#range(request.portRange), reuseAddress },
      this.#latest,
    );
    if (port < 0) return { ok: false, error: this.#profile.exhausted.udpConnect, why };
    return { ok: true, port, why };
  }

  /** What is in the way of a connection that may share its port with others. */
  #sharedTowards(towards: Destination | undefined): Obstacles {
    return new Obstacles([
      { reason: 'reserved', ports: this.#reserved },
      { reason: 'bound', ports: this.#usage.all.bound },
      ...(towards === undefined
        ? []
        : ([
            { reason: 'in-use', ports: towards.live },
            { reason: 'time-wait', ports: towards.waiting },
          ] as const)),
    ]);
  }

  /** What is in the way of an automatic port that is to be the socket's alone on its address. */
  #unshared(claim: LocalAddress & Partial<PortClaim>): Obstacles {
    const { reuseAddress = false, reusePort = false, uid = 0 } = claim;
    if (this.#protocol === 'udp' && (reuseAddress || reusePort)) {
      const full = { ...claim, reuseAddress, reusePort, uid };
      return this.#conflicting((owner) => datagramsConflict(full, owner));
    }
    const usage = this.#usage.meeting(claim);
    return new Obstacles([
      { reason: 'reserved', ports: this.#reserved },
      ...usage.map(({ bound }): Obstacle => ({ reason: 'bound', ports: bound })),
      ...usage.map(({ live }): Obstacle => ({ reason: 'in-use', ports: live })),
      ...usage.map(({ waiting }): Obstacle => ({ reason: 'time-wait', ports: waiting })),
    ]);
  }

  /** The same, socket by socket: for the rare cases in which some may share. */
  #conflicting(conflictsWith: (owner: PortHold) => boolean): Obstacles {
    const ports = new PortSet(this.#bind.rotation);
    for (const port of this.#usage.ports()) {
      for (const owner of this.#usage.holdsOn(port)) {
        if (!conflictsWith(owner)) continue;
        ports.add(port);
        break;
      }
    }
    return new Obstacles([
      { reason: 'reserved', ports: this.#reserved },
      { reason: 'bound', ports },
    ]);
  }

  /**
   * The host's range, narrowed by the socket's own. An end of its own that lies outside the host's
   * range does not count (net/ipv4/inet_connection_sock.c:inet_sk_get_local_port_range).
   */
  #range(own?: readonly [low: number, high: number]): {
    readonly low: number;
    readonly high: number;
    readonly hasOwnRange: boolean;
  } {
    const { low, high } = this.#settings;
    if (own === undefined) return { low, high, hasOwnRange: false };
    const within = (end: number): boolean => low <= end && end <= high;
    return {
      low: within(own[0]) ? own[0] : low,
      high: within(own[1]) ? own[1] : high,
      hasOwnRange: own[0] !== 0 || own[1] !== 0,
    };
  }

  #readSettings(): void {
    if (this.#settingsVersion === this.#table.version) return;
    this.#settingsVersion = this.#table.version;
    this.#settings = this.#profile.portSettings(this.#table, this.#protocol);
    this.#reserved = this.#reservedSet();
    this.#waitRules = waitRules(this.#settings);
  }

  #reservedSet(): PortSet {
    const ports = new PortSet(this.#bind.rotation);
    for (const [low, high] of this.#settings.reserved) ports.addRange(low, high);
    return ports;
  }
}

/** TIME-WAIT gives way to connect() by these rules, on loopback and elsewhere. */
function waitRules(settings: PortSettings): { readonly near: WaitRule; readonly far: WaitRule } {
  const rule = (isOn: boolean): WaitRule => ({
    usable: ({ hasTimestamps }) => isOn && hasTimestamps,
    delayMs: settings.timeWaitReuseDelayMs,
  });
  return {
    near: rule(settings.timeWaitReuse !== 'off'),
    far: rule(settings.timeWaitReuse === 'on'),
  };
}
