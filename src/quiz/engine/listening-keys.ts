/**
 * Answers about listening, found by listening and calling on a host of the engine: a server at
 * 10.0.0.10 and another machine at 10.0.0.2, nothing else. Parameters of all: `os`, the server's
 * profile.
 */

import { parseScenario } from '../../network/scenario/scenario-parser.ts';
import { World } from '../../network/world.ts';

type Params = Readonly<Record<string, unknown>>;
type Fields = Readonly<Record<string, unknown>>;

const SERVER = '10.0.0.10';
/** Long enough for a refusal or a handshake, and for a TCP that never gets an answer. */
const SETTLE_MS = 200_000;
/** An ordinary user's program; how a call ends is kept for sockets that a program holds. */
const program = {
  privileged: false,
  owner: { pid: 1001, command: 'nc', user: 'mika', uid: 1000, fd: 3 },
};

export const listeningKeys = {
  /** What an ordinary user's program that wants to listen hears: `ok` or the error's name in small letters. `holds`, `wants`: 127.0.0.1:8080. */
  'listen-outcome': (params: Params): string => {
    const host = serverOf(worldOf(params));
    const holds = params['holds'];
    if (holds !== undefined) {
      const first = host.listen('tcp', ...place(holds, 'holds'), { privileged: true });
      if (!first.ok) throw new RangeError(`"holds": ${first.error}.`);
    }
    const result = host.listen('tcp', ...place(params['wants'], 'wants'), program);
    return result.ok ? 'ok' : result.error.toLowerCase();
  },
  /**
   * The ids of the calls that are connected. `listens`: 10.0.0.10:25; `calls`: for each id
   * `{ from: own|other, to: 10.0.0.10:25 }`.
   */
  'calls-connected': (params: Params): readonly string[] => {
    const calls = fields(params['calls']);
    if (!calls) throw new RangeError('"calls" is a list of ids, each with from and to.');
    return Object.entries(calls)
      .filter(([id, call]) => isConnected(params, fields(call), id))
      .map(([id]) => id);
  },
} as const;

function isConnected(params: Params, call: Fields | null, id: string): boolean {
  const from = call?.['from'];
  if (from !== 'own' && from !== 'other') {
    throw new RangeError(`"calls": ${id}: from is own or other.`);
  }
  const world = worldOf(params);
  const server = serverOf(world);
  server.listen('tcp', ...place(params['listens'], 'listens'), { privileged: true });
  const caller = from === 'own' ? server : world.host('other');
  if (!caller) throw new RangeError('there is no other machine.');
  const made = caller.connect('tcp', ...place(call?.['to'], `calls: ${id}: to`), program);
  world.runToEnd(world.nowMs + SETTLE_MS);
  return made.ok && caller.failure(made.value) === undefined;
}

function worldOf(params: Params): World {
  return new World(
    parseScenario({
      version: 1,
      hosts: [
        { name: 'server', os: params['os'], address: SERVER },
        { name: 'other', os: 'linux', address: '10.0.0.2' },
      ],
      actions: [],
    }),
  );
}

function serverOf(world: World) {
  const host = world.host('server');
  if (!host) throw new RangeError('there is no server.');
  return host;
}

function place(value: unknown, name: string): readonly [address: string, port: number] {
  const match = /^(\d+\.\d+\.\d+\.\d+):(\d{1,5})$/.exec(String(value));
  if (!match) throw new RangeError(`"${name}" is an address and a port: write 127.0.0.1:8080.`);
  return [match[1] ?? '', Number(match[2])];
}

function fields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : null;
}
