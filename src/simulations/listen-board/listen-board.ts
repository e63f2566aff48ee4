/**
 * The listen board, pure: a server on which programs start and stop, and callers from several places.
 * Everything is a call on the engine's hosts; refusals and outcomes are the engine's.
 */

import { parseScenario } from '../../network/scenario/scenario-parser.ts';
import type { Errno } from '../../network/errors.ts';
import { World } from '../../network/world.ts';
import type { SocketInfo } from '../../network/world.ts';
import { listenAddresses, programs, SERVER_ADDRESS, type StartRequest } from './start-request.ts';

/** Long enough for a refusal or a handshake; a TCP that gets no answer takes minutes. */
const SETTLE_MS = 200_000;

/** Why a start was refused: what the engine said, and which of its rules that was. */
export type StartOutcome =
  | { readonly ok: true; readonly id: number }
  | {
      readonly ok: false;
      readonly error: Errno;
      readonly why: 'same' | 'wildcardBlocks' | 'blocksWildcard' | 'privilege';
      /** The address that is in the way. */
      readonly holder: string;
    };

/** Where a caller is, and which of the server's addresses it calls. */
export type Place = 'loopback' | 'own' | 'other' | 'loopback6';
const called: Readonly<Record<Place, string>> = {
  loopback: '127.0.0.1',
  own: SERVER_ADDRESS,
  other: SERVER_ADDRESS,
  loopback6: '::1',
};
export type Answer =
  | { readonly kind: 'connected'; readonly program: string }
  | { readonly kind: Errno };

export class ListenBoard {
  readonly #world: World;
  #lastPid = 1000;

  constructor() {
    this.#world = new World(
      parseScenario({
        version: 1,
        hosts: [
          { name: 'server', os: 'linux', address: SERVER_ADDRESS },
          { name: 'other', os: 'linux', address: '10.0.0.2' },
        ],
        actions: [],
      }),
    );
  }

  #host(name: 'server' | 'other') {
    const host = this.#world.host(name);
    if (!host) throw new Error(`no host ${name}`);
    return host;
  }

  /** The first port that needs no privilege, as the server's kernel says. */
  get firstUnprivileged(): number {
    return Number(this.#host('server').sysctl.get('net.ipv4.ip_unprivileged_port_start') ?? 1024);
  }

  /** The listeners, in the order in which they were started. */
  listeners(): readonly SocketInfo[] {
    return this.#host('server')
      .sockets()
      .filter((socket) => socket.state === 'LISTEN')
      .toSorted((a, b) => a.id - b.id);
  }

  /** What each listener was started with, in the same order. */
  requests(): readonly StartRequest[] {
    return this.listeners().map(({ owner, localAddress, localPort }) => ({
      program: programs.find((one) => one === owner?.command) ?? 'node',
      address: listenAddresses.find((one) => one === localAddress) ?? '0.0.0.0',
      port: localPort,
      isRoot: owner?.user === 'root',
    }));
  }

  start({ program, address, port, isRoot }: StartRequest): StartOutcome {
    const server = this.#host('server');
    const pid = this.#lastPid + 1;
    const options = {
      privileged: isRoot,
      owner: {
        pid,
        command: program,
        user: isRoot ? 'root' : 'mika',
        uid: isRoot ? 0 : 1000,
        fd: 3,
      },
    };
    const holder = server.inTheWay('tcp', address, port, options);
    const result = server.listen('tcp', address, port, options);
    if (result.ok) {
      this.#lastPid = pid;
      return { ok: true, id: result.value };
    }
    const why = result.error === 'EACCES' ? 'privilege' : reasonOf(address, holder ?? '');
    return { ok: false, error: result.error, why, holder: holder ?? '' };
  }

  stop(id: number): void {
    this.#host('server').close(id);
  }

  /** Calls a port from one of the places and waits for the outcome. */
  knock(place: Place, port: number): Answer {
    const from = this.#host(place === 'other' ? 'other' : 'server');
    const address = called[place];
    const owner = { pid: 1, command: 'nc', user: 'mika', uid: 1000, fd: 3 };
    const made = from.connect('tcp', address, port, { owner });
    if (!made.ok) return { kind: made.error };
    this.#world.runToEnd(this.#world.nowMs + SETTLE_MS);
    const failure = from.failure(made.value);
    if (failure) return { kind: failure };
    const own = from.socket(made.value);
    const accepted = this.#host('server')
      .sockets()
      .find(
        (one) =>
          one.localPort === port && one.remotePort === own?.localPort && one.id !== made.value,
      );
    const listener = this.listeners().find(
      (one) => one.localPort === port && [address, '0.0.0.0', '::'].includes(one.localAddress),
    );
    from.reset(made.value);
    this.#world.runToEnd(this.#world.nowMs + 1000);
    return {
      kind: 'connected',
      program: accepted?.owner?.command ?? listener?.owner?.command ?? '',
    };
  }
}

/**
 * How the address asked for and that of the socket in the way are related. Of two wildcards `::` is
 * the wider one: it has IPv4 too.
 */
function reasonOf(address: string, holder: string): 'same' | 'wildcardBlocks' | 'blocksWildcard' {
  if (holder === address) return 'same';
  const isWider = address === '::' || (address === '0.0.0.0' && holder !== '::');
  return isWider ? 'blocksWildcard' : 'wildcardBlocks';
}
