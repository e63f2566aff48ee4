/** The system calls of a host, as programs, terminals and views see them. */

import type { Errno, Result } from '../errors.ts';
import type { HostCounters } from '../kernel/counters.ts';
import type { EchoAnswer } from '../kernel/echoes.ts';
import type { FilterCount, FilterSpec } from '../kernel/filter-rule.ts';
import type { Protocol } from '../protocol.ts';
import type { Echo } from '../transport/icmp.ts';
import type { ConnectOptions, ListenOptions, SocketOptions } from './options.ts';
import type { SocketInfo, SocketTraffic } from './socket-info.ts';

/** What a program on a host can do; used by the world's own actions and by the terminal. */
export interface HostInterface {
  readonly name: string;
  readonly os: string;
  readonly addresses: readonly string[];
  sockets(): readonly SocketInfo[];
  socket(id: number): SocketInfo | undefined;
  /** What a socket has sent and received so far; undefined where it is gone. */
  traffic(id: number): SocketTraffic | undefined;
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
  /**
   * Sends an ICMP echo; ENETUNREACH where there is no way, EPERM where the host's own filter drops it.
   * What comes back is in `echoAnswers`.
   */
  echo(address: string, echo: Echo): Result<null>;
  /** What has come back so far to the echoes of this identifier, in order. */
  echoAnswers(identifier: number): readonly EchoAnswer[];
  /** What the host has counted since it began. */
  counters(): HostCounters;
  /** Replaces the packet filter; null takes it away. */
  setFirewall(spec: FilterSpec | null): void;
  /** The packet filter as it stands; null where there is none. */
  firewallSpec(): FilterSpec | null;
  /** How many packets the filter's rule or policy of this number has seen. */
  firewallCount(id: number | undefined): FilterCount;
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
