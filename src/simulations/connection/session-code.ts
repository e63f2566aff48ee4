/**
 * A session and a moment as a short word for the address bar, made of letters, digits and `-._~!`.
 * Only what differs from the lesson's scenario is written. Reading is strict: anything that this
 * version would not have written is refused, and the lesson's own scenario is shown.
 *
 * `1~s16~m1e~olinux.windows~v2~x5~c1.0.0.0.80.1~t2.14.0.0.443.20.k.` and so on: version, seed,
 * moment (hundredths of a millisecond), systems, servers, cut, actions; numbers in base 36.
 */

import type { Scenario } from '../../network/scenario/scenario.ts';
import { orNull, Unreadable } from '../../simulation-kit/state-code.ts';
import { connectionsIn } from './learner-actions.ts';
import { servesHttp3, QUIC_PORT } from './requestable-services.ts';
import {
  castOf,
  MOST_CLIENTS,
  MOST_CONNECTIONS,
  MOST_SERVERS,
  sessionOf,
  STREAM_RATES,
  type LearnerAction,
  type Session,
} from './session.ts';

export interface SharedMoment {
  readonly session: Session;
  readonly nowMs: number;
}

const VERSION = '1';
const MOST_MS = 86_400_000;

function word(value: number): string {
  return value.toString(36);
}

function safeName(name: string): string {
  return name.replaceAll('#', '!');
}

function writeLearnerAction(action: LearnerAction, hosts: readonly string[]): string {
  const start = `${word(action.id)}.${word(action.atMs)}`;
  switch (action.kind) {
    case 'connect':
      return `${action.isQuic === true ? 'q' : 'c'}${start}.${[action.client, action.server, action.port, action.count].map(word).join('.')}`;
    case 'stream':
      return `t${start}.${[action.client, action.server, action.port, action.perSecond].map(word).join('.')}.${
        action.keepsOpen ? 'k' : 'c'
      }.${action.untilMs === null ? '' : word(action.untilMs)}`;
    case 'close':
      return `x${start}.${word(hosts.indexOf(action.by))}.${safeName(action.connection)}`;
    case 'close-all':
      return `a${start}.${action.by === 'clients' ? 'c' : 's'}`;
  }
}

function hostNames(base: Scenario, session: Session): string[] {
  const cast = castOf(base, session);
  return [...cast.clients, ...cast.servers].map((host) => host.name);
}

/** Writes a session and a moment. */
export function encodeMoment(base: Scenario, { session, nowMs }: SharedMoment): string {
  const plain = sessionOf(base);
  const hosts = hostNames(base, session);
  const parts = [VERSION, `m${word(Math.round(nowMs * 100))}`];
  if (session.seed !== plain.seed) parts.push(`s${word(session.seed)}`);
  if (session.clients.join() !== plain.clients.join()) parts.push(`o${session.clients.join('.')}`);
  if (session.servers !== plain.servers) parts.push(`v${word(session.servers)}`);
  if (session.cutMs !== null) parts.push(`u${session.cutMs < 0 ? '-' : word(session.cutMs)}`);
  for (const action of session.learnerActions) parts.push(writeLearnerAction(action, hosts));
  return parts.join('~');
}

function number(text: string | undefined, most: number, least = 0): number {
  if (text === undefined || !/^[0-9a-z]{1,8}$/.test(text)) throw new Unreadable('number');
  const value = Number.parseInt(text, 36);
  if (value > most || value < least || word(value) !== text) throw new Unreadable('number');
  return value;
}

function readLearnerAction(
  part: string,
  session: Session,
  hosts: readonly string[],
  hasQuic: boolean,
): LearnerAction {
  const fields = part.slice(1).split('.');
  const expect = (count: number): void => {
    if (fields.length !== count) throw new Unreadable('fields');
  };
  const common = { id: number(fields[0], 99_999, 1), atMs: number(fields[1], MOST_MS) };
  const ends = () => ({
    client: number(fields[2], session.clients.length - 1),
    server: number(fields[3], session.servers - 1),
    port: number(fields[4], 65_535, 1),
  });
  switch (part[0]) {
    case 'c':
      expect(6);
      return { ...common, kind: 'connect', ...ends(), count: number(fields[5], 1000, 1) };
    case 'q': {
      expect(6);
      const to = ends();
      if (!hasQuic || to.port !== QUIC_PORT) throw new Unreadable('quic');
      return { ...common, kind: 'connect', ...to, count: number(fields[5], 1000, 1), isQuic: true };
    }
    case 't': {
      expect(8);
      const perSecond = number(fields[5], 1000, 1);
      if (!STREAM_RATES.includes(perSecond)) throw new Unreadable('rate');
      if (fields[6] !== 'k' && fields[6] !== 'c') throw new Unreadable('stream');
      const untilMs = fields[7] === '' ? null : number(fields[7], MOST_MS, common.atMs);
      return {
        ...common,
        kind: 'stream',
        ...ends(),
        perSecond,
        keepsOpen: fields[6] === 'k',
        untilMs,
      };
    }
    case 'x': {
      expect(4);
      const by = hosts[number(fields[2], hosts.length - 1)];
      if (by === undefined || !/^[\w-]+(![0-9]+)?$/.test(fields[3] ?? '')) {
        throw new Unreadable('close');
      }
      return { ...common, kind: 'close', connection: (fields[3] ?? '').replace('!', '#'), by };
    }
    case 'a':
      expect(3);
      if (fields[2] !== 'c' && fields[2] !== 's') throw new Unreadable('close');
      return { ...common, kind: 'close-all', by: fields[2] === 'c' ? 'clients' : 'servers' };
    default:
      throw new Unreadable('kind');
  }
}

function read(base: Scenario, text: string, systems: readonly string[]): SharedMoment {
  const [version, moment, ...rest] = text.split('~');
  if (version !== VERSION || moment?.[0] !== 'm') throw new Unreadable('version');
  const nowMs = number(moment.slice(1), MOST_MS * 100) / 100;
  let session = sessionOf(base);
  const learnerActions: LearnerAction[] = [];
  let hosts: readonly string[] = [];
  for (const part of rest) {
    const value = part.slice(1);
    if (part.startsWith('s')) session = { ...session, seed: number(value, 0xffff_ffff) };
    else if (part.startsWith('v')) {
      session = { ...session, servers: number(value, MOST_SERVERS, 1) };
    } else if (part.startsWith('u')) {
      session = { ...session, cutMs: value === '-' ? -1 : number(value, MOST_MS) };
    } else if (part.startsWith('o')) {
      const clients = value.split('.');
      const known = clients.every((os) => systems.includes(os));
      if (!known || clients.length > MOST_CLIENTS) throw new Unreadable('system');
      session = { ...session, clients };
    } else {
      if (hosts.length === 0) hosts = hostNames(base, session);
      const action = readLearnerAction(part, session, hosts, servesHttp3(base));
      const before = learnerActions.at(-1);
      if (before !== undefined && action.atMs < before.atMs) throw new Unreadable('order');
      if (learnerActions.some((other) => other.id === action.id)) throw new Unreadable('twice');
      learnerActions.push(action);
    }
  }
  return { session: { ...session, learnerActions }, nowMs };
}

/**
 * Reads what `encodeMoment` wrote for the same scenario. `systems` are the OS profiles there are.
 * Null for anything else, so that a damaged or foreign link is noticed and not half obeyed.
 */
export function decodeMoment(
  base: Scenario,
  text: string,
  systems: readonly string[],
): SharedMoment | null {
  if (text.length > 4000) return null;
  return orNull(() => {
    const shared = read(base, text, systems);
    // Nobody could have made it by hand, and running it would take the page's breath away.
    if (connectionsIn(shared.session) > MOST_CONNECTIONS) return null;
    return encodeMoment(base, shared) === text ? shared : null;
  });
}
