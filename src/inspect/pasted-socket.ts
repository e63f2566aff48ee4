/**
 * One socket as a learner's own tool printed it. The page reads pasted text only: nothing is run,
 * nothing is sent.
 */

import type { TcpState } from '../network/trace/trace.ts';

export type Tool =
  | 'ss'
  | 'netstat-linux'
  | 'netstat-bsd'
  | 'netstat-windows'
  | 'lsof'
  | 'powershell';

export type PastedState = TcpState | 'UNCONN' | 'BOUND' | 'UNKNOWN';

/** An address and a port; `port` is null for `*`, `service` holds a name that stood for a number. */
export interface PastedEndpoint {
  /** As printed, without brackets; `*` for any. */
  readonly address: string;
  readonly port: number | null;
  readonly service: string | null;
}

export interface PastedSocket {
  readonly tool: Tool;
  /** Line number in the pasted text, from 1. */
  readonly line: number;
  readonly protocol: 'tcp' | 'udp';
  readonly state: PastedState;
  readonly local: PastedEndpoint;
  /** Null where the tool shows none (a listener in lsof). */
  readonly remote: PastedEndpoint | null;
  readonly process: { readonly name: string | null; readonly pid: number | null } | null;
  /** Seconds left, where the tool printed a timer for TIME-WAIT. */
  readonly secondsLeft: number | null;
}

/** The states' many spellings → RFC 9293's. */
const STATES: Readonly<Record<string, PastedState>> = {
  LISTEN: 'LISTEN',
  LISTENING: 'LISTEN',
  ESTAB: 'ESTABLISHED',
  ESTABLISHED: 'ESTABLISHED',
  SYNSENT: 'SYN-SENT',
  SYNRECV: 'SYN-RECEIVED',
  SYNRCVD: 'SYN-RECEIVED',
  SYNRECEIVED: 'SYN-RECEIVED',
  FINWAIT1: 'FIN-WAIT-1',
  FINWAIT2: 'FIN-WAIT-2',
  CLOSEWAIT: 'CLOSE-WAIT',
  CLOSING: 'CLOSING',
  LASTACK: 'LAST-ACK',
  TIMEWAIT: 'TIME-WAIT',
  CLOSED: 'CLOSED',
  CLOSE: 'CLOSED',
  UNCONN: 'UNCONN',
  BOUND: 'BOUND',
};

/** @returns the state, or null where the word is none. */
export function readState(word: string): PastedState | null {
  return STATES[word.toUpperCase().replaceAll(/[-_ ]/g, '')] ?? null;
}

const PORT_WORD = /^(?:\*|\d{1,5}|[a-z][a-z0-9+*/_.-]*)$/i;

/**
 * Reads `10.0.0.2:443`, `[::1]:22`, `*:*`, `127.0.0.1%lo:53`, `::1:9001`, `localhost:http-alt`;
 * with `separator` `.` the BSD form `10.0.0.2.443`.
 * @returns null where the text is no endpoint.
 */
export function readEndpoint(text: string, separator: ':' | '.' = ':'): PastedEndpoint | null {
  const at = text.lastIndexOf(separator);
  if (at < 0) return null;
  // `[fe80::1]%eth0` (ss) is the same as `[fe80::1%eth0]`.
  const address = text.slice(0, at).replace(/^\[([^\]]*)\]/, '$1');
  const word = text.slice(at + 1);
  if (!PORT_WORD.test(word) || !/^(?:\*|[\p{L}\p{N}:.%_\-*]*)$/u.test(address)) return null;
  const cleanAddress = address === '' ? '*' : address;
  if (word === '*') return { address: cleanAddress, port: null, service: null };
  if (!/^\d+$/.test(word)) return { address: cleanAddress, port: null, service: word };
  const port = Number(word);
  return port <= 65535 ? { address: cleanAddress, port, service: null } : null;
}
