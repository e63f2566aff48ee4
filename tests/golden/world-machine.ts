/**
 * A whole host of a world behind the machine's calls: what a scenario would do, with every segment on
 * its way. It lacks what scenarios lack: listening on a socket that was bound before, connecting one,
 * and the options IP_BIND_ADDRESS_NO_PORT and IP_LOCAL_PORT_RANGE.
 */

import { parseScenario } from '../../src/network/scenario/scenario-parser.ts';
import { World, type HostInterface, type SocketOwner } from '../../src/network/world.ts';
import { isOfIPv6, type Answer, type Command, type Machine, type SocketOptions } from './machine.ts';

/** Whether a world can carry it out. */
export function isOfScenarios([name, options]: Command): boolean {
  if ('noPort' in options || 'range' in options || 'send' in options) return false;
  return !('socket' in options) || (name !== 'listen' && name !== 'connect');
}

export class WorldMachine implements Machine {
  readonly #world: World;
  readonly #host: HostInterface;
  readonly #sockets = new Map<string, number>();

  constructor(seed: number) {
    this.#world = new World(
      parseScenario({
        version: 1,
        seed,
        hosts: [{ name: 'host', os: 'linux', addresses: ['10.99.0.1', '10.99.0.2', 'fd00:99::1'] }],
        actions: [],
      }),
      { trace: 'none' },
    );
    const host = this.#world.host('host');
    if (host === undefined) throw new Error('no host');
    this.#host = host;
  }

  run(commands: readonly Command[]): Promise<readonly Answer[]> {
    return Promise.resolve(commands.map((command) => this.#answer(command)));
  }

  stop(): void {
    this.#sockets.clear();
  }

  #answer(command: Command): Answer {
    const host = this.#host;
    switch (command[0]) {
      case 'get':
        return host.sysctl.get(command[1].key) ?? 'ENOENT';
      case 'set': {
        const result = host.sysctl.set(command[1].key, command[1].value);
        return result.ok ? 'ok' : result.error;
      }
      case 'bind': {
        const { port = 0, listen = false } = command[1];
        const { address = isOfIPv6(command[1]) ? '::' : '0.0.0.0' } = command[1];
        return this.#open(command[1], (options) =>
          listen
            ? host.listen('tcp', address, port, { ...options, ...silent })
            : host.bind(protocolOf(command[1]), address, port, options),
        );
      }
      case 'bind-many':
        return this.#many(command[1], (as) => ['bind', { ...command[1], as }]);
      case 'listen':
        return this.#open(command[1], (options) =>
          host.listen('tcp', isOfIPv6(command[1]) ? '::' : '0.0.0.0', 0, { ...options, ...silent }),
        );
      case 'connect': {
        const { to, port, from, fromPort } = command[1];
        return this.#open(command[1], (options) =>
          host.connect(protocolOf(command[1]), to, port, {
            ...options,
            request: 0,
            ...(from === undefined ? {} : { localAddress: from }),
            ...(fromPort === undefined ? {} : { localPort: fromPort }),
          }),
        );
      }
      case 'connect-many':
        return this.#many(command[1], (as) => ['connect', { ...command[1], as }]);
      case 'accept': {
        const result = host.accept(this.#named(command[1].socket));
        if (!result.ok) return result.error;
        this.#sockets.set(command[1].as, result.value);
        return 'ok';
      }
      case 'close':
      case 'reset': {
        const { socket } = command[1];
        host[command[0]](this.#named(socket));
        this.#sockets.delete(socket);
        this.#settle();
        return 'ok';
      }
      case 'reset-all':
        for (const id of this.#sockets.values()) host.reset(id);
        this.#sockets.clear();
        this.#settle();
        return 'ok';
      case 'wait':
        this.#world.runUntil(this.#world.nowMs + command[1].ms);
        return 'ok';
      case 'address':
        return 'ok';
    }
  }

  /** A call that makes a socket, and what has become of it once its segments have arrived. */
  #open(
    { as, reuseAddress = false, reusePort = false, uid = 0, ipv6Only }: SocketOptions,
    call: (options: {
      readonly reuseAddress: boolean;
      readonly reusePort: boolean;
      readonly privileged: boolean;
      readonly owner: SocketOwner;
      readonly ipv6Only?: boolean;
    }) => ReturnType<HostInterface['bind']>,
  ): Answer {
    const owner = { pid: 1, command: 'probe', user: String(uid), uid, fd: 3 };
    const result = call({
      reuseAddress,
      reusePort,
      privileged: uid === 0,
      owner,
      ...(ipv6Only === undefined ? {} : { ipv6Only }),
    });
    if (!result.ok) return result.error;
    this.#settle();
    const failure = this.#host.failure(result.value);
    if (failure !== undefined) return failure;
    if (as !== undefined) this.#sockets.set(as, result.value);
    return this.#host.socket(result.value)?.localPort ?? 'ENOENT';
  }

  #many(
    { as, count }: { readonly as: string; readonly count: number },
    one: (as: string) => Command,
  ): readonly (number | string)[] {
    const answers: (number | string)[] = [];
    for (let i = 0; i < count; i++) {
      const answer = this.#answer(one(`${as}#${i}`));
      if (typeof answer === 'object') continue;
      answers.push(answer);
      if (typeof answer === 'string') break;
    }
    return answers;
  }

  #named(name: string): number {
    const id = this.#sockets.get(name);
    if (id === undefined) throw new Error(`no socket ${name}`);
    return id;
  }

  /** Within one host segments take no time. */
  #settle(): void {
    this.#world.runUntil(this.#world.nowMs);
  }
}

const silent = { accepts: false, responds: false, answersClose: false, backlog: 1 << 20 } as const;

function protocolOf({ udp = false }: SocketOptions): 'tcp' | 'udp' {
  return udp ? 'udp' : 'tcp';
}
