/**
 * The engine's world as the machine holds it: one that can be put back to an earlier state. The
 * engine keeps the journal; here only the hosts' handles stay valid across a restore. Wall-clock
 * time flows in through `runUntil`.
 */

import type { TraceEvent } from '../../network/trace/trace.ts';
import type { Scenario } from '../../network/scenario/scenario.ts';
import { World, type HostInterface, type WorldSnapshot } from '../../network/world.ts';

/** The trace is not kept: every tool reads the sockets, and a long session would fill memory. */
const options = { trace: 'none' } as const;

export class MachineWorld {
  private world: World;
  private readonly listeners = new Set<(event: TraceEvent) => void>();

  constructor(scenario: Scenario) {
    this.world = new World(scenario, options);
  }

  get nowMs(): number {
    return this.world.nowMs;
  }

  get nextMs(): number | null {
    return this.world.nextMs;
  }

  runUntil(ms: number): void {
    this.world.runUntil(ms);
  }

  snapshot(): WorldSnapshot {
    return this.world.snapshot();
  }

  restore(snapshot: WorldSnapshot): void {
    this.world = World.restore(snapshot, options);
    this.hear();
  }

  /** Calls back with what happens in the world from now on; returns the way to stop that. */
  listen(listener: (event: TraceEvent) => void): () => void {
    this.listeners.add(listener);
    this.hear();
    return () => {
      this.listeners.delete(listener);
      this.hear();
    };
  }

  private hear(): void {
    const { listeners } = this;
    this.world.recorder.listen(
      listeners.size === 0
        ? null
        : (event) => {
            for (const listener of [...listeners]) listener(event);
          },
    );
  }

  /** Whether there is a host of this name; a world that was kept may have fewer than a new one. */
  hasHost(name: string): boolean {
    return this.world.host(name) !== undefined;
  }

  /** A host's handle; it stays valid after restore(). */
  host(name: string): HostInterface {
    const live = (): HostInterface => {
      const host = this.world.host(name);
      if (host === undefined) throw new Error(`the world has no host called ${name}`);
      return host;
    };
    return {
      name,
      get os() {
        return live().os;
      },
      get addresses() {
        return live().addresses;
      },
      sockets: () => live().sockets(),
      socket: (id) => live().socket(id),
      traffic: (id) => live().traffic(id),
      failure: (id) => live().failure(id),
      listen: (...args) => live().listen(...args),
      connect: (...args) => live().connect(...args),
      bind: (...args) => live().bind(...args),
      accept: (id) => live().accept(id),
      send: (...args) => live().send(...args),
      sendTo: (...args) => live().sendTo(...args),
      echo: (...args) => live().echo(...args),
      echoAnswers: (identifier) => live().echoAnswers(identifier),
      counters: () => live().counters(),
      close: (id) => live().close(id),
      shutdown: (id) => live().shutdown(id),
      reset: (id) => live().reset(id),
      setFirewall: (...args) => live().setFirewall(...args),
      firewallSpec: () => live().firewallSpec(),
      firewallCount: (id) => live().firewallCount(id),
      sysctl: {
        keys: () => live().sysctl.keys(),
        get: (key) => live().sysctl.get(key),
        set: (key, value) => live().sysctl.set(key, value),
        log: () => live().sysctl.log(),
      },
    };
  }
}
