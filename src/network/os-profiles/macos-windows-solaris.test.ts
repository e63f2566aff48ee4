/** macOS, Windows, Solaris and the book: what their settings take and lead to, by the sources of the profiles. */

import { describe, expect, it } from 'vitest';
import { Random } from '../../time-and-chance/random.ts';
import { chooseInTurn, portsOf, requestOf } from '../port-selection/selection-fixtures.ts';
import { iana } from './iana.ts';
import { macos } from './macos.ts';
import {
  connectPorts,
  portSettingsOf,
  rangeText,
  secondsOf,
  settingsOf,
  stepsOf,
  timersWith,
  waitsOf,
  written,
} from './profile-fixtures.ts';
import { solaris } from './solaris.ts';
import { windows } from './windows.ts';

const risesByOne = (ports: readonly number[]): boolean =>
  stepsOf(ports).every((step) => step === 1);

describe('macOS', () => {
  it('gives TCP one port after the other from the range’s low end, UDP a drawn start', () => {
    expect(connectPorts(macos, 3)).toEqual([49152, 49153, 49154]);
    expect(risesByOne(connectPorts(macos, 10, 'udp'))).toBe(false);
  });

  it('is told otherwise by each protocol’s own randomize_ports', () => {
    const swapped = { 'net.inet.tcp.randomize_ports': '1', 'net.inet.udp.randomize_ports': '0' };
    expect(risesByOne(connectPorts(macos, 10, 'tcp', swapped))).toBe(false);
    expect(connectPorts(macos, 3, 'udp', swapped)).toEqual([49152, 49153, 49154]);
    expect(written(macos, 'net.inet.tcp.randomize_ports', '2')).toBe('EINVAL');
  });

  it('has its range in two keys', () => {
    const sysctl = { 'net.inet.ip.portrange.first': '40000' };
    expect(rangeText(macos, 'tcp', sysctl)).toBe('40000-65535');
    expect(rangeText(macos, 'udp', sysctl)).toBe('40000-65535');
  });

  it('waits in TIME-WAIT for two msl', () => {
    expect(timersWith(macos, { 'net.inet.tcp.msl': '1000' }).timeWaitMs).toBe(2000);
  });

  it('repeats a SYN five times at the same distance, a SYN,ACK doubling at once, each for keepinit', () => {
    expect(secondsOf(macos, 'syn')).toEqual([0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67, 75]);
    expect(secondsOf(macos, 'synAck')).toEqual([0, 1, 3, 7, 15, 31, 63, 75]);
    const soon = { 'net.inet.tcp.keepinit': '4000' };
    expect(secondsOf(macos, 'syn', 20, soon)).toEqual([0, 1, 2, 3, 4]);
  });

  it('repeats data twelve times, doubling up to 64 round trips with 200 ms on top', () => {
    expect(waitsOf(macos, 'data')).toEqual([
      220,
      240,
      280,
      360,
      520,
      840,
      ...Array<number>(7).fill(1480),
    ]);
    expect(waitsOf(macos, 'data', 2000).at(-1)).toBe(64_000);
  });
});

describe('Windows', () => {
  const range = 'int.ipv4.dynamicport.tcp';
  const excluded = 'int.ipv4.excludedportrange';

  it('has a range for each protocol, as a start and a number', () => {
    const sysctl = { [range]: 'start=10000 num=1000' };
    expect(rangeText(windows, 'tcp', sysctl)).toBe('10000-10999');
    expect(rangeText(windows, 'udp', sysctl)).toBe('49152-65535');
    expect(settingsOf(windows).get('int.ipv4.dynamicport.udp')).toBe('start=49152 num=16384');
  });

  // KB 929851: at least 255 ports, not before 1025, not beyond 65535.
  it.each([
    ['start=1025 num=255', 'start=1025 num=255'],
    ['  start=1025   num=64511  ', 'start=1025 num=64511'],
    ['start=65281 num=255', 'start=65281 num=255'],
    ['start=1024 num=255', 'EINVAL'],
    ['start=1025 num=254', 'EINVAL'],
    ['start=65282 num=255', 'EINVAL'],
    ['start=1025 num=64512', 'EINVAL'],
    ['start=10000', 'EINVAL'],
    ['num=1000 start=10000', 'EINVAL'],
    ['tcp start=10000 num=1000', 'EINVAL'],
    ['start=10000 num=1000 store=active', 'EINVAL'],
    ['10000 10999', 'EINVAL'],
    ['', 'EINVAL'],
  ])('takes or refuses the range “%s”: %s', (text, expected) => {
    expect(written(windows, range, text)).toBe(expected);
  });

  it('leaves out excluded ports of the protocol, and refuses bind() to them', () => {
    const sysctl = { [`${excluded}.tcp`]: '50000-50059,5357', [`${excluded}.udp`]: '' };
    expect(portSettingsOf(windows, 'tcp', sysctl)).toMatchObject({
      reserved: [
        [5357, 5357],
        [50000, 50059],
      ],
      reservedBlocksBind: true,
      firstUnprivileged: 0,
    });
    expect(portSettingsOf(windows, 'udp', sysctl).reserved).toEqual([]);
    expect(written(windows, `${excluded}.tcp`, '50000-')).toBe('EINVAL');
  });

  it('goes up from any port of the range, and from its low end after its high end', () => {
    const firstTwo = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      const { connect } = windows.algorithms(new Random(seed), 'tcp', settingsOf(windows));
      const request = requestOf({ low: 40_000, high: 40_002 });
      firstTwo.add(portsOf(chooseInTurn(connect, 2, request)).join(' '));
    }
    expect([...firstTwo].toSorted()).toEqual(['40000 40001', '40001 40002', '40002 40000']);
  });

  it('repeats SYN and SYN,ACK four times in 21 s, data five times', () => {
    expect(secondsOf(windows, 'syn')).toEqual([0, 1, 3, 7, 15, 21]);
    expect(secondsOf(windows, 'synAck')).toEqual([0, 1, 3, 7, 15, 21]);
    expect(secondsOf(windows, 'data')).toEqual([0, 0.3, 0.9, 2.1, 4.5, 9.3, 18.9]);
    expect(secondsOf(windows, 'data', 500).slice(0, 3)).toEqual([0, 0.5, 1.5]);
  });
});

describe('Solaris', () => {
  it('has its properties for each protocol', () => {
    const sysctl = {
      'tcp.smallest_anon_port': '49152',
      'tcp.largest_anon_port': '60000',
      'tcp.smallest_nonpriv_port': '2000',
    };
    expect(rangeText(solaris, 'tcp', sysctl)).toBe('49152-60000');
    expect(rangeText(solaris, 'udp', sysctl)).toBe('32768-65535');
    expect(portSettingsOf(solaris, 'tcp', sysctl).firstUnprivileged).toBe(2000);
    expect(portSettingsOf(solaris, 'udp', sysctl).firstUnprivileged).toBe(1024);
  });

  // Tunable Parameters Reference Manual: anonymous ports 1024 to 65535, privileged ones up to 32768.
  it.each([
    ['tcp.smallest_anon_port', '1024', '1024'],
    ['tcp.smallest_anon_port', '1023', 'EINVAL'],
    ['udp.largest_anon_port', '65535', '65535'],
    ['udp.largest_anon_port', '65536', 'EINVAL'],
    ['tcp.smallest_nonpriv_port', '32768', '32768'],
    ['tcp.smallest_nonpriv_port', '32769', 'EINVAL'],
    ['tcp._time_wait_interval', '999', 'EINVAL'],
  ])('%s = %s: %s', (key, text, expected) => {
    expect(written(solaris, key, text)).toBe(expected);
  });

  it('waits in TIME-WAIT for _time_wait_interval', () => {
    expect(timersWith(solaris, { 'tcp._time_wait_interval': '10000' }).timeWaitMs).toBe(10_000);
  });

  it('repeats data from _rexmit_interval_min, or the round trip, on', () => {
    expect(secondsOf(solaris, 'data').slice(0, 5)).toEqual([0, 0.4, 1.2, 2.8, 6]);
    expect(secondsOf(solaris, 'data', 1000).slice(0, 4)).toEqual([0, 1, 3, 7]);
    const sysctl = { 'tcp._rexmit_interval_max': '500', 'tcp._ip_abort_interval': '2000' };
    expect(secondsOf(solaris, 'data', 20, sysctl)).toEqual([0, 0.4, 0.9, 1.4, 1.9, 2]);
  });

  it('repeats a SYN,ACK for _ip_abort_linterval', () => {
    const sysctl = { 'tcp._ip_abort_linterval': '10000', 'tcp._rexmit_interval_initial': '2000' };
    expect(secondsOf(solaris, 'synAck', 20, sysctl)).toEqual([0, 2, 6, 10]);
  });

  it('draws a start for each port', () => {
    expect(risesByOne(connectPorts(solaris, 10))).toBe(false);
  });
});

describe('the book', () => {
  it('draws a start from the Dynamic range for each port', () => {
    const ports = connectPorts(iana, 50);
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(49152);
    expect(risesByOne(ports)).toBe(false);
    expect(portSettingsOf(iana)).toMatchObject({ reserved: [], firstUnprivileged: 0 });
  });

  it('repeats a SYN for three minutes, data for 100 seconds, waiting a minute at most', () => {
    expect(secondsOf(iana, 'syn')).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 180]);
    expect(secondsOf(iana, 'data')).toEqual([0, 1, 3, 7, 15, 31, 63, 100]);
    expect(secondsOf(iana, 'data', 3000).slice(0, 3)).toEqual([0, 3, 9]);
  });
});
