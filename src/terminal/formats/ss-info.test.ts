/** What recordings of `ss -i` over loopback do not show: other interfaces, measured times, repetitions. */

import { describe, expect, it } from 'vitest';
import type { SocketTraffic } from '../../network/system-calls/socket-info.ts';
import type { SocketEntry } from './socket-entry.ts';
import { tcpInfo } from './ss-info.ts';

const row: SocketEntry = {
  protocol: 'tcp',
  family: 4,
  state: 'ESTAB',
  recvQ: 0,
  sendQ: 0,
  localAddress: '10.0.0.2',
  localPort: 40962,
  remoteAddress: '10.0.0.10',
  remotePort: 443,
  inode: 20017,
  uid: 1000,
  cookie: 1,
  timer: null,
  owners: [],
};
const traffic: SocketTraffic = {
  bytesSent: 0,
  bytesRetransmitted: 0,
  bytesReceived: 0,
  segmentsSent: 2,
  segmentsReceived: 1,
  dataSegmentsSent: 0,
  dataSegmentsReceived: 0,
  retransmissions: 0,
  lastSentMs: 900,
  lastReceivedMs: 800,
  lastAcknowledgedMs: 700,
  roundTrips: 1,
  bytesAcknowledged: 1,
  unacknowledged: 0,
  retransmissionTimeoutMs: 220,
  retries: 0,
  backoff: 0,
  roundTripMs: 20,
  hasTimestamps: true,
};
const context = { congestionControl: 'cubic', nowMs: 1000, showOptions: false };
const info = (change: Partial<SocketTraffic> = {}, one: Partial<SocketEntry> = {}): string =>
  tcpInfo({ ...row, ...one }, { ...traffic, ...change }, context);

describe('ss -i', () => {
  it.each([
    ['10.0.0.2', 4, 'pmtu:1500 advmss:1448'],
    ['127.0.0.1', 4, 'pmtu:65535 advmss:65483'],
    ['10.0.127.1', 4, 'pmtu:1500 advmss:1448'],
    ['2001:db8::1', 6, 'pmtu:1500 advmss:1428'],
    ['::1', 6, 'pmtu:65535 advmss:65463'],
    ['::12', 6, 'pmtu:1500 advmss:1428'],
    ['::ffff:10.0.0.2', 6, 'pmtu:1500 advmss:1448'],
    ['::ffff:127.0.0.1', 6, 'pmtu:65535 advmss:65483'],
  ] as const)('has the packets of the interface of %s', (localAddress, family, text) => {
    expect(info({}, { localAddress, family })).toContain(text);
  });

  it('has a round trip once one was measured, and how much it varies less with each', () => {
    expect(info()).toContain(' rtt:20/10 ');
    expect(info({ roundTrips: 2 })).toContain(' rtt:20/7.5 ');
    expect(info({ roundTrips: 0 })).not.toContain('rtt');
    expect(info({ roundTripMs: 0 })).not.toContain('rtt');
  });

  it('says how long ago something was sent, received and acknowledged', () => {
    expect(info()).toMatch(/ lastsnd:100 lastrcv:200 lastack:300$/);
    expect(info({ lastSentMs: 1200, lastReceivedMs: 1000 })).toMatch(/data_segs|segs_in:1 lastack/);
  });

  it('says what is sent again, and whether it goes on', () => {
    expect(info()).not.toContain('retrans');
    expect(info({ retransmissions: 3 })).toMatch(/ retrans:0\/3$/);
    expect(info({ retransmissions: 3, retries: 2, backoff: 2 })).toMatch(
      /backoff:2.* retrans:1\/3$/,
    );
  });

  it('says little before a connection is open, and nothing where the kernel keeps nothing', () => {
    expect(info({}, { state: 'SYN-SENT' })).toMatch(
      /^ cubic rto:220 rtt:\S+ pmtu:1500 advmss:1460/,
    );
    expect(info({}, { state: 'SYN-SENT' })).not.toMatch(/wscale|last/);
    expect(info({}, { state: 'LISTEN' })).toBe(' cubic');
    expect(tcpInfo(row, undefined, context)).toBe('');
    expect(info({}, { timer: { kind: 'timewait', ms: 5, retries: 0 } })).toBe('');
  });

  it('shows the options that were agreed on where that is asked for', () => {
    const shown = (hasTimestamps: boolean) =>
      tcpInfo(row, { ...traffic, hasTimestamps }, { ...context, showOptions: true });
    expect(shown(true)).toMatch(/^ ts sack cubic wscale:7,7 /);
    expect(shown(false)).toMatch(/^ sack cubic /);
  });
});
