/**
 * The machine's services as systemd sees them: started, stopped, reloaded, enabled, failed. A
 * server's ports come from its configuration file, read at every start and reload, and a port that
 * is taken makes the start fail as the real program would.
 */

import type { ListenSpec } from '../../network/scenario/scenario.ts';
import type { HostInterface } from '../../network/world.ts';
import type { Distribution, ServiceSpec } from './distribution.ts';
import { strerror } from './error-texts.ts';
import type { ProcessTable } from './processes.ts';
import { newRelay } from './relay.ts';
import type { User } from './users.ts';

/** The machine whose services they are. */
export interface ServiceMachine {
  readonly distribution: Distribution;
  readonly world: { readonly nowMs: number };
  readonly host: HostInterface;
  readonly processes: ProcessTable;
  users(): readonly User[];
  /** A name's address, or undefined where nobody knows it. */
  resolve(name: string): string | undefined;
  /** A file's text as root reads it, or undefined where there is none. */
  readText(path: string): string | undefined;
  /** The lowest descriptor that the process has free. */
  nextFd(pid: number): number;
  endProcess(pid: number): void;
}

export interface ServiceState {
  readonly name: string;
  readonly active: 'active' | 'inactive' | 'failed';
  readonly isEnabled: boolean;
  readonly pid: number | null;
  readonly sinceMs: number;
  /** Made impossible to start. */
  readonly isMasked?: boolean;
  readonly log: readonly JournalEntry[];
}

/** A line of the journal: when, what was said, and by which process (1: systemd itself). */
export interface JournalEntry {
  readonly atMs: number;
  readonly text: string;
  readonly pid?: number;
}

export type ServiceOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly problem: string };

export class ServiceManager {
  /** Told when a service has begun or is about to end by systemctl's doing, with its name. */
  whenTurned: (name: string, isBeginning: boolean) => void = () => undefined;
  private states: Map<string, ServiceState>;
  private readonly machine: ServiceMachine;

  constructor(machine: ServiceMachine, specs: readonly ServiceSpec[]) {
    this.machine = machine;
    this.states = new Map(
      specs.map((spec) => [
        spec.name,
        {
          name: spec.name,
          active: 'inactive',
          isEnabled: spec.isEnabled,
          pid: null,
          sinceMs: 0,
          log: [],
        },
      ]),
    );
  }

  list(): readonly { readonly spec: ServiceSpec; readonly state: ServiceState }[] {
    return this.machine.distribution.services.flatMap((spec) => {
      const state = this.states.get(spec.name);
      return state === undefined ? [] : [{ spec, state }];
    });
  }

  /** By name or alias, with or without `.service`. */
  find(name: string): { readonly spec: ServiceSpec; readonly state: ServiceState } | undefined {
    const plain = name.replace(/\.service$/, '');
    return this.list().find(({ spec }) => spec.name === plain || spec.aliases?.includes(plain));
  }

  snapshot(): readonly ServiceState[] {
    return [...this.states.values()];
  }

  restore(states: readonly ServiceState[]): void {
    this.states = new Map(states.map((state) => [state.name, state]));
  }

  start(name: string): ServiceOutcome {
    const found = this.find(name);
    if (found === undefined) return { ok: false, problem: `Unit ${name}.service not found.` };
    if (found.state.active === 'active') return { ok: true };
    const { spec } = found;
    const { work } = spec;
    if (this.isTalkative) this.log(spec.name, `Starting ${this.titleOf(spec)}...`, 1);
    const uid = this.machine.users().find((user) => user.name === spec.user)?.uid ?? 0;
    const process = this.machine.processes.start({
      uid,
      user: spec.user,
      command: spec.command,
      args: spec.args,
      service: spec.name,
      program: { kind: 'idle' },
    });
    if (work.kind === 'server') {
      const opened = this.open(spec, process.pid, []);
      if (!opened.ok) {
        this.machine.processes.end(process.pid);
        this.log(spec.name, opened.problem, process.pid);
        this.failed(spec);
        return opened;
      }
      this.machine.processes.setProgram(process.pid, {
        kind: 'server',
        app: work.app,
        sockets: opened.sockets,
      });
      this.sayListening(spec, process.pid, opened.sockets);
    }
    if (work.kind === 'relay') {
      const problem = this.relay(spec, process.pid);
      if (problem !== null) {
        this.machine.processes.end(process.pid);
        this.log(spec.name, problem, process.pid);
        this.failed(spec);
        return { ok: false, problem };
      }
    }
    if (work.kind === 'agent') {
      const address = this.machine.resolve(work.host) ?? work.host;
      this.machine.processes.setProgram(process.pid, {
        kind: 'agent',
        address,
        port: work.port,
        holdMs: work.holdMs,
        nextAtMs: this.machine.world.nowMs,
        socket: null,
      });
    }
    this.change(spec.name, { active: 'active', pid: process.pid });
    this.log(spec.name, `Started ${this.titleOf(spec)}.`, 1);
    this.whenTurned(spec.name, true);
    return { ok: true };
  }

  stop(name: string): ServiceOutcome {
    const found = this.find(name);
    if (found === undefined) return { ok: false, problem: `Unit ${name}.service not loaded.` };
    const { spec, state } = found;
    const isRunning = state.active === 'active';
    if (!isRunning && this.isTalkative) {
      if (state.active !== 'failed') return { ok: true };
      this.change(spec.name, { active: 'inactive' });
      return { ok: true };
    }
    if (this.isTalkative) this.log(spec.name, `Stopping ${this.titleOf(spec)}...`, 1);
    if (state.pid !== null && spec.saysEnding !== undefined)
      this.log(spec.name, spec.saysEnding, state.pid);
    this.whenTurned(spec.name, false);
    // Out of the table first, so that its end does not look like an accident.
    this.change(spec.name, { active: 'inactive', pid: null });
    if (state.pid !== null) this.machine.endProcess(state.pid);
    if (this.isTalkative) this.log(spec.name, `${spec.name}.service: Deactivated successfully.`, 1);
    this.log(spec.name, `Stopped ${this.titleOf(spec)}.`, 1);
    return { ok: true };
  }

  /** Reads the configuration again: new ports are opened, dropped ones closed, connections stay. */
  reload(name: string): ServiceOutcome {
    const found = this.find(name);
    if (found?.state.active !== 'active' || found.state.pid === null) {
      return { ok: false, problem: `Unit ${name}.service is not active.` };
    }
    const { spec, state } = found;
    const process = state.pid === null ? undefined : this.machine.processes.get(state.pid);
    if (spec.work.kind === 'relay' && process?.program.kind === 'relay') {
      const { socket } = process.program;
      const problem = this.relay(spec, process.pid);
      if (problem !== null) {
        this.log(spec.name, problem);
        return { ok: false, problem };
      }
      if (socket !== null) this.machine.host.close(socket);
      this.log(spec.name, `Reloaded ${this.titleOf(spec)}.`, 1);
      return { ok: true };
    }
    if (spec.work.kind !== 'server' || process?.program.kind !== 'server') {
      this.whenTurned(spec.name, true);
      return { ok: true };
    }
    const opened = this.open(spec, process.pid, process.program.sockets);
    if (!opened.ok) {
      this.log(spec.name, opened.problem, process.pid);
      // sshd runs itself again on SIGHUP and is gone if it cannot bind; others keep the old sockets.
      if (spec.work.app === 'ssh') {
        this.change(spec.name, { active: 'failed', pid: null });
        this.machine.endProcess(process.pid);
        this.log(spec.name, `${spec.description} failed.`, 1);
      }
      return opened;
    }
    this.machine.processes.setProgram(process.pid, { ...process.program, sockets: opened.sockets });
    if (spec.saysReloading !== undefined) {
      this.log(spec.name, spec.saysReloading, process.pid);
      this.sayListening(spec, process.pid, opened.sockets);
    }
    this.log(spec.name, `Reloaded ${this.titleOf(spec)}.`, 1);
    return { ok: true };
  }

  enable(name: string, isEnabled: boolean): ServiceOutcome {
    const found = this.find(name);
    if (found === undefined) {
      return {
        ok: false,
        problem: `Failed to ${isEnabled ? 'enable' : 'disable'} unit: Unit file ${name}.service does not exist.`,
      };
    }
    this.change(found.spec.name, { isEnabled });
    return { ok: true };
  }

  /** Makes it impossible to start, or possible again. */
  mask(name: string, isMasked: boolean): void {
    const found = this.find(name);
    if (found !== undefined) this.change(found.spec.name, { isMasked });
  }

  /** Forgets that it has failed. */
  resetFailed(name: string): void {
    const found = this.find(name);
    if (found?.state.active === 'failed') this.change(found.spec.name, { active: 'inactive' });
  }

  /** A service's process has ended without systemctl's doing. */
  processEnded(pid: number, how: 'killed' | 'exited'): void {
    for (const state of this.states.values()) {
      if (state.pid !== pid) continue;
      this.change(state.name, { active: how === 'killed' ? 'failed' : 'inactive', pid: null });
      this.log(state.name, `Main process ${how}.`, 1);
    }
  }

  /** At boot: everything is down, and what is enabled starts. */
  boot(isFirst: boolean): void {
    for (const { spec, state } of this.list()) {
      this.change(spec.name, { active: 'inactive', pid: null });
      if (isFirst ? spec.startsAtBoot : state.isEnabled) this.start(spec.name);
    }
  }

  /** Has a proxy's process begin by its configuration; the problem, where that cannot be read. */
  private relay(spec: ServiceSpec, pid: number): string | null {
    if (spec.work.kind !== 'relay') return null;
    const { configPath, config, perSecond } = spec.work;
    const read = config(this.machine.readText(configPath) ?? '');
    if (!read.ok) return read.problem;
    const { host, port, keepsAlive } = read;
    const address = this.machine.resolve(host) ?? host;
    const everyMs = 1000 / perSecond;
    this.machine.processes.setProgram(
      pid,
      newRelay({ address, port, everyMs, keepsAlive }, this.machine.world.nowMs),
    );
    return null;
  }

  private open(
    spec: ServiceSpec,
    pid: number,
    held: readonly number[],
  ):
    | { readonly ok: true; readonly sockets: readonly number[] }
    | { readonly ok: false; readonly problem: string } {
    if (spec.work.kind !== 'server') return { ok: true, sockets: [] };
    const text =
      spec.work.configPath === undefined ? '' : this.machine.readText(spec.work.configPath);
    const config = spec.work.config(text ?? '');
    if (!config.ok) return config;
    const keep = held.filter((id) => config.listens.some((listen) => this.isOpen(id, listen)));
    const wanted = config.listens.filter((listen) => !keep.some((id) => this.isOpen(id, listen)));
    for (const id of held) if (!keep.includes(id)) this.machine.host.close(id);
    const sockets = [...keep];
    const uid = this.machine.users().find((user) => user.name === spec.user)?.uid ?? 0;
    for (const listen of wanted) {
      const owner = {
        pid,
        command: spec.command,
        user: spec.user,
        uid,
        fd: this.machine.nextFd(pid),
      };
      const result = this.machine.host.listen(listen.protocol, listen.address, listen.port, {
        reuseAddress: true,
        ...(listen.ipv6Only !== undefined && { ipv6Only: listen.ipv6Only }),
        owner,
        privileged: uid === 0 || spec.bindsAsRoot === true,
        ...(spec.work.backlog !== undefined && { backlog: spec.work.backlog }),
        responds: spec.work.app !== 'silent',
      });
      if (!result.ok) {
        for (const id of sockets) this.machine.host.close(id);
        return { ok: false, problem: spec.work.bindProblem(listen, strerror(result.error)) };
      }
      sockets.push(result.value);
    }
    return { ok: true, sockets };
  }

  private isOpen(id: number, listen: ListenSpec): boolean {
    const socket = this.machine.host.socket(id);
    return (
      socket?.protocol === listen.protocol &&
      socket.localPort === listen.port &&
      socket.localAddress === listen.address
    );
  }

  private change(name: string, change: Partial<ServiceState>): void {
    const state = this.states.get(name);
    if (state === undefined) return;
    const isTurn = change.active !== undefined && change.active !== state.active;
    this.states.set(name, {
      ...state,
      ...change,
      ...(isTurn && { sinceMs: this.machine.world.nowMs }),
    });
  }

  /** Newer versions of systemd say what they are about to do, too. */
  private get isTalkative(): boolean {
    return this.machine.distribution.systemd > 219;
  }

  private titleOf(spec: ServiceSpec): string {
    return this.isTalkative ? `${spec.name}.service - ${spec.description}` : spec.description;
  }

  private failed(spec: ServiceSpec): void {
    this.change(spec.name, { active: 'failed', pid: null });
    if (!this.isTalkative) return;
    const unit = `${spec.name}.service`;
    this.log(spec.name, `${unit}: Control process exited, code=exited, status=1/FAILURE`, 1);
    this.log(spec.name, `${unit}: Failed with result 'exit-code'.`, 1);
    this.log(spec.name, `Failed to start ${this.titleOf(spec)}.`, 1);
  }

  private sayListening(spec: ServiceSpec, pid: number, sockets: readonly number[]): void {
    for (const id of sockets) {
      const socket = this.machine.host.socket(id);
      if (socket === undefined || spec.saysListening === undefined) continue;
      const { localAddress: address, localPort: port, protocol } = socket;
      this.log(spec.name, spec.saysListening({ address, port, protocol }), pid);
    }
  }

  /**
   * A line in the service's journal.
   * @param pid who says it; the service's own process where that is not said
   */
  log(name: string, text: string, pid?: number): void {
    const state = this.states.get(name);
    if (state === undefined) return;
    const by = pid ?? state.pid;
    const entry = { atMs: this.machine.world.nowMs, text, ...(by !== null && { pid: by }) };
    const log = [...state.log, entry].slice(-20);
    this.states.set(name, { ...state, log });
  }
}
