/**
 * One interactive shell: whose it is, where it stands, and what it has been told to remember. A
 * second one lies on top after `sudo -i`, `su` or `bash`. Plain data; the library keeps nothing
 * between two lines.
 */

import type { Distribution } from '../linux/distribution.ts';
import type { User } from '../linux/users.ts';

export interface ShellLevel {
  readonly user: User;
  readonly cwd: string;
  /** `declare …` lines that make the variables again. */
  readonly variables: string;
  /** Functions by name, as source. */
  readonly functions: Readonly<Record<string, string>>;
  readonly aliases: Readonly<Record<string, string>>;
  /** `set` and `shopt` lines that differ from the defaults. */
  readonly options: string;
  readonly status: number;
}

export function freshLevel(
  user: User,
  distribution: Distribution,
  cwd: string,
  hostName: string,
): ShellLevel {
  const values: Readonly<Record<string, string>> = {
    HOME: user.home,
    HOSTNAME: hostName,
    LANG: 'C.UTF-8',
    LOGNAME: user.name,
    MAIL: `/var/spool/mail/${user.name}`,
    PATH: distribution.path,
    PWD: cwd,
    SHELL: user.shell,
    TERM: 'xterm-256color',
    USER: user.name,
  };
  return {
    user,
    cwd,
    variables: Object.entries(values)
      .map(([name, value]) => `declare -x ${name}=${quote(value)}`)
      .join('\n'),
    functions: {},
    aliases: { ll: 'ls -l' },
    options: '',
    status: 0,
  };
}

export function prompt(level: ShellLevel, distribution: Distribution, hostName: string): string {
  const { user, cwd } = level;
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

/** A word that the shell takes as it is. */
export function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Variables that the library makes itself, or that only serve the machine. */
const notKept =
  /^declare -\S+ (?:BASHOPTS|SHELLOPTS|PIPESTATUS|BASH_\w+|HOSTTYPE|MACHTYPE|OSTYPE|OPTIND|IFS|FUNCNAME|\?|__\w+)(?:=|$)/;

/** The lines of `declare -p` that are worth keeping; a value may span several lines. */
export function keptVariables(declared: string): string {
  const entries: string[] = [];
  for (const line of declared.split('\n')) {
    if (/^declare -\S+ /.test(line)) entries.push(line);
    else if (entries.length > 0) entries[entries.length - 1] += `\n${line}`;
  }
  return entries
    .map((entry) => entry.trimEnd())
    .filter((entry) => !notKept.test(entry))
    .join('\n');
}
