/** What a program may ask for when it opens a socket. */

import type { SocketOwner } from '../kernel/socket.ts';

export interface SocketOptions {
  readonly reuseAddress?: boolean;
  readonly reusePort?: boolean;
  /** IPV6_V6ONLY, of sockets of IPv6. Default: what the system does by itself. */
  readonly ipv6Only?: boolean;
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
  /** IP_BIND_ADDRESS_NO_PORT: of a local address without a port, connect() chooses the port. */
  readonly noPort?: boolean;
  /** Bytes sent once connected (default 120; 0: none), and bytes asked for (default 480). */
  readonly request?: number;
  readonly response?: number;
  /** The program closes it so long after connect(), if it is open then. */
  readonly closeAfterMs?: number;
  /** Whether the program closes when the other side has closed. Default true. */
  readonly answersClose?: boolean;
}
