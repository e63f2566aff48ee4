/**
 * How programs ask for names: /etc/hosts first, then the servers of /etc/resolv.conf, over UDP from an
 * ephemeral port, with real packets (resolver(3), getaddrinfo(3)).
 */

import type { SocketOwner } from '../../network/world.ts';
import { familyOf } from '../linux/address-texts.ts';
import { endpointsOf } from '../linux/conversations.ts';
import { encodeMessage, type RecordType } from '../linux/dns-message.ts';
import { answerTo, recordsOf } from '../linux/name-server.ts';
import { waitUntil, type CommandContext } from './command.ts';

export interface ResolverConfig {
  readonly servers: readonly string[];
  readonly search: readonly string[];
}

/** /etc/resolv.conf; without a server, this host is asked (resolver(5)). */
export function resolverConfig({ machine }: CommandContext): ResolverConfig {
  const servers: string[] = [];
  let search: readonly string[] = [];
  for (const line of (machine.readText('/etc/resolv.conf') ?? '').split('\n')) {
    const [word, ...rest] = line.trim().split(/\s+/);
    if (word === 'nameserver' && rest[0] !== undefined) servers.push(rest[0]);
    if (word === 'search' || word === 'domain') search = rest;
  }
  return { servers: servers.length > 0 ? servers.slice(0, 3) : ['127.0.0.1'], search };
}

export interface Question {
  readonly name: string;
  readonly type: RecordType;
  readonly wantsRecursion?: boolean;
  readonly ednsSize?: number | null;
  readonly hasCookie?: boolean;
}

export interface Asked {
  readonly id: number;
  readonly bytes: string;
}

export type Reply =
  | {
      readonly kind: 'answered';
      readonly replies: readonly string[];
      readonly ms: number;
    }
  | { readonly kind: 'timed-out' | 'refused' };

/** A number that a program would draw: it hangs on the moment and on what is asked. */
function drawn(text: string): number {
  let value = 0x811c9dc5;
  for (const letter of text) value = Math.imul(value ^ letter.charCodeAt(0), 0x01000193);
  return (value ^ (value >>> 15)) >>> 0;
}

export function questionBytes({ machine }: CommandContext, question: Question): Asked {
  const { ednsSize = null, hasCookie = false, name, type, wantsRecursion = true } = question;
  const seed = `${machine.world.nowMs} ${name} ${type}`;
  const id = drawn(seed) & 0xffff;
  const cookie = hasCookie
    ? Array.from({ length: 8 }, (_, at) => String.fromCharCode(drawn(`${at} ${seed}`) & 0xff)).join(
        '',
      )
    : '';
  const bytes = encodeMessage({
    id,
    isResponse: false,
    isAuthoritative: false,
    wantsRecursion,
    offersRecursion: false,
    code: 'NOERROR',
    name,
    type,
    answers: [],
    ednsSize,
    cookie,
  });
  return { id, bytes };
}

/**
 * Sends questions to a server from one UDP socket and waits for all answers.
 * @param limitMs virtual milliseconds
 */
export async function askServer(
  context: CommandContext,
  owner: SocketOwner,
  server: string,
  port: number,
  questions: readonly string[],
  limitMs: number,
): Promise<Reply> {
  const { host, machine } = context;
  const opened = host.connect('udp', server, port, { owner, request: 0 });
  if (!opened.ok) return { kind: opened.error === 'ECONNREFUSED' ? 'refused' : 'timed-out' };
  const id = opened.value;
  const socket = host.socket(id);
  if (socket === undefined) return { kind: 'timed-out' };
  const isServer = machine.appAt(server, port) === 'dns';
  const replies = questions.map((question) => (isServer ? answerTo(question) : ''));
  const [from, to] = endpointsOf(socket);
  const startedAtMs = machine.world.nowMs;
  for (const [index, question] of questions.entries()) {
    const reply = replies[index] ?? '';
    machine.wireTexts.begin(from, to);
    machine.wireTexts.add(from, to, question);
    machine.wireTexts.add(to, from, reply);
    host.send(id, question.length, reply.length);
    // What captures show of a datagram is what was said last.
    const wanted = index + 1;
    const isAnswered = () => (host.traffic(id)?.segmentsReceived ?? 0) >= wanted;
    const isRefused = () => host.failure(id) !== undefined;
    const left = startedAtMs + limitMs - machine.world.nowMs;
    const isOver = await waitUntil(context, () => isAnswered() || isRefused(), left);
    if (!isOver || isRefused()) {
      const kind = isRefused() ? 'refused' : 'timed-out';
      host.close(id);
      return { kind };
    }
  }
  host.close(id);
  return { kind: 'answered', replies, ms: Math.round(machine.world.nowMs - startedAtMs) };
}

export type Lookup =
  | { readonly ok: true; readonly name: string; readonly addresses: readonly string[] }
  | { readonly ok: false; readonly problem: string };

/** How long glibc waits for an answer, and how often it asks. */
const waitMs = 5000;
const attempts = 2;

/**
 * What getaddrinfo(3) gives a program.
 * @returns the whole name and its addresses, IPv6 first; or the words of gai_strerror(3)
 */
export async function lookUp(
  context: CommandContext,
  owner: SocketOwner,
  name: string,
  families: readonly (4 | 6)[] = [4, 6],
): Promise<Lookup> {
  const { machine } = context;
  const fits = (address: string) => families.includes(familyOf(address));
  const other = { ok: false, problem: 'Address family for hostname not supported' } as const;
  const alone = machine.resolveAlone(name);
  if (alone.length > 0) {
    const addresses = alone.filter(fits);
    return addresses.length > 0 ? { ok: true, name, addresses } : other;
  }
  const { search, servers } = resolverConfig(context);
  const types = families.map((family) => (family === 4 ? 'A' : 'AAAA'));
  const plain = name.replace(/\.$/, '');
  const whole = search.map((domain) => `${plain}.${domain}`);
  const isWhole = name.endsWith('.');
  const candidates = isWhole ? [plain] : name.includes('.') ? [plain, ...whole] : [...whole, plain];
  for (const candidate of candidates) {
    const asked = await askAll(context, owner, servers, candidate, types);
    if (!asked) return { ok: false, problem: 'Temporary failure in name resolution' };
    const known = recordsOf(candidate);
    const addresses = known.flatMap(({ data, type }) => (type === 'PTR' ? [] : [data]));
    if (addresses.length === 0) continue;
    const usable = addresses.filter(fits);
    return usable.length > 0 ? { ok: true, name: candidate, addresses: usable } : other;
  }
  return { ok: false, problem: 'Name or service not known' };
}

/** Whether a server has answered. */
async function askAll(
  context: CommandContext,
  owner: SocketOwner,
  servers: readonly string[],
  name: string,
  types: readonly RecordType[],
): Promise<boolean> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    for (const server of servers) {
      const questions = types.map((type) => questionBytes(context, { name, type }).bytes);
      const reply = await askServer(context, owner, server, 53, questions, waitMs);
      if (reply.kind === 'answered') return reply.replies.every((one) => one !== '');
      if (context.signal.aborted) return false;
    }
  }
  return false;
}
