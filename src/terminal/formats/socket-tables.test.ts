/** What recordings of netstat and /proc/net do not show: names that do not fit, timers, remnants. */

import { describe, expect, it } from 'vitest';
import { formatNetstat, type NetstatOptions } from './netstat-table.ts';
import { formatProcNetTcp, formatProcNetTcp6 } from './proc-net.ts';
import type { SocketEntry } from './socket-entry.ts';

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
  owners: [{ pid: 812, command: 'curl', user: 'mika', uid: 1000, fd: 5 }],
};

const options: NetstatOptions = {
  which: 'connected',
  naming: { port: String, host: (address) => `name-of.${address}.in-a-long-domain.example` },
  hasNames: true,
  isWide: false,
  showPrograms: false,
  showExtended: false,
  showTimers: false,
  mayRead: () => true,
  userName: () => 'mika',
  programName: ({ command }) => `${command}: a title that is longer than the column`,
};
const lineOf = (one: SocketEntry, more: Partial<NetstatOptions> = {}) =>
  formatNetstat([one], { ...options, ...more }).split('\n')[2];

describe('netstat', () => {
  it('cuts names so that address and port fit 23 cells, and not with -W', () => {
    expect(lineOf(row)).toBe(
      'tcp        0      0 name-of.10.0.0.2.:40962 name-of.10.0.0.10.i:443 ESTABLISHED',
    );
    expect(lineOf(row, { isWide: true })).toBe(
      'tcp        0      0 name-of.10.0.0.2.in-a-long-domain.example:40962 ' +
        'name-of.10.0.0.10.in-a-long-domain.example:443 ESTABLISHED',
    );
    // One that just fits is left alone.
    const naming = { port: String, host: () => 'seventeen-letters' };
    expect(lineOf(row, { naming })).toContain(' seventeen-letters:40962 seventeen-letters:443   ');
  });

  it('cuts program names after 19 characters, and shows a hyphen where it may not look', () => {
    expect(lineOf(row, { showPrograms: true })).toMatch(/ESTABLISHED 812\/curl: a title t $/);
    expect(lineOf(row, { showPrograms: true, mayRead: (uid) => uid === 0 })).toMatch(
      /ESTABLISHED - {19}$/,
    );
  });

  it('has seconds for timers, and no inode for TIME-WAIT', () => {
    const waits: SocketEntry = {
      ...row,
      state: 'TIME-WAIT',
      timer: { kind: 'timewait', ms: 58_250, retries: 0 },
      owners: [],
    };
    expect(lineOf(waits, { showTimers: true, showExtended: true })).toMatch(
      /TIME_WAIT {3}mika {7}0 {10}timewait \(58\.25\/0\/0\)$/,
    );
    expect(lineOf(row, { showTimers: true, showExtended: true })).toMatch(
      /ESTABLISHED mika {7}20017 {6}off \(0\.00\/0\/0\)$/,
    );
  });

  it('has no queue of its own for a listener', () => {
    const listens: SocketEntry = { ...row, state: 'LISTEN', recvQ: 2, sendQ: 128 };
    expect(lineOf(listens)).toMatch(/^tcp {8}2 {6}0 /);
    expect(lineOf({ ...row, sendQ: 128 })).toMatch(/^tcp {8}0 {4}128 /);
  });
});

describe('/proc/net/tcp', () => {
  const fields = (one: SocketEntry) =>
    (formatProcNetTcp([one]).split('\n')[1] ?? '').trim().split(/\s+/);

  it('counts timers in hundredths of a second, by their kind', () => {
    expect(fields(row).slice(5, 7)).toEqual(['00:00000000', '00000000']);
    expect(
      fields({ ...row, timer: { kind: 'keepalive', ms: 7_200_000, retries: 0 } }).slice(5, 7),
    ).toEqual(['02:000AFC80', '00000000']);
    expect(fields({ ...row, timer: { kind: 'on', ms: 1015, retries: 3 } }).slice(5, 7)).toEqual([
      '01:00000065',
      '00000003',
    ]);
  });

  it('keeps little of TIME-WAIT, and of FIN-WAIT-2 that nobody holds', () => {
    const timer = { kind: 'timewait', ms: 60_000, retries: 0 } as const;
    for (const state of ['TIME-WAIT', 'FIN-WAIT-2'] as const) {
      const [, , , number, , timing, , uid, , inode, references, , ...rest] = fields({
        ...row,
        state,
        timer,
        owners: [],
      });
      expect(number).toBe(state === 'TIME-WAIT' ? '06' : '05');
      expect([timing, uid, inode, references, rest]).toEqual(['03:00001770', '0', '0', '3', []]);
    }
    for (const state of ['ESTAB', 'FIN-WAIT-2'] as const) {
      const [, , , , , , , uid, , inode, references, , ...rest] = fields({ ...row, state });
      expect([uid, inode, references, rest]).toEqual([
        '1000',
        '20017',
        '1',
        ['20', '0', '0', '10', '-1'],
      ]);
    }
    // Nobody holds it, but it is no remnant.
    expect(fields({ ...row, owners: [] })[9]).toBe('20017');
  });

  it('counts who waits at a listener among its holders', () => {
    const listens: SocketEntry = { ...row, state: 'LISTEN', recvQ: 2, sendQ: 128 };
    const [, , , state, queues, , , , , , references] = fields(listens);
    expect([state, queues, references]).toEqual(['0A', '00000000:00000002', '3']);
    expect(fields({ ...row, sendQ: 255 })[4]).toBe('000000FF:00000000');
  });

  it('turns addresses round, four bytes at a time', () => {
    expect(fields(row).slice(1, 3)).toEqual(['0200000A:A002', '0A00000A:01BB']);
    const six: SocketEntry = {
      ...row,
      family: 6,
      localAddress: 'fd00::2',
      remoteAddress: '::ffff:10.0.0.10',
    };
    expect((formatProcNetTcp6([six]).split('\n')[1] ?? '').trim().split(/\s+/).slice(1, 3)).toEqual(
      ['000000FD000000000000000002000000:A002', '0000000000000000FFFF00000A00000A:01BB'],
    );
  });
});
