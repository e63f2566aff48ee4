/** The BSDs: what their settings take and lead to, by the kernel sources that each profile names. */

import { describe, expect, it } from 'vitest';
import { Random } from '../../time-and-chance/random.ts';
import { obstaclesOf, requestOf } from '../port-selection/selection-fixtures.ts';
import { freebsd } from './freebsd.ts';
import { netbsd } from './netbsd.ts';
import { openbsd } from './openbsd.ts';
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

const badTcp = 'net.inet.tcp.baddynamic';
const badUdp = 'net.inet.udp.baddynamic';
const algorithm = 'net.inet.ip.anonportalgo.selected';
const randomized = 'net.inet.ip.portrange.randomized';

describe('the range of a BSD', () => {
  it.each([
    [freebsd, 'net.inet.ip.portrange.first', 'net.inet.ip.portrange.last'],
    [openbsd, 'net.inet.ip.portfirst', 'net.inet.ip.portlast'],
    [netbsd, 'net.inet.ip.anonportmin', 'net.inet.ip.anonportmax'],
  ])('$name follows its two keys, which ever end is the lower', (profile, first, last) => {
    expect(rangeText(profile, 'tcp', { [first]: '20000', [last]: '29999' })).toBe('20000-29999');
    expect(rangeText(profile, 'udp', { [first]: '29999', [last]: '20000' })).toBe('20000-29999');
    expect(written(profile, first, '1')).toBe('1');
    expect(written(profile, last, '65535')).toBe('65535');
    expect(written(profile, first, '0')).toBe('EINVAL');
    expect(written(profile, last, '65536')).toBe('EINVAL');
    expect(written(profile, last, 'high')).toBe('EINVAL');
  });

  it.each([freebsd, openbsd, netbsd])('$name asks for a privilege below 1024', (profile) => {
    expect(portSettingsOf(profile)).toMatchObject({
      firstUnprivileged: 1024,
      wildcardNeedsNoPrivilege: false,
    });
  });
});

describe('FreeBSD', () => {
  it('asks for a privilege up to portrange.reservedhigh', () => {
    const sysctl = { 'net.inet.ip.portrange.reservedhigh': '0' };
    expect(portSettingsOf(freebsd, 'tcp', sysctl).firstUnprivileged).toBe(1);
    expect(written(freebsd, 'net.inet.ip.portrange.reservedhigh', '-1')).toBe('EINVAL');
  });

  it('draws a start for each port, unless portrange.randomized is 0: then one follows the other', () => {
    const inTurn = connectPorts(freebsd, 5, 'tcp', { [randomized]: '0' });
    expect(inTurn).toEqual([10000, 10001, 10002, 10003, 10004]);
    const drawn = stepsOf(connectPorts(freebsd, 20));
    expect(drawn.filter((step) => step === 1).length).toBeLessThan(3);
    expect(written(freebsd, randomized, '2')).toBe('EINVAL');
  });

  it('waits in TIME-WAIT for two msl', () => {
    expect(timersWith(freebsd, { 'net.inet.tcp.msl': '7500' }).timeWaitMs).toBe(15_000);
  });

  it('lets an orphan out of FIN-WAIT-2 after keepcnt times keepintvl', () => {
    const sysctl = { 'net.inet.tcp.keepcnt': '3', 'net.inet.tcp.keepintvl': '20000' };
    expect(timersWith(freebsd, sysctl).finWait2Ms).toBe(60_000);
  });

  it('repeats a SYN,ACK three times, each wait but the first 200 ms more than doubled', () => {
    expect(secondsOf(freebsd, 'synAck')).toEqual([0, 1, 3.2, 7.4, 15.6]);
  });

  it('repeats data twelve times, doubling up to 512 round trips', () => {
    const waits = waitsOf(freebsd, 'data', 100);
    expect(waits).toHaveLength(13);
    expect(waits.slice(0, 3)).toEqual([300, 400, 600]);
    expect(waits.slice(-5)).toEqual([25_800, 51_400, 51_400, 51_400, 51_400]);
  });

  it('never waits less than rexmit_min nor more than 64 s', () => {
    const sysctl = { 'net.inet.tcp.rexmit_slop': '1', 'net.inet.tcp.rexmit_min': '50' };
    expect(secondsOf(freebsd, 'data', 10, sysctl).slice(0, 5)).toEqual([0, 0.05, 0.1, 0.15, 0.231]);
    expect(waitsOf(freebsd, 'data', 1000).at(-1)).toBe(64_000);
  });
});

describe('OpenBSD', () => {
  it('leaves out the ports of baddynamic, for each protocol its own', () => {
    expect(settingsOf(openbsd).get(badTcp)).toBe('587,749-751,853,871,2049,6000-6010');
    expect(settingsOf(openbsd).get(badUdp)).toBe('623,664,749-751,2049,3784-3785,7784');
    const sysctl = { [badTcp]: '2049,20022', [badUdp]: '5000-5004' };
    expect(portSettingsOf(openbsd, 'tcp', sysctl).reserved).toEqual([
      [2049, 2049],
      [20022, 20022],
    ]);
    expect(portSettingsOf(openbsd, 'udp', sysctl).reserved).toEqual([[5000, 5004]]);
    expect(portSettingsOf(openbsd).reservedBlocksBind).toBe(false);
  });

  it('takes a list of ports, and refuses what is none', () => {
    expect(written(openbsd, badTcp, '20022,2049,2050')).toBe('2049-2050,20022');
    expect(written(openbsd, badTcp, '')).toBe('');
    expect(written(openbsd, badTcp, 'ssh')).toBe('EINVAL');
    expect(written(openbsd, badUdp, '65536')).toBe('EINVAL');
  });

  it('draws a start for each port', () => {
    const steps = stepsOf(connectPorts(openbsd, 20));
    expect(steps.filter((step) => step === 1).length).toBeLessThan(3);
  });

  it('repeats a SYN after 3 s, a SYN,ACK after 1.5 s, each for 75 s', () => {
    expect(secondsOf(openbsd, 'syn')).toEqual([0, 3, 9, 21, 45, 75]);
    expect(secondsOf(openbsd, 'synAck')).toEqual([0, 1.5, 4.5, 10.5, 22.5, 46.5, 75]);
  });
});

describe('NetBSD', () => {
  it.each([
    ['bsd', 'traditional-down'],
    ['random_start', 'rfc6056-1'],
    ['random_pick', 'rfc6056-2'],
    ['hash', 'rfc6056-3'],
    ['doublehash', 'rfc6056-4'],
    ['randinc', 'rfc6056-5'],
  ])('with anonportalgo %s chooses by %s', (name, expected) => {
    expect(written(netbsd, algorithm, name)).toBe(name);
    const settings = settingsOf(netbsd);
    const { connect, bind } = netbsd.algorithms(new Random(1), 'tcp', settings);
    settings.set(algorithm, name);
    for (const choosing of [connect, bind]) {
      const { why } = choosing.choose(requestOf(), obstaclesOf(choosing.rotation));
      expect(why.algorithm).toBe(expected);
    }
  });

  it('has the traditional choice and the five of RFC 6056', () => {
    const { connect } = netbsd.algorithms(new Random(1), 'tcp', settingsOf(netbsd));
    expect(connect.id.split('|')).toEqual([
      'traditional-down',
      'rfc6056-1',
      'rfc6056-2',
      'rfc6056-3',
      'rfc6056-4',
      'rfc6056-5',
    ]);
  });

  it('lists the algorithms in a key that cannot be written, and takes no other', () => {
    const available = 'net.inet.ip.anonportalgo.available';
    expect(settingsOf(netbsd).get(available)).toBe(
      'bsd random_start random_pick hash doublehash randinc',
    );
    expect(written(netbsd, available, 'bsd')).toBe('EACCES');
    expect(written(netbsd, algorithm, ' hash\n')).toBe('hash');
    expect(written(netbsd, algorithm, 'random')).toBe('EINVAL');
    expect(written(netbsd, algorithm, '')).toBe('EINVAL');
  });

  it('goes down from the top, one port after the other', () => {
    expect(settingsOf(netbsd).get(algorithm)).toBe('bsd');
    expect(connectPorts(netbsd, 3)).toEqual([65535, 65534, 65533]);
  });

  it('repeats a SYN after 6 s, a SYN,ACK after 3 s; data from a second on', () => {
    expect(secondsOf(netbsd, 'syn')).toEqual([0, 6, 18, 42, 75]);
    expect(secondsOf(netbsd, 'synAck')).toEqual([0, 3, 9, 21, 45, 75]);
    expect(secondsOf(netbsd, 'data').slice(0, 4)).toEqual([0, 1, 3, 7]);
    expect(secondsOf(netbsd, 'data', 2000).slice(0, 4)).toEqual([0, 2, 6, 14]);
  });
});
