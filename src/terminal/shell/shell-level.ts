/**
 * One interactive shell: whose it is and what it has been told to remember. A second one lies on top after
 * `sudo -i`, `su` or `bash`. What is kept of it is plain data.
 */

import type { Distribution } from '../linux/distribution.ts';
import type { LinuxHost } from '../linux/linux-host.ts';
import type { User } from '../linux/users.ts';
import type { FunctionDef } from './just-bash/syntax.ts';
import { Variables, type SavedVariable } from './language/variables.ts';
import { mostDescriptors, ShellState } from './shell-state.ts';

/** A shell as JSON can carry it. */
export interface SavedLevel {
  readonly user: User;
  readonly cwd: string;
  readonly variables: readonly SavedVariable[];
  readonly functions: readonly FunctionDef[];
  readonly aliases: readonly (readonly [string, string])[];
  readonly options: readonly string[];
  readonly shopts: readonly string[];
  readonly traps: readonly (readonly [string, string])[];
  readonly positional: readonly string[];
  readonly status: number;
  readonly umask: number;
  readonly random: number;
  readonly lastJob: number;
  readonly descriptorLimit: number;
  /** Absent in what was kept before there was one. */
  readonly hardDescriptorLimit?: number;
  readonly directoryStack: readonly string[];
  readonly pid: number;
  readonly startedAtMs: number;
}

/** The variables that a user's programs find in a fresh session. */
function freshEnvironment(
  user: User,
  distribution: Distribution,
  hostName: string,
): Record<string, string> {
  return {
    HOME: user.home,
    HOSTNAME: hostName,
    LANG: 'C.UTF-8',
    LOGNAME: user.name,
    MAIL: `/var/spool/mail/${user.name}`,
    PATH: distribution.path,
    PWD: user.home,
    SHELL: user.shell,
    TERM: 'xterm-256color',
    USER: user.name,
  };
}

/** A new interactive shell of a user. */
export function freshLevel(machine: LinuxHost, user: User, cwd: string): ShellState {
  const state = new ShellState(user, cwd, machine.loginPid, machine.world.nowMs);
  const env = freshEnvironment(user, machine.distribution, machine.hostName());
  for (const [name, value] of Object.entries({ ...env, PWD: cwd })) {
    state.variables.set(name, value);
    state.variables.declareGlobal(name).isExported = true;
  }
  freshState(state);
  state.aliases.set('ll', 'ls -l');
  state.options.add('emacs').add('histexpand').add('history').add('monitor');
  state.shopts.add('expand_aliases').add('histappend');
  return state;
}

/** What every shell sets for itself where it has not inherited it. */
export function freshState({ variables, cwd }: ShellState): void {
  variables.set('IFS', ' \t\n');
  variables.set('OPTIND', '1');
  variables.set('PS4', '+ ');
  variables.set('PWD', cwd);
  const level = Number(variables.get('SHLVL') ?? '0');
  variables.set('SHLVL', String(Number.isFinite(level) ? level + 1 : 1));
  for (const name of ['PWD', 'SHLVL']) variables.declareGlobal(name).isExported = true;
  if (variables.get('PATH') === undefined)
    variables.set('PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin');
}

export function saveLevel(state: ShellState): SavedLevel {
  return {
    user: state.user,
    cwd: state.cwd,
    variables: state.variables.save(),
    functions: [...state.functions.values()],
    aliases: [...state.aliases],
    options: [...state.options],
    shopts: [...state.shopts],
    traps: [...state.traps],
    positional: state.positional,
    status: state.status,
    umask: state.umask,
    random: state.random,
    lastJob: state.lastJob,
    descriptorLimit: state.descriptorLimit,
    hardDescriptorLimit: state.hardDescriptorLimit,
    directoryStack: state.directoryStack,
    pid: state.shellPid,
    startedAtMs: state.startedAtMs,
  };
}

export function restoreLevel(saved: SavedLevel): ShellState {
  const state = new ShellState(saved.user, saved.cwd, saved.pid, saved.startedAtMs);
  state.variables = Variables.from(saved.variables);
  state.functions = new Map(saved.functions.map((one) => [one.name, one]));
  state.aliases = new Map(saved.aliases);
  state.options = new Set(saved.options);
  state.shopts = new Set(saved.shopts);
  state.traps = new Map(saved.traps);
  state.positional = saved.positional;
  state.status = saved.status;
  state.umask = saved.umask;
  state.random = saved.random;
  state.lastJob = saved.lastJob;
  state.descriptorLimit = saved.descriptorLimit;
  state.hardDescriptorLimit = saved.hardDescriptorLimit ?? mostDescriptors;
  state.directoryStack = saved.directoryStack;
  return state;
}

export function prompt(
  { user, cwd }: Pick<ShellState, 'user' | 'cwd'>,
  distribution: Distribution,
  hostName: string,
): string {
  const mark = user.uid === 0 ? '#' : '$';
  const isHome = cwd === user.home;
  if (distribution.promptStyle === 'brackets') {
    const place = isHome ? '~' : cwd === '/' ? '/' : cwd.slice(cwd.lastIndexOf('/') + 1);
    return `[${user.name}@${hostName} ${place}]${mark} `;
  }
  const place = isHome
    ? '~'
    : cwd.startsWith(`${user.home}/`)
      ? `~${cwd.slice(user.home.length)}`
      : cwd;
  return `${user.name}@${hostName}:${place}${mark} `;
}
