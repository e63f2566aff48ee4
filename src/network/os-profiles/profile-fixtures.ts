/** A system's settings, what they say, and ports in turn, for the tests of the profiles. */

import { Random } from '../../time-and-chance/random.ts';
import { chooseInTurn, portsOf, requestOf } from '../port-selection/selection-fixtures.ts';
import type { Protocol } from '../protocol.ts';
import { SysctlTable } from '../sysctl/sysctl-table.ts';
import type { OsProfile, PortSettings } from './profile.ts';
import { timetable, type ProfileTimers } from './timers.ts';

type Sysctl = Readonly<Record<string, string>>;

export function settingsOf(profile: OsProfile, sysctl: Sysctl = {}): SysctlTable {
  const settings = new SysctlTable(profile.settings);
  for (const [key, text] of Object.entries(sysctl)) {
    if (!settings.set(key, text).ok) throw new Error(`${profile.name} refuses ${key}=${text}`);
  }
  return settings;
}

/** What the system shows after a write, or its error. */
export function written(profile: OsProfile, key: string, text: string): string {
  const answer = settingsOf(profile).set(key, text);
  return answer.ok ? answer.value : answer.error;
}

export function portSettingsOf(
  profile: OsProfile,
  protocol: Protocol = 'tcp',
  sysctl: Sysctl = {},
): PortSettings {
  return profile.portSettings(settingsOf(profile, sysctl), protocol);
}

/** `low-high` of the automatic choice. */
export function rangeText(profile: OsProfile, protocol?: Protocol, sysctl?: Sysctl): string {
  const { low, high } = portSettingsOf(profile, protocol, sysctl);
  return `${low}-${high}`;
}

/** The first ports that connects to one destination are given, each kept. */
export function connectPorts(
  profile: OsProfile,
  count: number,
  protocol: Protocol = 'tcp',
  sysctl: Sysctl = {},
  seed = 1,
): number[] {
  const settings = settingsOf(profile, sysctl);
  const { low, high } = profile.portSettings(settings, protocol);
  const { connect } = profile.algorithms(new Random(seed), protocol, settings);
  return portsOf(chooseInTurn(connect, count, requestOf({ low, high })));
}

/** How far each is from the one before. */
export function stepsOf(values: readonly number[]): number[] {
  return values.slice(1).map((value, i) => value - (values[i] ?? NaN));
}

export function timersWith(profile: OsProfile, sysctl?: Sysctl): ProfileTimers {
  return profile.timers(settingsOf(profile, sysctl));
}

/** When something that nobody answers is sent, and at the end when it is given up, in seconds. */
export function secondsOf(
  profile: OsProfile,
  what: 'syn' | 'synAck' | 'data' | 'orphan',
  roundTripMs = 20,
  sysctl?: Sysctl,
): number[] {
  const { sentMs, givenUpMs } = timetable(timersWith(profile, sysctl)[what], roundTripMs);
  return [...sentMs, givenUpMs].map((ms) => ms / 1000);
}

/** How long, in milliseconds, it waits each time. */
export function waitsOf(
  profile: OsProfile,
  what: 'syn' | 'synAck' | 'data' | 'orphan',
  roundTripMs = 20,
): number[] {
  return stepsOf(secondsOf(profile, what, roundTripMs).map((second) => Math.round(second * 1000)));
}
