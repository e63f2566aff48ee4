/**
 * Socket calls at random on a range of one port, where nothing is left to chance: every answer is
 * determined by the rules of sharing, reservation, TIME-WAIT and binding, and must be the same on the
 * engine and on a kernel.
 */

import type { Random } from '../../src/time-and-chance/random.ts';
import {
  EngineMachine,
  isOfIPv6,
  type Answer,
  type BindOptions,
  type Command,
  type SocketOptions,
} from './machine.ts';

const onePort = 40_000;
const range = 'net.ipv4.ip_local_port_range';
const servers = [8080, 8081];

/** What a script's sockets are bound to, where they connect to, and from where on the way there. */
interface Places {
  readonly server: BindOptions;
  readonly locals: readonly BindOptions[];
  readonly destinations: readonly string[];
  readonly sourceOf: (destination: string) => string;
}

const ofIPv4: Places = {
  server: {},
  locals: ['0.0.0.0', '127.0.0.1', '127.0.0.2'].map((address) => ({ address })),
  destinations: ['127.0.0.1', '127.0.0.3'],
  sourceOf: () => '127.0.0.2',
};

export const ofBothFamilies: Places = {
  server: { address: '::' },
  locals: [
    ...ofIPv4.locals,
    { address: '::' },
    { address: '::', ipv6Only: true },
    { address: '::1' },
    { address: '::ffff:127.0.0.1' },
    { address: '::ffff:127.0.0.1', ipv6Only: true },
  ],
  destinations: ['127.0.0.1', '::1', '::ffff:127.0.0.3'],
  sourceOf: (destination) => {
    if (!destination.includes(':')) return '127.0.0.2';
    return destination === '::1' ? '::1' : '::ffff:127.0.0.2';
  },
};

export interface Step {
  readonly command: Command;
  readonly answer: Answer;
}

/**
 * A script and the engine's answers: `length` calls after the servers are up, without those that are
 * not wanted.
 */
export function randomScript(
  random: Random,
  length: number,
  isWanted: (command: Command) => boolean = () => true,
  places: Places = ofIPv4,
): readonly Step[] {
  const engine = new EngineMachine(random.uint32());
  const steps: Step[] = [];
  /** Names by what can be done with them. */
  const isSixNamed = new Map<string, boolean>();
  const names = { bound: [] as string[], connected: [] as string[], listening: [] as string[] };
  const perform = (command: Command): Answer => {
    if (!isWanted(command)) return 'not asked';
    const answer = engine.answer(command);
    steps.push({ command, answer });
    return answer;
  };
  const pick = <T>(list: readonly T[]): T | undefined =>
    list[random.below(Math.max(1, list.length))];
  const takeOut = (list: string[]): string | undefined =>
    list.splice(random.below(Math.max(1, list.length)), 1)[0];

  perform(['set', { key: range, value: `${onePort} ${onePort}` }]);
  for (const port of servers) {
    perform([
      'bind',
      { as: `server-${port}`, ...places.server, port, listen: true, reuseAddress: true },
    ]);
  }
  for (let i = 0; i < length; i++) {
    const as = `s${i}`;
    const flags: SocketOptions = {
      as,
      reuseAddress: random.below(2) === 1,
      reusePort: random.below(3) === 0,
      uid: random.below(4) === 0 ? 1000 : 0,
    };
    const local = pick(places.locals) ?? { address: '0.0.0.0' };
    const to = pick(places.destinations) ?? '127.0.0.1';
    const port = pick(servers) ?? 8080;
    const udp = random.below(5) === 0;
    switch (random.below(13)) {
      case 0:
      case 1: {
        const answer = perform(['bind', { ...flags, ...local, port: onePort, udp }]);
        isSixNamed.set(as, isOfIPv6(local));
        if (answer === onePort && !udp) names.bound.push(as);
        break;
      }
      case 2: {
        const answer = perform(['bind', { ...flags, ...local, port: 0, udp }]);
        isSixNamed.set(as, isOfIPv6(local));
        if (answer === onePort && !udp) names.bound.push(as);
        break;
      }
      case 3:
      case 4:
      case 5: {
        const answer = perform(['connect', { ...flags, to, port }]);
        if (answer === onePort) names.connected.push(as);
        break;
      }
      case 6: {
        const answer = perform([
          'connect',
          { ...flags, to, port, from: places.sourceOf(to), noPort: true },
        ]);
        if (answer === onePort) names.connected.push(as);
        break;
      }
      case 7:
        perform(['connect', { ...flags, to, port: 9999, udp: true, send: random.below(2) === 1 }]);
        break;
      case 8: {
        const socket = takeOut(names.bound);
        if (socket === undefined) break;
        // A socket's own family; IPv6's reach IPv4 by a mapped address.
        const isSix = isSixNamed.get(socket) === true;
        const reached = isSix && !to.includes(':') ? `::ffff:${to}` : to;
        const target = isSix ? reached : to.includes(':') ? '127.0.0.1' : to;
        const answer = perform(['connect', { socket, as: socket, to: target, port }]);
        if (answer === onePort) names.connected.push(socket);
        break;
      }
      case 9: {
        const socket = takeOut(names.bound);
        if (socket === undefined) break;
        const answer = perform(['listen', { socket }]);
        (answer === onePort ? names.listening : names.bound).push(socket);
        break;
      }
      case 10: {
        // The client closes first, the server after it: TIME-WAIT on the client's side.
        const socket = takeOut(names.connected);
        if (socket === undefined) break;
        for (const port of servers) {
          const server = `server-${port}`;
          while (engine.backlogOf(server) > 0) {
            perform(['accept', { socket: server, as: `child-${steps.length}` }]);
          }
        }
        const child = engine.otherEndOf(socket);
        const order = random.below(2) === 0 ? [socket, child] : [child, socket];
        for (const name of order) {
          if (name !== undefined) perform(['close', { socket: name }]);
        }
        break;
      }
      case 11: {
        const list = pick([names.bound, names.connected, names.listening]) ?? names.bound;
        const socket = takeOut(list);
        if (socket !== undefined) perform(['reset', { socket }]);
        break;
      }
      case 12: {
        const settings = [
          ['net.ipv4.tcp_tw_reuse', String(random.below(3))],
          ['net.ipv4.ip_autobind_reuse', String(random.below(2))],
          ['net.ipv4.ip_local_reserved_ports', random.below(3) === 0 ? String(onePort) : ''],
        ] as const;
        const [key, value] = pick(settings) ?? settings[0];
        perform(['set', { key, value }]);
        break;
      }
    }
  }
  return steps;
}
