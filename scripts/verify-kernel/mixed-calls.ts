/**
 * Socket calls of all kinds at random on small ranges of several ports. Which port comes out is luck
 * there, so the kernel goes first and the engine follows: what the kernel answered must be one of the
 * answers that the engine could have given in the same situation, and then is what it gave.
 */

import { type Random } from '../../src/time-and-chance/random.ts';
import { linux } from '../../src/network/os-profiles/linux.ts';
import type { OsProfile } from '../../src/network/os-profiles/profile.ts';
import type { PortAlgorithm } from '../../src/network/port-selection/algorithm.ts';
import type { PortChoice } from '../../src/network/ports/port-hold.ts';
import {
  EngineMachine,
  type Answer,
  type BindOptions,
  type Command,
  type Machine,
  type SocketOptions,
} from '../../tests/golden/machine.ts';

/** Enough for each of a dozen ports to come up, the unlikeliest with chance 1/12: 1 − 12·(11/12)^200. */
const draws = 200;

const rangeKey = 'net.ipv4.ip_local_port_range';
const reservedKey = 'net.ipv4.ip_local_reserved_ports';

/** Small, odd and even, at the ends of what is possible, each with lists of holes for it. */
const ranges: readonly { readonly range: string; readonly reserved: readonly string[] }[] = [
  { range: '40000 40000', reserved: ['', '40000', '39999'] },
  { range: '40001 40002', reserved: ['', '40001', '39000-40001'] },
  { range: '40000 40001', reserved: ['', '40001', '40000-40001'] },
  { range: '40000 40002', reserved: ['', '40002', '40000', '40001-50000'] },
  { range: '40001 40003', reserved: ['', '40002', '1-40001'] },
  { range: '40000 40004', reserved: ['', '40001,40003', '40000,40002,40004'] },
  { range: '1024 1027', reserved: ['', '1-1024', '1025-2000'] },
  { range: '1024 1026', reserved: ['', '1025', '8080'] },
  { range: '65530 65535', reserved: ['', '65535', '60000-65531', '65533-65534'] },
  { range: '65533 65535', reserved: ['', '65534'] },
  { range: '65535 65535', reserved: ['', '65534'] },
  { range: '50001 50008', reserved: ['', '50003-50006', '50000-50002,50008-50100'] },
];
const servers = [8080, 8081];

/** Where the sockets are bound to, connect to, and come from. */
interface Places {
  /** Made before anything else. */
  readonly own: readonly string[];
  readonly servers: BindOptions;
  readonly destinations: readonly string[];
  readonly locals: readonly BindOptions[];
  readonly sources: readonly string[];
}

const ofIPv4: Places = {
  own: ['10.99.0.1', '10.99.0.2'],
  servers: {},
  destinations: ['127.0.0.1', '127.0.0.3', '10.99.0.1', '10.99.0.2'],
  locals: ['0.0.0.0', '127.0.0.1', '127.0.0.2', '10.99.0.1'].map((address) => ({ address })),
  sources: ['127.0.0.1', '127.0.0.2', '10.99.0.1', '10.99.0.2'],
};

export const bothFamilies: Places = {
  own: ['10.99.0.1', 'fd00:99::1', 'fd00:99::2'],
  servers: { address: '::' },
  destinations: ['127.0.0.1', '10.99.0.1', '::1', 'fd00:99::1', 'fd00:99::2', '::ffff:127.0.0.3'],
  locals: [
    { address: '0.0.0.0' },
    { address: '127.0.0.1' },
    { address: '::' },
    { address: '::', ipv6Only: true },
    { address: '::1' },
    { address: 'fd00:99::1' },
    { address: '::ffff:127.0.0.1' },
  ],
  sources: ['127.0.0.2', '10.99.0.1', '::1', 'fd00:99::1', 'fd00:99::2', '::ffff:127.0.0.2'],
};

/** Within a machine the two ends of a connection are both loopback's, or both are not. */
function landOf(address: string): string {
  const isLoopback = address === '::1' || /(?:^|:)127\./.test(address);
  const family = address.startsWith('::ffff:') ? 'mapped' : address.includes(':') ? 'six' : 'four';
  return `${family} ${String(isLoopback)}`;
}

/** Linux with other luck at every choice, so that some choices show all that can come out. */
function everLucky(): OsProfile {
  let choice = 0;
  return {
    ...linux,
    algorithms: (random, protocol, settings) => {
      const { connect, bind } = linux.algorithms(random, protocol, settings);
      const freshly = (which: 'connect' | 'bind'): PortAlgorithm['choose'] => {
        return (request, obstacles) => {
          const luck = random.fork(String(choice++));
          return linux.algorithms(luck, protocol, settings)[which].choose(request, obstacles);
        };
      };
      return {
        connect: { ...connect, choose: freshly('connect') },
        bind: { ...bind, choose: freshly('bind') },
      };
    },
  };
}

/** An engine that takes of its possible choices the one that somebody else made. */
class FollowingEngine extends EngineMachine {
  constructor(seed: number) {
    super(seed, everLucky());
  }

  #wanted: Answer = 'ok';
  #to = -1;
  /** What it could have answered, where that was not among it. */
  possible: readonly (number | string)[] | null = null;

  follow(command: Command, wanted: Answer): Answer {
    this.#wanted = wanted;
    this.#to = command[0] === 'connect' ? command[1].port : -1;
    this.possible = null;
    return this.answer(command);
  }

  protected override resolve(choose: () => PortChoice): PortChoice {
    const choices = new Map<number | string, PortChoice>();
    for (let i = 0; i < draws; i++) {
      const choice = choose();
      const outcome = choice.ok ? choice.port : choice.error;
      // A port that was chosen and then led nowhere is any but the one that is connected to.
      const isRefused = this.#wanted === 'ECONNREFUSED' && choice.ok && outcome !== this.#to;
      if (outcome === this.#wanted || isRefused) return choice;
      choices.set(outcome, choice);
      if (choice.why === undefined) break;
    }
    const [first] = choices.values();
    if (first === undefined) throw new Error('no choice');
    this.possible = [...choices.keys()];
    return first;
  }
}

/** Plays `length` calls on both; null, or where and how they disagree. */
export async function disagreement(
  random: Random,
  kernel: Machine,
  length: number,
  places: Places = ofIPv4,
): Promise<string | null> {
  const engine = new FollowingEngine(random.uint32());
  const done: Command[] = [];
  const names = { bound: [] as string[], connected: [] as string[], listening: [] as string[] };
  const pick = <T>(list: readonly [T, ...T[]] | readonly T[], otherwise: T): T =>
    list[random.below(Math.max(1, list.length))] ?? otherwise;
  const takeOut = (list: string[]): string | undefined =>
    list.splice(random.below(Math.max(1, list.length)), 1)[0];
  let trouble = '';
  const perform = async (command: Command): Promise<Answer> => {
    done.push(command);
    const [real = ''] = await kernel.run([command]);
    const ours = engine.follow(command, real);
    if (trouble === '' && JSON.stringify(real) !== JSON.stringify(ours)) {
      const possible = engine.possible === null ? '' : `, possible ${engine.possible.join(' ')}`;
      trouble = `call ${done.length} ${JSON.stringify(command)}: kernel ${JSON.stringify(real)}, engine ${JSON.stringify(ours)}${possible}`;
    }
    return real;
  };

  // So slow that the kernel's clock, which the engine does not have, plays no part.
  await perform(['set', { key: 'net.ipv4.tcp_tw_reuse_delay', value: '60000' }]);
  for (const address of places.own) await perform(['address', { address }]);
  for (const port of servers) {
    await perform([
      'bind',
      { as: `server-${port}`, ...places.servers, port, listen: true, reuseAddress: true },
    ]);
  }
  let chosen = ranges[random.below(ranges.length)] ?? { range: '40000 40000', reserved: [''] };
  await perform(['set', { key: rangeKey, value: chosen.range }]);

  for (let i = 0; i < length && trouble === ''; i++) {
    const as = `s${i}`;
    const flags: SocketOptions = {
      as,
      reuseAddress: random.below(2) === 1,
      reusePort: random.below(4) === 0,
      uid: random.below(4) === 0 ? 1000 : 0,
    };
    const [low = 0, high = 0] = chosen.range.split(' ').map(Number);
    const port = pick(servers, 8080);
    const to = pick(places.destinations, '127.0.0.1');
    const from = pick(
      places.sources.filter((one) => landOf(one) === landOf(to)),
      to,
    );
    const udp = random.below(5) === 0;
    const note = (answer: Answer, list: string[], name = as): void => {
      if (typeof answer === 'number') list.push(name);
    };
    const anyPort = low + random.below(high - low + 3) - 1;
    switch (random.below(16)) {
      case 0: {
        const explicit = anyPort > 65_535 ? 65_535 : anyPort;
        const answer = await perform([
          'bind',
          { ...flags, ...pick(places.locals, {}), port: explicit, udp },
        ]);
        if (!udp) note(answer, names.bound);
        break;
      }
      case 1:
      case 2: {
        const answer = await perform([
          'bind',
          { ...flags, ...pick(places.locals, {}), port: 0, udp },
        ]);
        if (!udp) note(answer, names.bound);
        break;
      }
      case 3:
      case 4:
      case 5:
        note(await perform(['connect', { ...flags, to, port }]), names.connected);
        break;
      case 6: {
        const noPort = random.below(2) === 0;
        note(await perform(['connect', { ...flags, to, port, from, noPort }]), names.connected);
        break;
      }
      case 7: {
        const fromPort = Math.min(65_535, anyPort);
        const answer = await perform(['connect', { ...flags, to, port, from, fromPort }]);
        note(answer, names.connected);
        break;
      }
      case 8:
        await perform([
          'connect',
          { ...flags, to, port: 9999, udp: true, send: random.below(2) === 1 },
        ]);
        break;
      case 9: {
        const socket = takeOut(names.bound);
        if (socket === undefined) break;
        const answer = await perform(['listen', { socket }]);
        (typeof answer === 'number' ? names.listening : names.bound).push(socket);
        break;
      }
      case 10:
        note(await perform(['listen', flags]), names.listening);
        break;
      case 11: {
        const socket = takeOut(names.connected);
        if (socket === undefined) break;
        for (const each of servers) {
          while (engine.backlogOf(`server-${each}`) > 0) {
            await perform(['accept', { socket: `server-${each}`, as: `child-${done.length}` }]);
          }
        }
        const child = engine.otherEndOf(socket);
        const order = random.below(2) === 0 ? [socket, child] : [child, socket];
        for (const name of order) {
          if (name !== undefined) await perform(['close', { socket: name }]);
        }
        break;
      }
      case 12: {
        const list = pick([names.bound, names.connected, names.listening], names.bound);
        const socket = takeOut(list);
        if (socket !== undefined) await perform(['reset', { socket }]);
        break;
      }
      case 13: {
        const writes = [
          [reservedKey, pick(chosen.reserved, '')],
          ['net.ipv4.tcp_tw_reuse', String(random.below(3))],
          ['net.ipv4.ip_autobind_reuse', String(random.below(2))],
          ['net.ipv4.tcp_max_tw_buckets', pick(['0', '1', '131072'], '131072')],
          ['net.ipv4.ip_unprivileged_port_start', pick(['0', '1024'], '1024')],
        ] as const;
        const [key, value] = pick(writes, writes[0]);
        await perform(['set', { key, value }]);
        break;
      }
      case 14: {
        // Nobody there, a listener on a port of the range, or oneself.
        const closed = Math.min(65_535, anyPort);
        note(await perform(['connect', { ...flags, to, port: closed }]), names.connected);
        break;
      }
      case 15: {
        if (random.below(3) > 0) break;
        const next = pick(ranges, chosen);
        const answer = await perform(['set', { key: rangeKey, value: next.range }]);
        if (answer === 'ok') chosen = next;
        break;
      }
    }
  }
  return trouble === '' ? null : trouble;
}
