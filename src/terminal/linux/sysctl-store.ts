/**
 * All kernel parameters of a machine: the network's are the engine's own, the rest (kernel.*, fs.*,
 * vm.*) are kept here. /proc/sys is this store seen as files.
 */

import type { FileErrorCode, VirtualDirectory, VirtualNode, VirtualTree } from './file-system.ts';
import type { HostInterface } from '../../network/world.ts';

export class SysctlStore {
  /** When each line of the kernel's log about parameters was written, virtual milliseconds. */
  logTimes: number[] = [];
  private others: Map<string, string>;
  private readonly now: () => number;
  private readonly readOnly: ReadonlySet<string>;
  private readonly host: HostInterface;

  constructor(
    host: HostInterface,
    others: Readonly<Record<string, string>>,
    readOnly: readonly string[],
    now: () => number,
  ) {
    this.host = host;
    this.now = now;
    this.others = new Map(Object.entries(others));
    this.readOnly = new Set(readOnly);
  }

  /** Sorted as `sysctl -a` lists them. */
  keys(): readonly string[] {
    return [...new Set([...this.others.keys(), ...this.host.sysctl.keys()])].sort();
  }

  get(key: string): string | undefined {
    return this.others.get(key) ?? this.host.sysctl.get(key);
  }

  isReadOnly(key: string): boolean {
    return this.readOnly.has(key);
  }

  /** Null when taken. */
  set(key: string, value: string): FileErrorCode | null {
    if (this.readOnly.has(key)) return 'EACCES';
    const before = this.others.get(key);
    if (before === undefined) {
      const result = this.host.sysctl.set(key, value);
      for (let line = this.logTimes.length; line < this.host.sysctl.log().length; line++)
        this.logTimes.push(this.now());
      if (result.ok) return null;
      return result.error === 'ENOENT' || result.error === 'EACCES' ? result.error : 'EINVAL';
    }
    const written = otherValue(key, before, value.trim(), this.others);
    if (written === 'EINVAL' || written === 'ENOENT') return written;
    this.others.set(key, written.text);
    return null;
  }

  snapshot(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.others);
  }

  restore(others: Readonly<Record<string, string>>): void {
    this.others = new Map(Object.entries(others));
  }
}

/** Numbers stay numbers, as many as there were: those that are not written keep their values. */
function otherValue(
  key: string,
  before: string,
  written: string,
  others: ReadonlyMap<string, string>,
): { readonly text: string } | 'EINVAL' | 'ENOENT' {
  if (key === 'net.ipv4.tcp_congestion_control') {
    const known = others.get('net.ipv4.tcp_available_congestion_control') ?? '';
    return known.split(' ').includes(written) ? { text: written } : 'ENOENT';
  }
  const old = before.split('\t');
  if (!old.every((part) => /^-?\d+$/.test(part))) return { text: written };
  const fresh = written.split(/\s+/).slice(0, old.length);
  if (!fresh.every((part) => /^-?\d+$/.test(part))) return 'EINVAL';
  return { text: old.map((part, at) => fresh[at] ?? part).join('\t') };
}

const mountPoint = '/proc/sys';

export type FoundSysctl = {
  /** What is doubled, from there on: `..ipv4`. */
  readonly warning?: string;
} & (
  | { readonly kind: 'value'; readonly key: string; readonly name: string }
  | { readonly kind: 'directory'; readonly keys: readonly string[]; readonly name: string }
  | { readonly kind: 'missing'; readonly path: string; readonly error: 'ENOENT' | 'ENOTDIR' }
);

/**
 * What a key on the command line or in a file names. It is a path below /proc/sys: the first
 * separator decides whether `.` and `/` change places (procps-ng 4.0.2, src/sysctl.c:slashdot).
 */
export function findSysctl(store: SysctlStore, typed: string): FoundSysctl {
  const path = /^[^./]*\//.test(typed) ? typed : swapped(typed);
  const name = swapped(path);
  const doubled = typed.search(/[./][./]/);
  const warning = doubled === -1 ? {} : { warning: typed.slice(doubled) };
  const parts = path.split('/').filter((part) => part !== '');
  // A dot within a part of the path is no separator: no parameter here has one.
  const key = parts.some((part) => part.includes('.')) ? '' : parts.join('.');
  const full = `${mountPoint}/${path}`;
  if (store.get(key) !== undefined) {
    return path.endsWith('/')
      ? { ...warning, kind: 'missing', path: full, error: 'ENOTDIR' }
      : { ...warning, kind: 'value', key, name };
  }
  const keys = store.keys().filter((one) => one.startsWith(`${key}.`));
  return keys.length > 0 && key !== ''
    ? { ...warning, kind: 'directory', keys, name }
    : { ...warning, kind: 'missing', path: full, error: 'ENOENT' };
}

function swapped(text: string): string {
  return text.replaceAll(/[./]/g, (one) => (one === '.' ? '/' : '.'));
}

export function sysctlTree(store: SysctlStore, now: () => number): VirtualTree {
  const owned = { uid: 0, gid: 0 };
  return {
    mountPoint,
    find(path): VirtualNode | VirtualDirectory | undefined {
      const key = path.slice(mountPoint.length + 1).replaceAll('/', '.');
      if (key !== '' && store.get(key) !== undefined) {
        return {
          ...owned,
          kind: 'virtual',
          mode: store.isReadOnly(key) ? 0o444 : 0o644,
          modifiedAtMs: now(),
          read: () => `${store.get(key) ?? ''}\n`,
          write: (bytes) => store.set(key, bytes.replace(/\n$/, '')),
        };
      }
      const prefix = key === '' ? '' : `${key}.`;
      const names = new Set<string>();
      for (const candidate of store.keys()) {
        if (candidate.startsWith(prefix))
          names.add(candidate.slice(prefix.length).split('.')[0] ?? '');
      }
      if (names.size === 0) return undefined;
      return {
        ...owned,
        kind: 'virtual-directory',
        mode: 0o555,
        modifiedAtMs: now(),
        names: () => [...names],
      };
    },
  };
}
