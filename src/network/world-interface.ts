/** What the world and its hosts offer to views, terminals and tests. */

import type { JournalEntry } from './journal.ts';
import type { Action, FirewallSpec, Protocol, Scenario } from './scenario/scenario.ts';
import type { Errno, TraceEvent } from './trace/trace.ts';

/** Who opened a socket, for `ss -p`, `lsof`, `ps`; the engine keeps it and does not interpret it. */
export interface SocketOwner {
  readonly pid: number;
  readonly command: string;
  readonly user: string;
  readonly uid: number;
  readonly fd: number;
}

/** A socket as the tools show it. */
export interface SocketInfo {
  readonly id: number;
  readonly protocol: Protocol;
  /** The connection's name. */
  readonly connection: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** As in StateEvent. */
  readonly state: string;
  /** Of a listener: connections waiting to be accepted, and how many may. */
  readonly recvQ: number;
  readonly sendQ: number;
  /** When it came into this state. */
  readonly sinceMs: number;
  /** Virtual time at which it ends by itself (TIME-WAIT, FIN-WAIT-2), else null. */
  readonly expiresAtMs: number | null;
  /** Null also where no program holds it (any more): TIME-WAIT, orphans, not yet accepted. */
  readonly owner: SocketOwner | null;
}

export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Errno };

export interface SocketOptions {
  readonly reuseAddress?: boolean;
  readonly reusePort?: boolean;
  readonly owner?: SocketOwner;
  /** Without it, ports below ip_unprivileged_port_start give EACCES. Default true. */
  readonly privileged?: boolean;
  /** The socket's name in the trace; one is made up where it is missing. EINVAL if a live one has it. */
  readonly as?: string;
}

/** How the listening program behaves; see ListenSpec. */
export interface ListenOptions extends SocketOptions {
  readonly backlog?: number;
  readonly accepts?: boolean;
  readonly responds?: boolean;
  readonly answersClose?: boolean;
}

export interface ConnectOptions extends SocketOptions {
  readonly localAddress?: string;
  readonly localPort?: number;
  /** Bytes sent once connected (default 120; 0: none), and bytes asked for (default 480). */
  readonly request?: number;
  readonly response?: number;
  /** The program closes it so long after connect(), if it is open then. */
  readonly closeAfterMs?: number;
}

/** What a program on a host can do; used by the world's own actions and by the terminal. */
export interface HostInterface {
  readonly name: string;
  readonly os: string;
  readonly addresses: readonly string[];
  sockets(): readonly SocketInfo[];
  socket(id: number): SocketInfo | undefined;
  /** How a socket with an owner ended, if by an error: ECONNREFUSED, ETIMEDOUT, ECONNRESET … */
  failure(id: number): Errno | undefined;
  /** Starts a listener (bind + listen; UDP: bind). Value: the socket's id. */
  listen(
    protocol: Protocol,
    address: string,
    port: number,
    options?: ListenOptions,
  ): Result<number>;
  /** Starts a connection: the port is chosen and the SYN leaves now; the outcome comes with time. */
  connect(
    protocol: Protocol,
    remoteAddress: string,
    remotePort: number,
    options?: ConnectOptions,
  ): Result<number>;
  bind(protocol: Protocol, address: string, port: number, options?: SocketOptions): Result<number>;
  /**
   * Takes the oldest waiting connection of a listener that does not accept by itself; EAGAIN: none. One
   * that was reset while it waited is taken like the others, and its socket is gone.
   */
  accept(id: number): Result<number>;
  /** Sends bytes on a connection; `wants` asks the other program for so many bytes. */
  send(id: number, bytes: number, wants?: number): Result<null>;
  /** Sends a datagram from a UDP socket to anyone. */
  sendTo(id: number, address: string, port: number, bytes: number, wants?: number): Result<null>;
  /** Replaces the packet filter; null takes it away. */
  setFirewall(spec: FirewallSpec | null): void;
  /** The packet filter as it stands; null where there is none. */
  firewallSpec(): FirewallSpec | null;
  /** Orderly close of a socket of any kind. */
  close(id: number): Result<null>;
  /** Says that no more will be sent, and goes on reading. */
  shutdown(id: number): Result<null>;
  /** Abortive close (RST). */
  reset(id: number): Result<null>;
  sysctl: {
    keys(): readonly string[];
    /** As the system shows it, or undefined where the key does not exist. */
    get(key: string): string | undefined;
    /** EINVAL where the kernel would refuse, ENOENT where the key does not exist. */
    set(key: string, value: string): Result<string>;
    /** Kernel-log lines that writes have caused, in the kernel's own words. */
    log(): readonly string[];
  };
}

export interface WorldInterface {
  readonly scenario: Scenario;
  readonly nowMs: number;
  readonly trace: readonly TraceEvent[];
  readonly hosts: readonly HostInterface[];
  host(name: string): HostInterface | undefined;
  /** Adds an action at or after now; it happens when time gets there. */
  schedule(action: Action): void;
  /** Runs everything up to and including this moment, then stands at it. */
  runUntil(ms: number): void;
  /** Runs until nothing is left to happen, or `limitMs`. */
  runToEnd(limitMs?: number): void;
  /** When something next happens by itself, or null. */
  readonly nextMs: number | null;
}

export interface WorldOptions {
  /**
   * `keep` (the default) collects the trace in `world.trace`; `none` records nothing and is the
   * fastest; a function is given each event and nothing is kept.
   */
  readonly trace?: 'keep' | 'none' | ((event: TraceEvent) => void);
}

/**
 * Everything needed to have the same world again, as JSON: what it began with and what was done to
 * it. Since the world is a fold over these, nothing else has to be kept.
 */
export interface WorldSnapshot {
  readonly scenario: Scenario;
  readonly journal: readonly JournalEntry[];
}
