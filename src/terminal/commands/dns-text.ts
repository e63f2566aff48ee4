/** What `dig` and `host` share: reading a server's answer, laying records out, asking over TCP. */

import type { SocketOwner } from '../../network/world.ts';
import { endpointsOf } from '../linux/conversations.ts';
import {
  decodeQuestion,
  responseCodes,
  type DnsRecord,
  type RecordType,
  type ResponseCode,
} from '../linux/dns-message.ts';
import { answerTo, recordsOf } from '../linux/name-server.ts';
import type { CommandContext } from './command.ts';
import { connectTcp, exchange } from './client-connection.ts';
import type { Reply } from './name-lookup.ts';

export interface ReadReply {
  readonly id: number;
  readonly name: string;
  readonly type: RecordType;
  readonly code: ResponseCode;
  readonly flags: readonly string[];
  readonly answers: number;
  readonly ednsSize: number | null;
}

/** A server's answer. */
export function readReply(bytes: string): ReadReply {
  const question = decodeQuestion(bytes);
  const word = (at: number) => (bytes.charCodeAt(at) << 8) | bytes.charCodeAt(at + 1);
  const bits = word(2);
  const names: readonly (readonly [number, string])[] = [
    [0x8000, 'qr'],
    [0x0400, 'aa'],
    [0x0200, 'tc'],
    [0x0100, 'rd'],
    [0x0080, 'ra'],
  ];
  return {
    id: question?.id ?? 0,
    name: question?.name ?? '',
    type: question?.type ?? 'A',
    code: responseCodes[bits & 15] ?? 'SERVFAIL',
    flags: names.flatMap(([bit, name]) => (bits & bit ? [name] : [])),
    answers: word(6),
    ednsSize: word(10) > 0 ? 1232 : null,
  };
}

/** The records in an answer. */
export function answerRecords({ answers, name, type }: ReadReply): readonly DnsRecord[] {
  if (answers === 0) return [];
  return recordsOf(name)
    .filter((record) => type === 'ANY' || record.type === type)
    .map((record) => ({ ...record, name }));
}

/** The head of an answer as comments. */
export function headLines(message: ReadReply): readonly string[] {
  const { answers, code, ednsSize, flags, id } = message;
  const additional = ednsSize === null ? 0 : 1;
  return [
    `;; ->>HEADER<<- opcode: QUERY, status: ${code}, id: ${id}`,
    `;; flags: ${flags.join(' ')}; QUERY: 1, ANSWER: ${answers}, AUTHORITY: 0, ADDITIONAL: ${additional}`,
  ];
}

/** A record in columns of tabulators, as BIND lays them out: at 24, 32, 40, 48 places. */
export function recordLine(
  name: string,
  ttl: number | undefined,
  type: string,
  data?: string,
): string {
  let line = name;
  let column = name.length;
  const to = (wanted: number) => {
    // At least one tabulator, and as many as lead to the place.
    const tabs = Math.max(1, Math.ceil((wanted - column) / 8));
    line += '\t'.repeat(tabs);
    column = (Math.floor(column / 8) + tabs) * 8;
  };
  const add = (text: string) => {
    line += text;
    column += text.length;
  };
  to(24);
  if (ttl === undefined) {
    to(32);
  } else {
    add(String(ttl));
    to(32);
  }
  add('IN');
  to(40);
  add(type);
  if (data === undefined) return line;
  to(48);
  return line + data;
}

/** Asks a name server over TCP: each message has its length in front (RFC 1035 §4.2.2). */
export async function askOverTcp(
  context: CommandContext,
  owner: SocketOwner,
  server: string,
  port: number,
  question: string,
  limitMs: number,
): Promise<Reply> {
  const { host, machine } = context;
  const startedAtMs = machine.world.nowMs;
  const isRoot = context.user.uid === 0;
  const outcome = await connectTcp(context, { address: server, port, owner, limitMs, isRoot });
  if (outcome.kind !== 'connected')
    return {
      kind: outcome.kind === 'failed' && outcome.error === 'ECONNREFUSED' ? 'refused' : 'timed-out',
    };
  const { socket } = outcome;
  const framed = (text: string) => String.fromCharCode(text.length >> 8, text.length & 255) + text;
  const reply = machine.appAt(server, port) === 'dns' ? answerTo(question) : '';
  const [from, to] = endpointsOf(socket);
  machine.wireTexts.add(from, to, framed(question));
  if (reply !== '') machine.wireTexts.add(to, from, framed(reply));
  const bytes = reply === '' ? 0 : reply.length + 2;
  await exchange(context, socket, question.length + 2, bytes);
  const isAnswered = reply !== '' && (host.traffic(socket.id)?.bytesReceived ?? 0) >= bytes;
  if (host.socket(socket.id) !== undefined) host.close(socket.id);
  const ms = Math.round(machine.world.nowMs - startedAtMs);
  return isAnswered ? { kind: 'answered', replies: [reply], ms } : { kind: 'timed-out' };
}
