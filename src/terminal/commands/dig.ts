/** dig (BIND 9.18): one question to a name server, and its answer in full. */

import { isDestinationPort } from '../../network/port-ranges.ts';
import type { SocketOwner } from '../../network/world.ts';
import { recordTypes, reverseName, type RecordType } from '../linux/dns-message.ts';
import { failed, Printer, printed, startOwner, unsupported, type Command } from './command.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { answerRecords, askOverTcp, headLines, readReply, recordLine } from './dns-text.ts';
import { askServer, lookUp, questionBytes, resolverConfig } from './name-lookup.ts';

const version = 'DiG 9.18.49-1~deb12u3-Debian';

const usage = `Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}
            {global-d-opt} host [@local-server] {local-d-opt}
            [ host [@local-server] {local-d-opt} [...]]

Use "dig -h" (or "dig -h | more") for complete list of options
`;

/** What is shown; each can be turned off with `no` in front. */
const parts = [
  'cmd',
  'comments',
  'question',
  'answer',
  'authority',
  'additional',
  'stats',
] as const;
type Part = (typeof parts)[number];

const notHere = new Set(
  `aaflag aaonly adflag all-rdata badcookie besteffort bufsize cdflag class cookie crypto defname
  dns64prefix dnssec domain dscp ednsflags ednsnegotiation ednsopt expire fail header-only https idnin
  idnout keepalive keepopen mapped multiline ndots nsid nssearch onesoa opcode padding qid qr raflag
  rdflag rrcomments showallmessages showbadcookie showbadvers showsearch sigchase split subnet tcflag tls trace
  ttlid ttlunits unknownformat vc yaml zflag zoneversion`
    .split(/\s+/)
    .filter(Boolean),
);

interface Wish {
  readonly questions: readonly { name: string; type: RecordType }[];
  readonly server: string | undefined;
  readonly port: number;
  readonly shows: Readonly<Record<Part, boolean>>;
  readonly isShort: boolean;
  readonly identifies: boolean;
  readonly limitMs: number;
  readonly tries: number;
  readonly overTcp: boolean;
  readonly wantsRecursion: boolean;
  readonly ednsSize: number | null;
  readonly searches: boolean;
}

type Read = { readonly wish: Wish } | { readonly result: CommandResult };

export const dig: Command = {
  name: 'dig',
  async run(context) {
    if (context.args[0] === '-h') return printed((await context.manual('dig')) ?? '');
    if (context.args[0] === '-v') return printed(`${version}\n`);
    const out = new Printer();
    const read = readArguments(context, out);
    if ('result' in read) return read.result;
    const { owner, end } = startOwner(context, 'dig', { kind: 'idle' });
    try {
      return await new Dig(context, read.wish, owner, out).run();
    } finally {
      end();
    }
  },
};

function readArguments(context: CommandContext, out: Printer): Read {
  const wrong = (option: string): Read => ({
    result: failed(`Invalid option: ${option}\n${usage}`),
  });
  const shows: Record<Part, boolean> = {
    cmd: true,
    comments: true,
    question: true,
    answer: true,
    authority: true,
    additional: true,
    stats: true,
  };
  const questions: { name: string; type: RecordType }[] = [];
  const flags = new Map<string, boolean>();
  let server: string | undefined;
  let port = 53;
  let limitMs = 5000;
  let tries = 3;
  let type: RecordType | undefined;
  const ask = (name: string, wanted: RecordType = type ?? 'A') => {
    questions.push({ name, type: wanted });
    type = undefined;
  };
  const setType = (text: string) => {
    const found = typeOf(text);
    if (found === undefined) out.problem(`;; Warning, ignoring invalid type ${text}`);
    const last = questions.at(-1);
    if (found !== undefined && last !== undefined) last.type = found;
    else type = found;
  };
  const { args } = context;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg.startsWith('@')) server = arg.slice(1);
    else if (arg.startsWith('+')) {
      const [, no, name = '', value] = /^\+(no)?([a-z0-9-]+)(?:=(.*))?$/.exec(arg) ?? [];
      const isOn = no === undefined;
      const part = parts.find((one) => one === name);
      if (name === 'all') for (const one of parts) shows[one] = isOn;
      else if (part !== undefined) shows[part] = isOn;
      else if (name === 'time' || name === 'timeout')
        limitMs = Math.max(1, Number(value ?? '5') || 1) * 1000;
      else if (name === 'tries') tries = Math.max(1, Number(value ?? '3') || 1);
      else if (name === 'retry') tries = Math.max(0, Number(value ?? '2') || 0) + 1;
      else if (['short', 'tcp', 'recurse', 'rec', 'edns', 'search', 'identify'].includes(name))
        flags.set(name === 'rec' ? 'recurse' : name, isOn);
      else if (notHere.has(name)) return { result: unsupported(context, 'dig', `+${name}`) };
      else return wrong(arg);
    } else if (/^-./.test(arg)) {
      const letter = arg[1] ?? '';
      if (letter === '4') continue;
      if (
        '6bfikmruydD'.includes(letter) &&
        (letter === 'm' ||
          letter === 'r' ||
          letter === 'u' ||
          arg.length > 2 ||
          args[at + 1] !== undefined)
      )
        return { result: unsupported(context, 'dig', `-${letter}`) };
      if (!'xtqcp'.includes(letter)) return wrong(arg);
      const value = arg.length > 2 ? arg.slice(2) : args[++at];
      if (value === undefined) return wrong(arg);
      if (letter === 'q') ask(value);
      else if (letter === 't') setType(value);
      else if (letter === 'c' && value.toUpperCase() !== 'IN')
        return { result: unsupported(context, 'dig', `-c ${value}`) };
      else if (letter === 'p') port = Number(value);
      else if (letter === 'x') {
        const name = reverseName(value);
        if (name === undefined) return { result: failed(`Invalid IP address ${value}`) };
        ask(name, 'PTR');
      }
    } else if (typeOf(arg) !== undefined) setType(arg);
    else if (arg.toUpperCase() !== 'IN') ask(arg);
  }
  if (!isDestinationPort(port)) return { result: failed(`dig: invalid port '${String(port)}'`) };
  if (questions.length === 0) return { result: unsupported(context, 'dig', '. NS') };
  const isShort = flags.get('short') === true;
  return {
    wish: {
      questions,
      server,
      port,
      shows,
      isShort,
      identifies: flags.get('identify') === true,
      limitMs,
      tries,
      overTcp: flags.get('tcp') === true,
      wantsRecursion: flags.get('recurse') !== false,
      ednsSize: flags.get('edns') === false ? null : 1232,
      searches: flags.get('search') === true,
    },
  };
}

function typeOf(text: string): RecordType | undefined {
  return (Object.keys(recordTypes) as RecordType[]).find((one) => one === text.toUpperCase());
}

class Dig {
  private readonly context: CommandContext;
  private readonly wish: Wish;
  private readonly owner: SocketOwner;
  private readonly out: Printer;
  private hasBanner = false;

  constructor(context: CommandContext, wish: Wish, owner: SocketOwner, out: Printer) {
    this.context = context;
    this.wish = wish;
    this.owner = owner;
    this.out = out;
  }

  async run(): Promise<CommandResult> {
    const { context, out, owner, wish } = this;
    const config = resolverConfig(context);
    let servers = config.servers;
    if (wish.server !== undefined) {
      const found = await lookUp(context, owner, wish.server, [4]);
      if (!found.ok) {
        out.problem(`dig: couldn't get address for '${wish.server}': not found`);
        return out.result(1);
      }
      servers = found.addresses;
    }
    let exitCode = 0;
    for (const { name, type } of wish.questions) {
      if (context.signal.aborted) return out.result(130);
      const [domain = ''] = config.search;
      const isShortName = !name.includes('.') && domain !== '';
      const whole = wish.searches && isShortName ? `${name}.${domain}` : name;
      if (!(await this.ask(servers, whole.replace(/(.)\.$/, '$1'), type))) exitCode = 9;
    }
    return out.result(exitCode);
  }

  /** Above the first answer, and above the news that there is none. */
  private banner(isForced: boolean): void {
    const { context, out, wish } = this;
    if (this.hasBanner || !wish.shows.cmd || (wish.isShort && !isForced)) return;
    this.hasBanner = true;
    out.line(`\n; <<>> ${version} <<>> ${context.args.join(' ')}`);
    if (wish.server !== undefined) out.line('; (1 server found)');
    out.line(`;; global options: +cmd`);
  }

  private async ask(servers: readonly string[], name: string, type: RecordType): Promise<boolean> {
    const { context, out, owner, wish } = this;
    const { ednsSize, limitMs, port, tries, wantsRecursion } = wish;
    const isTcp = wish.overTcp || type === 'ANY';
    const hasCookie = ednsSize !== null;
    for (let attempt = 0; attempt < tries; attempt++) {
      for (const server of servers) {
        if (context.signal.aborted) return false;
        const question = { name, type, wantsRecursion, ednsSize, hasCookie };
        const { bytes } = questionBytes(context, question);
        const reply = isTcp
          ? await askOverTcp(context, owner, server, port, bytes, limitMs)
          : await askServer(context, owner, server, port, [bytes], limitMs);
        const [answer = ''] = reply.kind === 'answered' ? reply.replies : [];
        if (reply.kind === 'answered' && answer !== '') {
          this.show(answer, `${server}#${port}(${server})`, isTcp, reply.ms);
          return true;
        }
        const why = reply.kind === 'refused' ? 'connection refused' : 'timed out';
        out.line(`;; communications error to ${server}#${port}: ${why}`);
      }
    }
    this.banner(true);
    out.line(';; no servers could be reached');
    return false;
  }

  private show(answer: string, server: string, isTcp: boolean, ms: number): void {
    const { context, out, wish } = this;
    const { shows } = wish;
    this.banner(false);
    const message = readReply(answer);
    const records = answerRecords(message);
    if (wish.isShort) {
      const from = wish.identifies ? ` from server ${server.split('#')[0] ?? ''} in ${ms} ms.` : '';
      for (const { data, type } of records) out.line(`${data}${type === 'PTR' ? '.' : ''}${from}`);
      return;
    }
    if (shows.comments) {
      out.line(';; Got answer:');
      for (const line of headLines(message)) out.line(line);
      out.line('');
    }
    if (shows.additional && shows.comments && message.ednsSize !== null) {
      out.line(';; OPT PSEUDOSECTION:');
      out.line(`; EDNS: version: 0, flags:; udp: ${message.ednsSize}`);
    }
    if (shows.question) {
      if (shows.comments) out.line(';; QUESTION SECTION:');
      out.line(recordLine(`;${message.name}.`, undefined, message.type));
      if (shows.comments) out.line('');
    }
    if (shows.answer && records.length > 0) {
      if (shows.comments) out.line(';; ANSWER SECTION:');
      for (const { data, name, ttl, type } of records)
        out.line(recordLine(`${name}.`, ttl, type, type === 'PTR' ? `${data}.` : data));
      if (shows.comments) out.line('');
    }
    if (!shows.stats) return;
    const [day = '', date = '', month = '', year = '', time = ''] = new Date(
      context.machine.epochNowMs,
    )
      .toUTCString()
      .replace(',', '')
      .split(' ');
    out.line(`;; Query time: ${ms} msec`);
    out.line(`;; SERVER: ${server} (${isTcp ? 'TCP' : 'UDP'})`);
    out.line(`;; WHEN: ${day} ${month} ${date} ${time} UTC ${year}`);
    out.line(`;; MSG SIZE  rcvd: ${answer.length}`);
    out.line('');
  }
}
