/**
 * The machine's processes. What a process does over time is data (its program), so that a snapshot
 * holds running servers and waiting clients too; `programs.ts` says how each kind goes on.
 */

export type Program =
  /** Sits there: a kernel thread, a shell, a getty; or a command that the shell is running. */
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'server';
      readonly app: ServerApp;
      /** The directory whose files a web server serves; without one it has a single page. */
      readonly root?: string;
      /** Listening sockets in the world. */
      readonly sockets: readonly number[];
      /**
       * How many connections it has descriptors for; more wait in the listener's queue. Where it is
       * absent, the listener takes what comes.
       */
      readonly mostConnections?: number;
    }
  | {
      /** A client that keeps one connection and makes a new one every so often. */
      readonly kind: 'agent';
      readonly address: string;
      readonly port: number;
      readonly holdMs: number;
      readonly nextAtMs: number;
      readonly socket: number | null;
    }
  | RelayProgram
  | TunnelProgram
  | {
      /** A listener that serves one connection and ends with it, unless told to stay. */
      readonly kind: 'one-listener';
      readonly socket: number;
      readonly staysOpen: boolean;
      readonly peer: number | null;
    }
  /** Holds connections until they are closed from the other side or it is killed. */
  | { readonly kind: 'holder'; readonly sockets: readonly number[] }
  | { readonly kind: 'sleep'; readonly untilMs: number };

/** A proxy that passes requests on to one backend, so many a second. */
export interface RelayProgram {
  readonly kind: 'relay';
  readonly address: string;
  readonly port: number;
  readonly everyMs: number;
  /** All requests over one connection; otherwise each over one of its own, which it closes first. */
  readonly keepsAlive: boolean;
  readonly socket: number | null;
  /** The socket has been asked for, and its answer is looked at next. */
  readonly isAsking: boolean;
  readonly nextAtMs: number;
  /** Since when nothing has failed, and what has been passed on since. */
  readonly wellSinceMs: number;
  readonly passedSince: number;
  /** What the log's next summary will say. */
  readonly summary: { readonly atMs: number; readonly passed: number; readonly failed: number };
}

/** An ssh that passes connections on (tunnels.ts). */
export interface TunnelProgram {
  readonly kind: 'tunnel';
  /** Its connection to the other host. */
  readonly socket: number;
  /** The other host's name in the world, and who owns the connections that are made there. */
  readonly farHost: string;
  readonly sshd: {
    readonly pid: number;
    readonly command: string;
    readonly user: string;
    readonly uid: number;
  };
  readonly forwards: readonly {
    readonly port: number;
    /** As the other host resolves it. */
    readonly target: string;
    readonly targetPort: number;
  }[];
  readonly channels: readonly TunnelChannel[];
  /** The number of its first channel for a connection. */
  readonly firstChannel: number;
}

/** A connection that is passed on: its socket here, and the one on the other host. */
export interface TunnelChannel {
  readonly near: number;
  /** Null until it is asked for, at `asksAtMs`. */
  readonly far: number | null;
  readonly isOpen: boolean;
  readonly asksAtMs: number;
}

/** What answers on a listening socket. */
export type ServerApp = 'http' | 'http-closing' | 'ssh' | 'dns' | 'silent';

export interface Process {
  readonly pid: number;
  readonly ppid: number;
  readonly uid: number;
  readonly user: string;
  /** The kernel's name for it: 15 characters at most. */
  readonly command: string;
  /** The whole command line, for `ps`. */
  readonly args: string;
  readonly tty: string;
  readonly startedAtMs: number;
  /** The unit that started it, if any. */
  readonly service?: string;
  readonly program: Program;
}

export interface ProcessSpec extends Omit<Process, 'pid' | 'ppid' | 'startedAtMs' | 'tty'> {
  readonly ppid?: number;
  readonly tty?: string;
  readonly pid?: number;
}

export interface ProcessSnapshot {
  readonly nextPid: number;
  readonly processes: readonly Process[];
}

export class ProcessTable {
  private processes = new Map<number, Process>();
  private nextPid: number;
  private readonly now: () => number;

  constructor(now: () => number, firstPid: number) {
    this.now = now;
    this.nextPid = firstPid;
  }

  /** By pid, ascending. */
  list(): readonly Process[] {
    return [...this.processes.values()].sort((one, other) => one.pid - other.pid);
  }

  get(pid: number): Process | undefined {
    return this.processes.get(pid);
  }

  start(spec: ProcessSpec): Process {
    const pid = spec.pid ?? this.takePid();
    const process: Process = {
      ...spec,
      pid,
      ppid: spec.ppid ?? 1,
      tty: spec.tty ?? '?',
      command: spec.command.slice(0, 15),
      startedAtMs: this.now(),
    };
    this.processes.set(pid, process);
    return process;
  }

  setProgram(pid: number, program: Program): void {
    const process = this.processes.get(pid);
    if (process !== undefined) this.processes.set(pid, { ...process, program });
  }

  end(pid: number): void {
    this.processes.delete(pid);
  }

  clear(): void {
    this.processes.clear();
  }

  /** Uses up a number, as every command that comes and goes does. */
  takePid(): number {
    const pid = this.nextPid;
    this.nextPid += 1;
    return pid;
  }

  /** The number that the next process will get. */
  peekPid(): number {
    return this.nextPid;
  }

  snapshot(): ProcessSnapshot {
    return { nextPid: this.nextPid, processes: this.list() };
  }

  restore(snapshot: ProcessSnapshot): void {
    this.nextPid = snapshot.nextPid;
    this.processes = new Map(snapshot.processes.map((process) => [process.pid, process]));
  }
}
