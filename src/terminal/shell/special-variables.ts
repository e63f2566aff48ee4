/** Variables that the shell makes when they are asked for. */

import type { ShellProcess } from './shell-process.ts';

/** A special parameter or a variable of the shell's own; undefined where the name is none. */
export function specialVariable(shell: ShellProcess, name: string): string | undefined {
  const { state, session } = shell;
  const { machine } = session.options;
  switch (name) {
    case '?':
      return String(state.status);
    case '#':
      return String(state.positional.length);
    case '$':
      return String(state.shellPid);
    case '!':
      return state.lastJob === 0 ? '' : String(state.lastJob);
    case '-':
      return optionLetters(state.options, shell.isInteractive);
    case '_':
      return state.lastArgument;
    case '0':
      return state.name;
    case 'BASHPID':
      return String(state.pid);
    case 'PPID':
      return String(machine.processes.get(state.shellPid)?.ppid ?? 1);
    case 'UID':
    case 'EUID':
      return String(state.user.uid);
    case 'LINENO':
      return String(state.line);
    case 'SECONDS':
      return String(Math.floor((machine.world.nowMs - state.startedAtMs) / 1000));
    case 'EPOCHSECONDS':
      return String(Math.floor(machine.epochNowMs / 1000));
    case 'EPOCHREALTIME':
      return (machine.epochNowMs / 1000).toFixed(6);
    case 'RANDOM':
      state.random = (Math.imul(state.random, 1_103_515_245) + 12_345) >>> 0;
      return String((state.random >>> 16) & 0x7fff);
    case 'SRANDOM':
      state.random = (Math.imul(state.random, 1_664_525) + 1_013_904_223) >>> 0;
      return String(state.random);
    case 'FUNCNAME':
      return state.callStack.at(-1);
    case 'PIPESTATUS':
      return String(state.pipeStatus[0] ?? 0);
    case 'BASH_VERSION':
      return '5.2.15(1)-release';
    case 'HOSTTYPE':
      return 'x86_64';
    case 'MACHTYPE':
      return 'x86_64-pc-linux-gnu';
    case 'OSTYPE':
      return 'linux-gnu';
    case 'BASH':
      return '/bin/bash';
    case 'SHELLOPTS':
      return [...state.options].sort().join(':');
    case 'BASHOPTS':
      return [...state.shopts].sort().join(':');
    case 'GROUPS':
      return String(state.user.gid);
    default:
      return undefined;
  }
}

const letters: Readonly<Record<string, string>> = {
  allexport: 'a',
  errexit: 'e',
  noglob: 'f',
  hashall: 'h',
  noexec: 'n',
  nounset: 'u',
  verbose: 'v',
  xtrace: 'x',
  braceexpand: 'B',
  noclobber: 'C',
};

function optionLetters(options: ReadonlySet<string>, isInteractive: boolean): string {
  const on = Object.entries(letters).flatMap(([name, letter]) =>
    options.has(name) ? [letter] : [],
  );
  const small = on.filter((letter) => letter === letter.toLowerCase()).sort();
  const large = on.filter((letter) => letter !== letter.toLowerCase()).sort();
  return [...small, ...(isInteractive ? ['i'] : []), ...large, ...(isInteractive ? ['s'] : [])]
    .sort((one, other) => rank(one) - rank(other))
    .join('');
}

const rank = (letter: string) => 'aefhimnuvxBCHs'.indexOf(letter);
