/**
 * What `ss -i` says of a TCP socket (iproute2 6.1.0), as far as the engine does what it says. Left out is what
 * belongs to windows, congestion control and measured rates: mss, rcvmss, cwnd, send, pacing_rate,
 * delivery_rate, delivered, app_limited, rcv_space, rcv_ssthresh, minrtt, snd_wnd, lost, ato.
 */

import type { SocketTraffic } from '../../network/system-calls/socket-info.ts';
import type { SocketEntry } from './socket-entry.ts';

/** As captures show it: what each SYN offers. */
const windowScale = 7;

export interface TcpInfoContext {
  readonly congestionControl: string;
  readonly nowMs: number;
  /** Whether the options that were agreed on are shown: with `-e` or `-o`. */
  readonly showOptions: boolean;
}

/** The longest packet of an interface, and the longest segment that a SYN offers on it. */
function sizes(row: SocketEntry): { readonly packet: number; readonly segment: number } {
  const isLocal = /^(?:::ffff:)?127\.|^::1$/.test(row.localAddress);
  const isSix = row.family === 6 && !row.localAddress.startsWith('::ffff:');
  const stamps = row.state === 'SYN-SENT' ? 0 : 12;
  if (isLocal) return { packet: 65_535, segment: (isSix ? 65_475 : 65_495) - stamps };
  return { packet: 1500, segment: (isSix ? 1440 : 1460) - stamps };
}

export function tcpInfo(
  row: SocketEntry,
  traffic: SocketTraffic | undefined,
  { congestionControl, nowMs, showOptions }: TcpInfoContext,
): string {
  // Of TIME-WAIT, and of FIN-WAIT-2 that nobody holds, the kernel keeps too little to tell.
  if (traffic === undefined || row.timer?.kind === 'timewait') return '';
  if (row.state === 'LISTEN') return ` ${congestionControl}`;
  const isOpen = row.state !== 'SYN-SENT';
  const { packet, segment } = sizes(row);
  const some = (name: string, value: number) => (value > 0 ? ` ${name}:${value}` : '');
  const since = (name: string, ms: number) =>
    isOpen ? some(name, Math.floor(Math.max(0, nowMs - ms))) : '';
  let text = '';
  if (isOpen && showOptions) text += `${traffic.hasTimestamps ? ' ts' : ''} sack`;
  text += ` ${congestionControl}`;
  if (isOpen) text += ` wscale:${windowScale},${windowScale}`;
  text += some('rto', round(traffic.retransmissionTimeoutMs));
  text += some('backoff', traffic.backoff);
  if (traffic.roundTrips > 0 && traffic.roundTripMs > 0)
    text += ` rtt:${round(traffic.roundTripMs)}/${round(variation(traffic))}`;
  text += ` pmtu:${packet} advmss:${segment}`;
  text += some('bytes_sent', traffic.bytesSent);
  text += some('bytes_retrans', traffic.bytesRetransmitted);
  text += some('bytes_acked', traffic.bytesAcknowledged);
  text += some('bytes_received', traffic.bytesReceived);
  text += some('segs_out', traffic.segmentsSent);
  text += some('segs_in', traffic.segmentsReceived);
  text += some('data_segs_out', traffic.dataSegmentsSent);
  text += some('data_segs_in', traffic.dataSegmentsReceived);
  text += since('lastsnd', traffic.lastSentMs);
  text += since('lastrcv', traffic.lastReceivedMs);
  text += since('lastack', traffic.lastAcknowledgedMs);
  text += some('unacked', traffic.unacknowledged);
  if (traffic.retransmissions > 0)
    text += ` retrans:${traffic.retries > 0 ? 1 : 0}/${traffic.retransmissions}`;
  return text;
}

/** Linux tcp_rtt_estimator: half the first round trip, and a quarter less with each that is the same. */
function variation({ roundTripMs, roundTrips }: SocketTraffic): number {
  return (roundTripMs / 2) * 0.75 ** (roundTrips - 1);
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
