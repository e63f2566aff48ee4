/**
 * A socket as the socket tools read it: the engine's socket plus what the machine knows of it
 * (inode, the processes that hold it). `ss`, `lsof`, `netstat` and /proc/net are layouts of these
 * entries and hold nothing of their own.
 */

export type TcpEntryState =
  | 'LISTEN'
  | 'SYN-SENT'
  | 'SYN-RECV'
  | 'ESTAB'
  | 'FIN-WAIT-1'
  | 'FIN-WAIT-2'
  | 'CLOSE-WAIT'
  | 'CLOSING'
  | 'LAST-ACK'
  | 'TIME-WAIT';

/** UNCONN is a UDP socket that has no peer. */
export type SocketEntryState = TcpEntryState | 'UNCONN';

export interface EntryOwner {
  readonly pid: number;
  readonly command: string;
  readonly user: string;
  readonly uid: number;
  readonly fd: number;
}

export interface EntryTimer {
  readonly kind: 'timewait' | 'keepalive' | 'on';
  readonly ms: number;
  readonly retries: number;
}

export interface SocketEntry {
  readonly protocol: 'tcp' | 'udp';
  readonly family: 4 | 6;
  readonly state: SocketEntryState;
  readonly recvQ: number;
  readonly sendQ: number;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  /** 0 where there is no peer: shown as `*`. */
  readonly remotePort: number;
  readonly inode: number;
  readonly uid: number;
  /** The kernel's own number for it, counted from boot. */
  readonly cookie: number;
  readonly timer: EntryTimer | null;
  /** Of an IPv6 socket that listens or has no peer: whether it leaves IPv4 alone. */
  readonly isV6Only?: boolean;
  /** Empty for a socket that no process holds any more (TIME-WAIT). */
  readonly owners: readonly EntryOwner[];
}

/** Names for ports and addresses, or numbers where the user asked for numbers. */
export interface Naming {
  /** A port's name, or its digits. */
  port(port: number, protocol: 'tcp' | 'udp'): string;
  /** An address's name, or the address. */
  host(address: string): string;
}

const wildcards = new Set(['0.0.0.0', '::', '*']);

export function isWildcard(address: string): boolean {
  return wildcards.has(address);
}
