/**
 * /proc (besides /proc/sys) and /dev: what programs read of the kernel's state. Of a process only
 * comm, cmdline and status are there.
 */

import type { Distribution } from './distribution.ts';
import type { FileErrorCode, VirtualDirectory, VirtualNode, VirtualTree } from './file-system.ts';
import type { ProcessTable } from './processes.ts';

const owned = { uid: 0, gid: 0 };

/** What /proc shows of a machine. */
export interface ProcSource {
  readonly distribution: Distribution;
  readonly world: { readonly nowMs: number };
  readonly processes: ProcessTable;
  readonly bootedAtMs: number;
  readonly loginPid: number;
  /** A file of /proc/net, or undefined where there is none of that name. */
  procNet(name: string): string | undefined;
}

export function procTrees(machine: ProcSource, now: () => number): readonly VirtualTree[] {
  const file = (read: () => string, mode = 0o444): VirtualNode => ({
    ...owned,
    kind: 'virtual',
    mode,
    modifiedAtMs: now(),
    read,
  });
  const directory = (names: () => readonly string[]): VirtualDirectory => ({
    ...owned,
    kind: 'virtual-directory',
    mode: 0o555,
    modifiedAtMs: now(),
    names,
  });
  return [
    {
      mountPoint: '/proc',
      find(path) {
        const parts = path.split('/').slice(2);
        if (parts.length === 0)
          return directory(() => [
            ...machine.processes.list().map((one) => String(one.pid)),
            ...procNames,
          ]);
        if (parts[0] === 'net') return netEntry(machine, parts, file, directory);
        if (parts.length === 1) {
          const text = procFile(machine, parts[0] ?? '');
          if (text !== undefined) return file(() => text);
        }
        return processEntry(machine, parts, file, directory);
      },
    },
    { mountPoint: '/dev', find: (path) => deviceEntry(path, directory, now) },
  ];
}

const procNames = ['cpuinfo', 'loadavg', 'net', 'sys', 'uptime', 'version'];

function procFile(machine: ProcSource, name: string): string | undefined {
  const upMs = machine.world.nowMs - machine.bootedAtMs;
  switch (name) {
    case 'version':
      return `Linux version ${machine.distribution.kernelRelease} ${machine.distribution.kernelVersion}\n`;
    case 'uptime':
      return `${(upMs / 1000).toFixed(2)} ${((upMs / 1000) * 1.9).toFixed(2)}\n`;
    case 'loadavg':
      return `0.00 0.01 0.05 1/${machine.processes.list().length} ${machine.loginPid}\n`;
    case 'cpuinfo':
      return 'processor\t: 0\nmodel name\t: simulated\n';
    default:
      return undefined;
  }
}

const procNetNames = [
  'arp',
  'dev',
  'netstat',
  'raw',
  'route',
  'snmp',
  'sockstat',
  'sockstat6',
  'tcp',
  'tcp6',
  'udp',
  'udp6',
];

type MakeFile = (read: () => string, mode?: number) => VirtualNode;
type MakeDirectory = (names: () => readonly string[]) => VirtualDirectory;

function netEntry(
  machine: ProcSource,
  parts: readonly string[],
  file: MakeFile,
  directory: MakeDirectory,
) {
  if (parts.length === 1) return directory(() => procNetNames);
  const name = parts[1] ?? '';
  return machine.procNet(name) === undefined || parts.length > 2
    ? undefined
    : file(() => machine.procNet(name) ?? '');
}

function processEntry(
  machine: ProcSource,
  parts: readonly string[],
  file: MakeFile,
  directory: MakeDirectory,
) {
  const process = machine.processes.get(Number(parts[0] === 'self' ? machine.loginPid : parts[0]));
  if (process === undefined) return undefined;
  if (parts.length === 1) return directory(() => ['cmdline', 'comm', 'status']);
  switch (parts[1]) {
    case 'comm':
      return file(() => `${process.command}\n`);
    case 'cmdline':
      return file(() => `${process.args.replaceAll(' ', '\0')}\0`);
    case 'status':
      return file(
        () =>
          `Name:\t${process.command}\nState:\tS (sleeping)\nPid:\t${process.pid}\nPPid:\t${process.ppid}\nUid:\t${process.uid}\n`,
      );
    default:
      return undefined;
  }
}

function deviceEntry(
  path: string,
  directory: MakeDirectory,
  now: () => number,
): VirtualNode | VirtualDirectory | undefined {
  const name = path.slice('/dev/'.length);
  if (path === '/dev') return directory(() => ['full', 'null', 'random', 'tty', 'urandom', 'zero']);
  const device = (read: () => string, write: () => FileErrorCode | null): VirtualNode => ({
    ...owned,
    kind: 'virtual',
    isDevice: true,
    mode: 0o666,
    modifiedAtMs: now(),
    read,
    write,
  });
  switch (name) {
    case 'null':
    case 'tty':
    case 'stdin':
      return device(
        () => '',
        () => null,
      );
    case 'zero':
      return device(
        () => '\0'.repeat(65_536),
        () => null,
      );
    case 'full':
      return device(
        () => '\0'.repeat(65_536),
        () => 'ENOSPC',
      );
    case 'random':
    case 'urandom':
      return device(
        () => pseudoRandom(4096),
        () => null,
      );
    default:
      return undefined;
  }
}

/** Bytes that look like noise; nothing on this machine needs them to be more. */
function pseudoRandom(count: number): string {
  let state = 0x9e3779b9;
  let bytes = '';
  for (let index = 0; index < count; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes += String.fromCharCode(state & 0xff);
  }
  return bytes;
}
