/**
 * The world: hosts and what happens between them, a deterministic machine driven by virtual time.
 * CONTRACT ONLY: written by the foundation so that others can build against it.
 */

import type { Action, Protocol, Scenario } from './scenario.ts';
import type { Errno, TraceEvent } from './trace.ts';

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
  readonly recvQ: number;
  readonly sendQ: number;
  /** Virtual time at which it ends by itself (TIME-WAIT, FIN-WAIT-2), else null. */
  readonly expiresAtMs: number | null;
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
}

/** What a program on a host can do; used by the world's own actions and by the terminal. */
export interface HostInterface {
  readonly name: string;
  readonly os: string;
  readonly addresses: readonly string[];
  sockets(): readonly SocketInfo[];
  socket(id: number): SocketInfo | undefined;
  /** Starts a listener (bind + listen; UDP: bind). Value: the socket's id. */
  listen(
    protocol: Protocol,
    address: string,
    port: number,
    options?: SocketOptions,
  ): Result<number>;
  /** Starts a connection: the port is chosen and the SYN leaves now; the outcome comes with time. */
  connect(
    protocol: Protocol,
    remoteAddress: string,
    remotePort: number,
    options?: SocketOptions & {
      readonly localAddress?: string;
      readonly localPort?: number;
      readonly as?: string;
    },
  ): Result<number>;
  bind(protocol: Protocol, address: string, port: number, options?: SocketOptions): Result<number>;
  /** Orderly close of a socket of any kind. */
  close(id: number): Result<null>;
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
