/** Linux, generation by generation: what its settings lead to, by the kernel's sources and ip-sysctl.rst. */

import { describe, expect, it } from 'vitest';
import { Random } from '../../time-and-chance/random.ts';
import { obstaclesOf, requestOf } from '../port-selection/selection-fixtures.ts';
import { linuxHistories } from './linux-history.ts';
import { linux } from './linux.ts';
import type { OsProfile } from './profile.ts';
import { portSettingsOf, rangeText, secondsOf, settingsOf, written } from './profile-fixtures.ts';
import { profileOf } from './profiles.ts';

const reuse = 'net.ipv4.tcp_tw_reuse';
const stepWidth = 'net.ipv4.ip_local_port_step_width';

function linuxOf(id: string): OsProfile {
  const profile = profileOf(id);
  if (profile === undefined) throw new Error(`no ${id}`);
  return profile;
}

describe('the settings of a Linux host', () => {
  it('say the range, the ports left out and the first one that asks for no privilege', () => {
    const sysctl = {
      'net.ipv4.ip_local_port_range': '49152 65535',
      'net.ipv4.ip_local_reserved_ports': '50000-50010,60000',
      'net.ipv4.ip_unprivileged_port_start': '80',
    };
    expect(portSettingsOf(linux, 'tcp', sysctl)).toMatchObject({
      low: 49152,
      high: 65535,
      reserved: [
        [50000, 50010],
        [60000, 60000],
      ],
      reservedBlocksBind: false,
      firstUnprivileged: 80,
    });
  });

  it.each([
    ['0', 'off'],
    ['1', 'on'],
    ['2', 'loopback'],
  ])('tcp_tw_reuse %s lets connect() take over TIME-WAIT: %s', (text, expected) => {
    expect(portSettingsOf(linux, 'tcp', { [reuse]: text }).timeWaitReuse).toBe(expected);
  });

  it('say how old a TIME-WAIT must be, and whether bind() may share ports', () => {
    expect(portSettingsOf(linux)).toMatchObject({
      timeWaitReuseDelayMs: 1000,
      autobindReuse: false,
    });
    const sysctl = { 'net.ipv4.tcp_tw_reuse_delay': '5000', 'net.ipv4.ip_autobind_reuse': '1' };
    expect(portSettingsOf(linux, 'tcp', sysctl)).toMatchObject({
      timeWaitReuseDelayMs: 5000,
      autobindReuse: true,
    });
  });
});

describe('the generations of Linux', () => {
  it('end their range at 61000 before 4.2, at 60999 since', () => {
    expect(linuxHistories.map((profile) => [profile.name, rangeText(profile)])).toEqual([
      ['Linux 3.10', '32768-61000'],
      ['Linux 4.4', '32768-60999'],
      ['Linux 4.19', '32768-60999'],
      ['Linux 5.15', '32768-60999'],
      ['Linux 6.12', '32768-60999'],
      ['Linux 7.1', '32768-60999'],
    ]);
  });

  it('have the width of a step since 7.1', () => {
    expect(written(linux, stepWidth, '4')).toBe('ENOENT');
    expect(portSettingsOf(linux).stepWidth).toBe(0);
    const newest = linuxOf('linux-7.1');
    expect(portSettingsOf(newest).stepWidth).toBe(0);
    expect(portSettingsOf(newest, 'tcp', { [stepWidth]: '4' }).stepWidth).toBe(4);
  });

  it('know tcp_tw_reuse for loopback, and ip_autobind_reuse, since 5.7', () => {
    const older = linuxOf('amazon-linux-2');
    expect(portSettingsOf(older).timeWaitReuse).toBe('off');
    expect(written(older, reuse, '2')).toBe('EINVAL');
    expect(written(older, 'net.ipv4.ip_autobind_reuse', '1')).toBe('ENOENT');
    expect(portSettingsOf(linuxOf('linux-5.12-to-5.17')).timeWaitReuse).toBe('loopback');
  });

  it('have no first unprivileged port to set before 4.11: it is 1024', () => {
    const older = linuxOf('linux-4.2-to-4.5');
    expect(written(older, 'net.ipv4.ip_unprivileged_port_start', '80')).toBe('ENOENT');
    expect(portSettingsOf(older).firstUnprivileged).toBe(1024);
  });

  it.each([
    ['linux-before-4.2', 'linux-connect-before-4.2'],
    ['linux-4.2-to-4.5', 'linux-connect-4.2-to-4.5'],
    ['linux-4.6-to-5.11', 'linux-connect-4.6-to-5.11'],
    ['amazon-linux-2', 'linux-connect-4.6-to-5.11'],
    ['linux-5.12-to-5.17', 'linux-connect-5.12-to-5.17'],
    ['linux-5.18', 'linux-connect'],
    ['android', 'linux-connect'],
    ['linux', 'linux-connect'],
    ['linux-7.1', 'linux-connect'],
  ])('%s chooses for connect() by %s', (id, algorithm) => {
    const profile = linuxOf(id);
    const { connect } = profile.algorithms(new Random(1), 'tcp', settingsOf(profile));
    const { why } = connect.choose(requestOf(), obstaclesOf(connect.rotation));
    expect(why.algorithm).toBe(algorithm);
  });

  it('leave a port to its bound sockets until the last socket is gone, up to 6.18', () => {
    const until = [...linuxHistories, linux].filter(({ boundUntilEmpty }) => boundUntilEmpty);
    expect(until.map(({ name }) => name)).toEqual([
      'Linux 3.10',
      'Linux 4.4',
      'Linux 4.19',
      'Linux 5.15',
      'Linux 6.12',
    ]);
  });
});

describe('Linux repeats', () => {
  it('a SYN,ACK tcp_synack_retries times, doubling from a second', () => {
    expect(secondsOf(linux, 'synAck')).toEqual([0, 1, 3, 7, 15, 31, 63]);
    const sysctl = { 'net.ipv4.tcp_synack_retries': '1' };
    expect(secondsOf(linux, 'synAck', 20, sysctl)).toEqual([0, 1, 3]);
  });

  it('a SYN for 127 s by doubling before 6.5', () => {
    expect(secondsOf(linuxOf('linux-5.12-to-5.17'), 'syn')).toEqual([0, 1, 3, 7, 15, 31, 63, 127]);
  });

  it.each([
    // tcp_model_timeout from 200 ms: 0.2, 0.6, 1.4 s; a round trip of 20 ms makes the waits longer.
    ['0', [0, 0.22, 0.66]],
    ['1', [0, 0.22, 0.66]],
    ['2', [0, 0.22, 0.66, 1.54]],
  ])('data until so much time is gone as tcp_retries2 = %s stands for', (text, expected) => {
    expect(secondsOf(linux, 'data', 20, { 'net.ipv4.tcp_retries2': text })).toEqual(expected);
  });

  it('what a closed program left behind by tcp_orphan_retries, 0 being 8', () => {
    expect(secondsOf(linux, 'orphan')).toHaveLength(10);
    const eight = { 'net.ipv4.tcp_orphan_retries': '8' };
    expect(secondsOf(linux, 'orphan', 20, eight)).toEqual(secondsOf(linux, 'orphan'));
    const one = { 'net.ipv4.tcp_orphan_retries': '1' };
    expect(secondsOf(linux, 'orphan', 20, one)).toEqual([0, 0.22, 0.66]);
  });
});
