/** What recordings of netstat and /proc/net do not show: names that do not fit, timers, remnants. */

import { describe, expect, it } from 'vitest';
import { formatNetstat, type NetstatOptions } from './netstat-table.ts';
import { formatProcNetTcp, formatProcNetTcp6 } from './proc-net.ts';
import type { SocketEntry } from './socket-entry.ts';
import { formatSsSummary, formatSsTable, type SsTableOptions } from './ss-table.ts';

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

describe('ss', () => {
  const plain: SsTableOptions = {
    showNetid: false,
    showState: true,
    showProcesses: false,
    showTimers: false,
    showExtended: false,
    showMemory: false,
    isOneLine: false,
    withHeader: true,
    screenColumns: undefined,
    naming: { port: String, host: (address) => address },
  };
  const shown = (one: SocketEntry, more: Partial<SsTableOptions>): string =>
    formatSsTable([one], { ...plain, ...more })
      .split('\n')
      .slice(1)
      .join('\n')
      .trimEnd();

  it.each([
    [40, '040ms'],
    [5200, '5.200ms'],
    [9000, '9sec'],
    [9999, '9.999ms'],
    [10_200, '10sec'],
    [59_000, '59sec'],
    [60_000, '1min'],
    [61_500, '1min1sec'],
    [119_000, '1min59sec'],
    [545_000, '9min5sec'],
    [605_000, '10min'],
    [7_145_000, '119min'],
  ])('writes a timer of %i ms as %s', (ms, text) => {
    const timer = { kind: 'on', ms, retries: 3 } as const;
    expect(shown({ ...row, timer }, { showTimers: true })).toContain(`timer:(on,${text},3)`);
  });

  it('has a star where a port is open to the system’s choice', () => {
    const datagrams: SocketEntry = { ...row, protocol: 'udp', state: 'UNCONN', localPort: 0 };
    expect(shown({ ...datagrams, remotePort: 0 }, {})).toMatch(/10\.0\.0\.2:\* +10\.0\.0\.10:\*/);
  });

  it('names holders with the highest process and descriptor first', () => {
    const [owner] = row.owners;
    if (owner === undefined) throw new Error('no owner');
    const owners = [owner, { ...owner, fd: 7 }, { ...owner, pid: 900 }];
    expect(shown({ ...row, owners }, { showProcesses: true })).toContain(
      'users:(("curl",pid=900,fd=5),("curl",pid=812,fd=7),("curl",pid=812,fd=5))',
    );
  });

  it('says of what the kernel keeps little of only what it keeps', () => {
    const whole = shown(row, { showExtended: true, showMemory: true });
    expect(whole).toContain('uid:1000 ino:20017 sk:1 cgroup:/ <->');
    expect(whole).toContain('skmem:(');
    for (const remnant of [
      { ...row, state: 'TIME-WAIT', owners: [] },
      { ...row, state: 'FIN-WAIT-2', inode: 0, owners: [] },
      { ...row, state: 'UNCONN', inode: 0, owners: [] },
      { ...row, inode: 0, sendQ: -1, owners: [] },
    ] as const) {
      const text = shown(remnant, { showExtended: true, showMemory: true });
      expect(text).toContain('ino:0 sk:1');
      expect(text).not.toMatch(/uid:|cgroup|skmem/);
    }
  });

  it.each([
    ['ESTAB', true, '<->'],
    ['CLOSE-WAIT', true, '-->'],
    ['FIN-WAIT-1', true, '<--'],
    ['FIN-WAIT-2', true, '<--'],
    ['FIN-WAIT-1', false, '---'],
    ['ESTAB', false, '<->'],
    ['LAST-ACK', true, '---'],
    ['CLOSING', true, '---'],
  ] as const)(
    'shows of %s (held: %s) the directions that are open as %s',
    (state, isHeld, text) => {
      const one = { ...row, state, ...(!isHeld && { owners: [] }) };
      expect(shown(one, { showExtended: true })).toMatch(new RegExp(` ${text}$`));
    },
  );

  it('has what -i says on a line below, for TCP, or on the same with -O', () => {
    const info = () => ' cubic rto:220';
    expect(shown(row, { info })).toMatch(/443 *\n\t cubic rto:220$/);
    expect(shown(row, { info, isOneLine: true })).toMatch(/443 +cubic rto:220$/);
    expect(shown({ ...row, protocol: 'udp' }, { info })).not.toContain('cubic');
  });

  it('sums up what the kernel counts', () => {
    expect(
      formatSsSummary({
        used: 150,
        tcpAllocated: 12,
        tcp4: 9,
        tcp6: 3,
        established: 5,
        orphaned: 1,
        timeWait: 2,
        udp4: 4,
        udp6: 2,
      }),
    ).toBe(
      [
        'Total: 150',
        'TCP:   14 (estab 5, closed 2, orphaned 1, timewait 2)',
        '',
        'Transport Total     IP        IPv6',
        'RAW\t  0         0         0        ',
        'UDP\t  6         4         2        ',
        'TCP\t  12        9         3        ',
        'INET\t  18        13        5        ',
        'FRAG\t  0         0         0        ',
        '',
        '',
      ].join('\n'),
    );
  });
});
