/**
 * What makes one Linux differ from another on the terminal: its files, users, services, prompt and
 * kernel name. How it chooses ports is not here: that is the engine's OS profile.
 */

import type { ListenSpec } from '../../network/scenario/scenario.ts';
import type { ServerApp } from './processes.ts';

export interface FileSpec {
  readonly path: string;
  /** Text; absent for a directory. */
  readonly text?: string;
  readonly linkTo?: string;
  /** Permission bits; 0644 for files and 0755 for directories where absent. */
  readonly mode?: number;
  /** root where absent. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/** What a service's configuration file says, or the error its program would print. */
export type ServiceConfig =
  | { readonly ok: true; readonly listens: readonly ListenSpec[] }
  | { readonly ok: false; readonly problem: string };

export interface ServiceSpec {
  readonly name: string;
  /** Other names that systemctl takes for it. */
  readonly aliases?: readonly string[];
  readonly description: string;
  readonly unitPath: string;
  readonly isEnabled: boolean;
  readonly startsAtBoot: boolean;
  /** The kernel's name for its process, its command line, its user. */
  readonly command: string;
  readonly args: string;
  readonly user: string;
  /** It is started by root and opens its sockets before it becomes that user. */
  readonly bindsAsRoot?: boolean;
  readonly canReload: boolean;
  /** Manual pages that its unit file names, as `man:sshd(8)`. */
  readonly docs?: readonly string[];
  /** The unit file, where it says more than what is known here. */
  readonly unitText?: string;
  /** Whether an old init script of its name lies beside the unit, which Debian keeps in step. */
  readonly hasInitScript?: boolean;
  /**
   * What the program says in the journal when it listens, is told to end, is told to read
   * its configuration again.
   */
  readonly saysListening?: (listen: ListenSpec) => string;
  readonly saysEnding?: string;
  readonly saysReloading?: string;
  readonly work:
    | { readonly kind: 'idle' }
    | {
        readonly kind: 'server';
        readonly app: ServerApp;
        /** Read at every start and reload. */
        readonly configPath?: string;
        readonly config: (text: string) => ServiceConfig;
        /** How long a queue it asks of listen(); without it, as nginx does. */
        readonly backlog?: number;
        /** The line a failed bind leaves in the log. */
        readonly bindProblem: (listen: ListenSpec, reason: string) => string;
      }
    | {
        readonly kind: 'agent';
        readonly host: string;
        readonly port: number;
        readonly holdMs: number;
      }
    | {
        readonly kind: 'relay';
        /** Read at every start and reload. */
        readonly configPath: string;
        readonly config: (text: string) => RelayConfig;
        readonly perSecond: number;
      };
}

/** What a proxy's configuration file says, or the error its program would print. */
export type RelayConfig =
  | {
      readonly ok: true;
      readonly host: string;
      readonly port: number;
      readonly keepsAlive: boolean;
    }
  | { readonly ok: false; readonly problem: string };

/** Something that a machine may have installed besides what its distribution brings. */
export interface Package {
  readonly id: string;
  readonly files: readonly FileSpec[];
  readonly services: readonly ServiceSpec[];
}

export interface Distribution {
  readonly id: string;
  /** As `/etc/os-release` calls it. */
  readonly prettyName: string;
  readonly hostName: string;
  readonly address: string;
  /** Absent: IPv6 is turned off. Without an address of its own it has loopback and its link alone. */
  readonly ipv6?: { readonly address?: string };
  readonly loginUser: string;
  readonly kernelRelease: string;
  readonly kernelVersion: string;
  /** Bash's PS1 in short: `[user@host dir]$` or `user@host:dir$`. */
  readonly promptStyle: 'brackets' | 'colon';
  /** Whose words systemctl uses: version 219 or 252. */
  readonly systemd: 219 | 252;
  readonly path: string;
  readonly files: readonly FileSpec[];
  readonly services: readonly ServiceSpec[];
  /** Keys outside the engine, e.g. `kernel.pid_max`; those in `readOnlySysctls` refuse writes. */
  readonly otherSysctls: Readonly<Record<string, string>>;
  readonly readOnlySysctls: readonly string[];
}
