/** What Tab offers: commands, files, sysctl keys, services, hosts. */

import { FileError, may, rootIdentity, resolvePath, type Identity } from '../linux/file-system.ts';
import type { LinuxHost } from '../linux/linux-host.ts';
import { neighbours } from '../linux/neighbourhood.ts';
import type { Completion } from '../machine.ts';
import type { Shell } from './shell.ts';

const serviceVerbs = [
  'disable',
  'enable',
  'is-active',
  'is-enabled',
  'list-units',
  'reload',
  'restart',
  'start',
  'status',
  'stop',
];

/** Programs that are given a host's name. */
const takesHosts: ReadonlySet<string> = new Set(
  'ssh nc curl ping dig host wget telnet nmap'.split(' '),
);

export function completeLine(
  machine: LinuxHost,
  shell: Shell,
  line: string,
  cursor: number,
): Completion {
  const before = line.slice(0, cursor);
  const from =
    Math.max(
      before.lastIndexOf(' '),
      before.lastIndexOf('|'),
      before.lastIndexOf(';'),
      before.lastIndexOf('>'),
      before.lastIndexOf('<'),
    ) + 1;
  const word = before.slice(from);
  const command =
    before.slice(0, from).split(/[|;&]/).at(-1)?.trim().split(/\s+/).filter(Boolean) ?? [];
  while (command[0] === 'sudo' || command[0] === 'watch' || command[0] === 'man') command.shift();
  const isRedirection = /[<>]\s*$/.test(before.slice(0, from));
  const choices =
    command.length === 0 && !isRedirection && !word.includes('/')
      ? shell.commandNames().filter((name) => name.startsWith(word))
      : (special(machine, command, word) ?? files(machine, shell, word));
  return { from, choices: [...new Set(choices)].sort() };
}

function special(
  machine: LinuxHost,
  command: readonly string[],
  word: string,
): string[] | undefined {
  const [name] = command;
  if (name === 'sysctl' && !word.startsWith('-') && !command.some((one) => one === '-p')) {
    return machine.sysctls.keys().filter((key) => key.startsWith(word));
  }
  if (name === 'systemctl') {
    const list =
      command.length === 1 ? serviceVerbs : machine.services.list().map(({ spec }) => spec.name);
    return list.filter((one) => one.startsWith(word));
  }
  if (name === 'service')
    return machine.services
      .list()
      .map(({ spec }) => spec.name)
      .filter((one) => one.startsWith(word));
  if (name !== undefined && takesHosts.has(name)) {
    const hosts = neighbours
      .flatMap((neighbour) => neighbour.names)
      .filter((one) => one.startsWith(word));
    if (hosts.length > 0 && word !== '') return hosts;
  }
  return undefined;
}

function files(machine: LinuxHost, shell: Shell, word: string): string[] {
  const { level } = shell;
  const who: Identity = { uid: level.user.uid, gid: level.user.gid };
  const slash = word.lastIndexOf('/') + 1;
  const shown = word.slice(0, slash);
  const expanded = shown.startsWith('~/') ? `${level.user.home}/${shown.slice(2)}` : shown;
  const directory = resolvePath(level.cwd, expanded === '' ? '.' : expanded);
  const start = word.slice(slash);
  try {
    return machine.files.list(directory, who).flatMap((name) => {
      if (!name.startsWith(start) || (name.startsWith('.') && !start.startsWith('.'))) return [];
      const node = machine.files.exists(resolvePath(directory, name), rootIdentity)
        ? machine.files.node(resolvePath(directory, name), rootIdentity)
        : undefined;
      const isDirectory = node?.kind === 'directory' || node?.kind === 'virtual-directory';
      return node === undefined || (isDirectory && !may(node, who, 1))
        ? [`${shown}${name}`]
        : [`${shown}${name}${isDirectory ? '/' : ''}`];
    });
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}
