/** systemctl and the journal in the words of systemd 219 and 252, for units in every state. */

import { describe, expect, it } from 'vitest';
import type { ServiceSpec } from '../linux/distribution.ts';
import type { Process } from '../linux/processes.ts';
import type { ServiceState } from '../linux/services.ts';
import { journalLine } from './journal.ts';
import {
  statusLines,
  unitFileList,
  unitList,
  type Unit,
  type UnitMachine,
} from './systemctl-lists.ts';

const spec: ServiceSpec = {
  name: 'ssh',
  aliases: ['sshd', 'secure-shell'],
  description: 'OpenBSD Secure Shell server',
  unitPath: '/lib/systemd/system/ssh.service',
  isEnabled: true,
  startsAtBoot: true,
  command: 'sshd',
  args: '/usr/sbin/sshd -D',
  user: 'root',
  canReload: true,
  docs: ['man:sshd(8)', 'man:sshd_config(5)'],
  work: { kind: 'idle' },
};
const cron: ServiceSpec = {
  ...spec,
  name: 'cron',
  aliases: [],
  description: 'Background programs',
  docs: [],
  isEnabled: false,
};

/** One hour, one minute and one second after the epoch of the machine; its clock began at 09:00. */
const nowMs = 3_661_000;
function machineWith(args: string): UnitMachine {
  const process = { pid: 640, command: 'sshd', args } as Process;
  return {
    epochNowMs: Date.UTC(2026, 0, 5, 9) + nowMs,
    world: { nowMs },
    hostName: () => 'debian',
    processes: { get: (pid) => (pid === 640 ? process : undefined) },
  };
}
const machine = machineWith('sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups');

const log = [
  { atMs: 0, pid: 1, text: 'Starting ssh.service...' },
  { atMs: 1500, pid: 600, text: 'Starting is over.' },
  { atMs: 60_000, pid: 1, text: 'Starting ssh.service again...' },
  { atMs: 61_250, pid: 640, text: 'Server listening on 0.0.0.0 port 22.' },
];
const running: ServiceState = {
  name: 'ssh',
  active: 'active',
  isEnabled: true,
  pid: 640,
  sinceMs: 61_000,
  log,
};
const failed: ServiceState = { ...running, active: 'failed', pid: null, sinceMs: 3_660_500 };
const stopped: ServiceState = { ...running, active: 'inactive', pid: null, isEnabled: false };
const never: ServiceState = { ...stopped, sinceMs: 0, log: [] };
const masked: ServiceState = { ...never, isMasked: true };

const status = (state: ServiceState, version: 219 | 252, lines = 10) =>
  statusLines(machine, { spec, state }, version, lines);

describe('systemctl status', () => {
  it('of 252 tells a running unit, and what was said since its last start', () => {
    expect(status(running, 252)).toEqual([
      '● ssh.service - OpenBSD Secure Shell server',
      '     Loaded: loaded (/lib/systemd/system/ssh.service; enabled; preset: enabled)',
      '     Active: active (running) since Mon 2026-01-05 09:01:01 UTC; 1h 0min ago',
      '       Docs: man:sshd(8)',
      '             man:sshd_config(5)',
      '   Main PID: 640 (sshd)',
      '     CGroup: /system.slice/ssh.service',
      '             └─640 "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups"',
      '',
      'Jan 05 09:01:00 debian systemd[1]: Starting ssh.service again...',
      'Jan 05 09:01:01 debian sshd[640]: Server listening on 0.0.0.0 port 22.',
    ]);
  });

  it('of 219 tells it in its own columns, with all that was said', () => {
    expect(status(running, 219, 3)).toEqual([
      '● ssh.service - OpenBSD Secure Shell server',
      '   Loaded: loaded (/lib/systemd/system/ssh.service; enabled; vendor preset: enabled)',
      '   Active: active (running) since Mon 2026-01-05 09:01:01 UTC; 1h 0min ago',
      ' Main PID: 640 (sshd)',
      '   CGroup: /system.slice/ssh.service',
      '           └─640 sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups',
      '',
      'Jan 05 09:00:01 debian sshd[600]: Starting is over.',
      'Jan 05 09:01:00 debian systemd[1]: Starting ssh.service again...',
      'Jan 05 09:01:01 debian sshd[640]: Server listening on 0.0.0.0 port 22.',
    ]);
  });

  it('quotes a command line only where the process has named itself', () => {
    const [line] = statusLines(
      machineWith('/usr/sbin/sshd -D: x'),
      { spec, state: running },
      252,
      0,
    ).slice(-1);
    expect(line).toBe('             └─640 /usr/sbin/sshd -D: x');
  });

  it('says how a unit that does not run came to be so', () => {
    expect(status(failed, 252, 0)).toEqual([
      '× ssh.service - OpenBSD Secure Shell server',
      '     Loaded: loaded (/lib/systemd/system/ssh.service; enabled; preset: enabled)',
      '     Active: failed (Result: exit-code) since Mon 2026-01-05 10:01:00 UTC; 500ms ago',
      '       Docs: man:sshd(8)',
      '             man:sshd_config(5)',
    ]);
    expect(status(failed, 219, 0).slice(0, 3)).toEqual([
      '● ssh.service - OpenBSD Secure Shell server',
      '   Loaded: loaded (/lib/systemd/system/ssh.service; enabled; vendor preset: enabled)',
      '   Active: failed (Result: exit-code) since Mon 2026-01-05 10:01:00 UTC; 0s ago',
    ]);
    expect(status(stopped, 252, 0).slice(0, 3)).toEqual([
      '○ ssh.service - OpenBSD Secure Shell server',
      '     Loaded: loaded (/lib/systemd/system/ssh.service; disabled; preset: enabled)',
      '     Active: inactive (dead) since Mon 2026-01-05 09:01:01 UTC; 1h 0min ago',
    ]);
    expect(status(stopped, 219, 0)[2]).toBe('   Active: inactive (dead)');
    expect(status(never, 252)).toHaveLength(5);
    expect(status(never, 252)[2]).toBe('     Active: inactive (dead)');
    expect(status(masked, 252)).toEqual([
      '○ ssh.service',
      '     Loaded: masked (Reason: Unit ssh.service is masked.)',
      '     Active: inactive (dead)',
    ]);
    const undocumented = statusLines(machine, { spec: cron, state: never }, 252, 10);
    expect(undocumented).toHaveLength(3);
    expect(undocumented[1]).toContain('disabled; preset: disabled');
  });

  it.each([
    [1000, '1s'],
    [59_999, '59s'],
    [60_000, '1min 0s'],
    [3_599_000, '59min 59s'],
    [3_600_000, '1h 0min'],
  ])('writes %d ms as %s', (ms, written) => {
    const state = { ...running, sinceMs: nowMs - ms };
    for (const version of [219, 252] as const)
      expect(status(state, version, 0)[2]).toMatch(new RegExp(`; ${written} ago$`));
  });
});

const units: readonly Unit[] = [
  { spec, state: running },
  { spec: cron, state: { ...failed, isEnabled: false } },
];

describe('lists of units', () => {
  it('are in the columns of 219', () => {
    const style = { version: 219, hasLegend: true, isChosen: false, isAll: false } as const;
    expect(unitList(units, style)).toBe(
      '  UNIT         LOAD   ACTIVE   SUB     DESCRIPTION\n' +
        '  ssh.service  loaded active   running OpenBSD Secure Shell server\n' +
        '● cron.service loaded failed   failed  Background programs\n' +
        '\n2 loaded units listed.\n',
    );
    expect(unitList([{ spec, state: never }], style)).toContain(
      '  ssh.service loaded inactive dead    OpenBSD',
    );
    expect(unitList([], style)).toBe(
      '  UNIT LOAD   ACTIVE   SUB     DESCRIPTION\n\n0 loaded units listed.\n',
    );
  });

  it('mark what is masked, in 252', () => {
    const style = { version: 252, hasLegend: false, isChosen: true, isAll: true } as const;
    expect(unitList([{ spec, state: masked }], style)).toBe(
      '  ssh.service masked inactive dead OpenBSD Secure Shell server\n',
    );
  });

  it('of unit files have a preset and aliases in 252 alone', () => {
    expect(unitFileList(units, 219, true, () => true)).toBe(
      'UNIT FILE    STATE\n' +
        'ssh.service  enabled\n' +
        'cron.service disabled\n' +
        '\n2 unit files listed.\n',
    );
    const { aliases: _aliases, ...bare } = spec;
    const masks: Unit = { spec: { ...bare, name: 'zzz' }, state: masked };
    expect(unitFileList([...units, masks], 252, true, (name) => name !== 'sshd')).toBe(
      'UNIT FILE            STATE    PRESET\n' +
        'cron.service         disabled disabled\n' +
        'secure-shell.service alias    -\n' +
        'ssh.service          enabled  enabled\n' +
        'zzz.service          masked   enabled\n' +
        '\n4 unit files listed.\n',
    );
  });
});

describe('a line of the journal', () => {
  const entry = { atMs: 1250, pid: 640, text: 'Accepted' };
  it.each([
    ['short', 'Jan 05 09:00:01 debian sshd[640]: Accepted'],
    ['short-iso', '2026-01-05T09:00:01+0000 debian sshd[640]: Accepted'],
    ['short-precise', 'Jan 05 09:00:01.250000 debian sshd[640]: Accepted'],
    ['cat', 'Accepted'],
  ] as const)('in the form %s', (form, line) => {
    expect(journalLine(machine, spec, entry, form)).toBe(line);
  });

  it('names who spoke, and the process where it is known', () => {
    expect(journalLine(machine, spec, { atMs: 0, pid: 1, text: 'Started.' })).toBe(
      'Jan 05 09:00:00 debian systemd[1]: Started.',
    );
    expect(journalLine(machine, spec, { atMs: 0, text: 'Bye.' })).toBe(
      'Jan 05 09:00:00 debian sshd: Bye.',
    );
  });
});
