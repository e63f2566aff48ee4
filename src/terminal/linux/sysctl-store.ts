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
    const trimmed = value.trim();
    if (/^-?\d+$/.test(before) && !/^-?\d+$/.test(trimmed)) return 'EINVAL';
    this.others.set(key, trimmed);
    return null;
  }

  snapshot(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.others);
  }

  restore(others: Readonly<Record<string, string>>): void {
    this.others = new Map(Object.entries(others));
  }
}

const mountPoint = '/proc/sys';

/** `net.ipv4.ip_forward` and `net/ipv4/ip_forward` both name /proc/sys/net/ipv4/ip_forward. */
export function sysctlPath(key: string): string {
  return `${mountPoint}/${sysctlName(key).replaceAll('.', '/')}`;
}

/** The dotted form of a key written with dots or slashes (the first separator decides). */
export function sysctlName(key: string): string {
  const firstSlash = key.indexOf('/');
  const firstDot = key.indexOf('.');
  if (firstSlash === -1 || (firstDot !== -1 && firstDot < firstSlash)) return key;
  return key.replaceAll('/', '.');
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
