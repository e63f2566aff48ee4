import { describe, expect, it } from 'vitest';
import { parseScenario } from '../scenario/scenario-parser.ts';
import { World } from '../world.ts';
import { linuxHistories } from './linux-history.ts';
import { profiles } from './profiles.ts';

/** For each system: when, in seconds, a SYN that nobody answers is sent; when that ends; FIN-WAIT-2. */
const expected: Readonly<
  Record<string, { readonly syn: readonly number[]; readonly end: number; readonly fin: number }>
> = (() => {
  const linuxSince65 = { syn: [0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67], end: 131, fin: 60 };
  const linuxBefore = { syn: [0, 1, 3, 7, 15, 31, 63], end: 127, fin: 60 };
  return {
    linux: linuxSince65,
    'linux-before-4.2': linuxBefore,
    'linux-4.2-to-4.5': linuxBefore,
    'linux-4.6-to-5.11': linuxBefore,
    'linux-5.12-to-5.17': linuxBefore,
    'linux-5.18': linuxSince65,
    'linux-7.1': linuxSince65,
    'amazon-linux-2': linuxBefore,
    android: linuxSince65,
    windows: { syn: [0, 1, 3, 7, 15], end: 21, fin: 120 },
    macos: { syn: [0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67], end: 75, fin: 60 },
    freebsd: { syn: [0, 1, 3.2, 7.4, 15.6, 31.8, 64], end: 75, fin: 600 },
    openbsd: { syn: [0, 3, 9, 21, 45], end: 75, fin: 600 },
    netbsd: { syn: [0, 6, 18, 42], end: 75, fin: 600 },
    solaris: { syn: [0, 1, 3, 7, 15, 31, 63, 123], end: 180, fin: 60 },
    iana: { syn: [0, 1, 3, 7, 15, 31, 63, 123], end: 180, fin: Infinity },
  };
})();

const systems = [...profiles, ...linuxHistories].map(({ id }) => id);

function worldOf(
  os: string,
  actions: readonly object[],
  sysctl: Record<string, string> = {},
): World {
  const world = new World(
    parseScenario({
      version: 1,
      hosts: [
        { name: 'client', os, address: '10.0.0.2', sysctl },
        {
          name: 'web',
          os: 'linux',
          address: '10.0.0.10',
          listen: [{ port: 80, answersClose: false }],
        },
      ],
      actions,
    }),
  );
  world.runToEnd();
  return world;
}

/** A SYN to a host that is not there. */
function unanswered(os: string, sysctl?: Record<string, string>): object {
  const { trace } = worldOf(
    os,
    [{ atMs: 0, do: 'connect', from: 'client', to: '10.9.9.77:80' }],
    sysctl,
  );
  return {
    syn: trace.flatMap((event) =>
      event.event === 'segment' && event.phase === 'sent' ? [event.atMs / 1000] : [],
    ),
    ends: trace.flatMap((event) =>
      event.event === 'error' ? [`${event.atMs / 1000} ${event.do} ${event.error}`] : [],
    ),
  };
}

/** How long, in seconds, a closed socket stays in FIN-WAIT-2 when the other side does not close. */
function finWait(os: string, sysctl?: Record<string, string>): number {
  const { trace } = worldOf(
    os,
    [
      { atMs: 0, do: 'connect', from: 'client', to: '10.0.0.10:80', as: 'page', request: 0 },
      { atMs: 100, do: 'close', connection: 'page' },
    ],
    sysctl,
  );
  const moment = (state: string): number =>
    trace.find(
      (event) => event.event === 'state' && event.host === 'client' && event.state === state,
    )?.atMs ?? Infinity;
  return (moment('CLOSED') - moment('FIN-WAIT-2')) / 1000;
}

describe('the timers of each system', () => {
  it('are told for every system there is', () => {
    expect(Object.keys(expected).toSorted()).toEqual(systems.toSorted());
  });

  it.each(systems)('%s repeats a SYN at these moments, and says ETIMEDOUT then', (os) => {
    const { syn, end } = expected[os] ?? { syn: [], end: 0 };
    expect(unanswered(os)).toEqual({ syn, ends: [`${end} connect ETIMEDOUT`] });
  });

  it.each(systems)('%s lets an orphan out of FIN-WAIT-2 then', (os) => {
    expect(finWait(os)).toBe(expected[os]?.fin);
  });

  it.each([
    ['linux', { 'net.ipv4.tcp_syn_linear_timeouts': '0' }, [0, 1, 3, 7, 15, 31, 63], 127],
    // As measured: what counts besides the number is the time that so many would take by doubling.
    ['linux', { 'net.ipv4.tcp_syn_retries': '1' }, [0, 1, 2], 3],
    ['linux', { 'net.ipv4.tcp_syn_retries': '2' }, [0, 1, 2, 3, 4, 5], 7],
    ['linux', { 'net.ipv4.tcp_syn_retries': '3' }, [0, 1, 2, 3, 4, 5, 7, 11], 19],
    [
      'linux',
      { 'net.ipv4.tcp_syn_retries': '4', 'net.ipv4.tcp_syn_linear_timeouts': '2' },
      [0, 1, 2, 3, 5, 9, 17],
      33,
    ],
    ['macos', { 'net.inet.tcp.keepinit': '4000' }, [0, 1, 2, 3], 4],
    ['freebsd', { 'net.inet.tcp.rexmit_initial': '3000' }, [0, 3, 9.2, 21.4, 45.6], 75],
    ['solaris', { 'tcp._ip_abort_cinterval': '10000' }, [0, 1, 3, 7], 10],
  ] as const)('%s with %o repeats and ends accordingly', (os, sysctl, syn, end) => {
    expect(unanswered(os, sysctl)).toEqual({ syn: [...syn], ends: [`${end} connect ETIMEDOUT`] });
  });

  it.each([
    ['linux', { 'net.ipv4.tcp_fin_timeout': '5' }, 5],
    ['macos', { 'net.inet.tcp.fin_timeout': '2000' }, 2],
    ['freebsd', { 'net.inet.tcp.fast_finwait2_recycle': '1' }, 60],
    ['solaris', { 'tcp._fin_wait_2_flush_interval': '1000' }, 1],
  ] as const)('%s with %o keeps FIN-WAIT-2 accordingly', (os, sysctl, seconds) => {
    expect(finWait(os, sysctl)).toBe(seconds);
  });
});

describe('data that nobody acknowledges', () => {
  /** The web host is cut off; the client has sent 1 byte 20 ms after its SYN. Seconds after that. */
  function timesOf(os: string): { readonly sent: readonly number[]; readonly end: number } {
    const { trace } = worldOf(os, [
      { atMs: 0, do: 'connect', from: 'client', to: '10.0.0.10:80', as: 'page', request: 1 },
      { atMs: 15, do: 'firewall', host: 'web', firewall: { policyIn: 'drop' } },
    ]);
    const seconds = (ms: number): number => Math.round(ms - 20) / 1000;
    return {
      sent: trace.flatMap((event) =>
        event.event === 'segment' &&
        event.phase === 'sent' &&
        event.bytes > 0 &&
        event.from.startsWith('10.0.0.2:')
          ? [seconds(event.atMs)]
          : [],
      ),
      end: seconds(trace.find((event) => event.event === 'error')?.atMs ?? NaN),
    };
  }

  it('is repeated with Linux’ doubling: 15 times, up to two minutes apart', () => {
    const { sent, end } = timesOf('linux');
    expect(sent.slice(0, 4)).toEqual([0, 0.22, 0.66, 1.54]);
    expect(sent).toHaveLength(16);
    expect(end).toBeCloseTo(0.22 * 1023 + 6 * 120, 3);
  });

  it('is repeated by FreeBSD with 200 ms more each time, by macOS up to 64 times the round trip', () => {
    expect(timesOf('freebsd').sent.slice(0, 4)).toEqual([0, 0.22, 0.46, 0.74]);
    expect(timesOf('freebsd').sent).toHaveLength(13);
    const { sent } = timesOf('macos');
    expect((sent[12] ?? 0) - (sent[11] ?? 0)).toBeCloseTo(0.02 * 64 + 0.2, 3);
  });

  it.each([
    ['openbsd', 13, 1 + 2 + 4 + 8 + 16 + 32 + 7 * 64],
    ['windows', 6, 0.3 * 63],
    ['solaris', undefined, 300],
    ['iana', 7, 100],
  ] as const)('%s gives up', (os, count, end) => {
    const times = timesOf(os);
    if (count !== undefined) expect(times.sent).toHaveLength(count);
    expect(times.end).toBeCloseTo(end, 3);
  });
});
