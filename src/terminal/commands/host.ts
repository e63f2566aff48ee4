/** host (BIND 9.18): the addresses of a name, or the name of an address, in a sentence each. */

import type { SocketOwner } from '../../network/world.ts';
import { recordTypes, reverseName, type RecordType } from '../linux/dns-message.ts';
import { failed, Printer, printed, startOwner, unsupported, type Command } from './command.ts';
import type { CommandContext, CommandResult } from './command.ts';
import {
  answerRecords,
  askOverTcp,
  headLines,
  readReply,
  recordLine,
  type ReadReply,
} from './dns-text.ts';
import { askServer, lookUp, questionBytes, resolverConfig } from './name-lookup.ts';
import { parseOptions } from './options.ts';

interface Wish {
  readonly types: readonly RecordType[];
  readonly isVerbose: boolean;
  readonly overTcp: boolean;
  readonly wantsRecursion: boolean;
  readonly limitMs: number;
  readonly tries: number;
  readonly port: number;
}

export const host: Command = {
  name: 'host',
  async run(context) {
    const manual = async () => (await context.manual('host')) ?? '';
    const parsed = parseOptions(context.args, { flags: 'aACdilrTUvVw46s', valued: 'cNtWRmp' });
    if (!parsed.ok) {
      const letter = parsed.option.replace(/^-+/, '');
      const said =
        parsed.problem === 'needs-value'
          ? `option requires an argument -- ${letter}`
          : `illegal option -- ${letter}`;
      return failed(`host: ${said}\n${await manual()}`);
    }
    const { has, value } = parsed.options;
    if (has('V')) return printed('host 9.18.49-1~deb12u3-Debian\n');
    const missing = Array.from('ACil6swcNm').find(has);
    if (missing !== undefined) return unsupported(context, 'host', `-${missing}`);
    const [name, server, ...rest] = parsed.operands;
    if (name === undefined || rest.length > 0) return failed(await manual());
    const asked = value('t');
    const type = (Object.keys(recordTypes) as RecordType[]).find(
      (one) => one === asked?.toUpperCase(),
    );
    if (asked !== undefined && type === undefined) return failed(`host: invalid type: ${asked}\n`);
    const isAll = has('a');
    const port = Number(value('p') ?? '53');
    const reverse = reverseName(name);
    const usual: readonly RecordType[] = reverse === undefined ? ['A', 'AAAA', 'MX'] : ['PTR'];
    const { owner, end } = startOwner(context, 'host', { kind: 'idle' });
    try {
      return await new Host(context, owner, {
        types: isAll ? ['ANY'] : type === undefined ? usual : [type],
        isVerbose: has('v') || has('d') || isAll,
        overTcp: has('T'),
        wantsRecursion: !has('r'),
        limitMs: Math.max(1, Number(value('W') ?? '5') || 1) * 1000,
        tries: Math.max(2, (Number(value('R') ?? '1') || 0) + 1),
        port,
      }).run(name, reverse, server);
    } finally {
      end();
    }
  },
};

class Host {
  private readonly context: CommandContext;
  private readonly owner: SocketOwner;
  private readonly wish: Wish;
  private readonly out = new Printer();

  constructor(context: CommandContext, owner: SocketOwner, wish: Wish) {
    this.context = context;
    this.owner = owner;
    this.wish = wish;
  }

  async run(
    name: string,
    reverse: string | undefined,
    server: string | undefined,
  ): Promise<CommandResult> {
    const { context, out, owner, wish } = this;
    const config = resolverConfig(context);
    let { servers } = config;
    if (server !== undefined) {
      const found = await lookUp(context, owner, server, [4]);
      if (!found.ok) {
        out.problem(`host: couldn't get address for '${server}': not found`);
        return out.result(1);
      }
      servers = found.addresses;
    }
    const plain = name.replace(/(.)\.$/, '$1');
    const searched = config.search.map((domain) => `${plain}.${domain}`);
    // A name without a dot is looked up in the domains first, one with a dot by itself.
    const candidates =
      reverse !== undefined
        ? [reverse]
        : name.endsWith('.') || name.includes('.')
          ? [plain]
          : [...searched, plain];
    let last: ReadReply | undefined;
    for (const candidate of candidates) {
      last = undefined;
      for (const [index, type] of wish.types.entries()) {
        const reply = await this.ask(servers, candidate, type);
        if (context.signal.aborted) return out.result(130);
        if (reply === null) {
          out.line(';; no servers could be reached');
          return out.result(1);
        }
        if (index === 0 && server !== undefined && !this.hasHead)
          this.head(server, servers[0] ?? '');
        last = reply;
        if (reply.code !== 'NOERROR') break;
        this.say(reply, wish.types.length === 1);
      }
      if (last?.code === 'NOERROR') return out.result(0);
    }
    const shown = reverse === undefined ? name : `${reverse}.`;
    out.line(`Host ${shown} not found: 3(${last?.code ?? 'NXDOMAIN'})`);
    return out.result(1);
  }

  private hasHead = false;

  /** Which server was named. */
  private head(name: string, address: string): void {
    this.hasHead = true;
    const { out, wish } = this;
    out.line('Using domain server:');
    out.line(`Name: ${name}`);
    out.line(`Address: ${address}#${wish.port}`);
    out.line('Aliases: ');
    out.line('');
  }

  private async ask(
    servers: readonly string[],
    name: string,
    type: RecordType,
  ): Promise<ReadReply | null> {
    const { context, out, owner, wish } = this;
    const { limitMs, overTcp, port, tries, wantsRecursion } = wish;
    if (wish.isVerbose) out.line(`Trying "${name}"`);
    for (let attempt = 0; attempt < tries; attempt++) {
      for (const server of servers) {
        const { bytes } = questionBytes(context, { name, type, wantsRecursion });
        const reply =
          overTcp || type === 'ANY'
            ? await askOverTcp(context, owner, server, port, bytes, limitMs)
            : await askServer(context, owner, server, port, [bytes], limitMs);
        if (context.signal.aborted) return null;
        const [answer = ''] = reply.kind === 'answered' ? reply.replies : [];
        if (reply.kind === 'answered' && answer !== '') {
          const read = readReply(answer);
          if (wish.isVerbose && read.code === 'NOERROR')
            this.verbose(read, answer.length, `${server}#${port}`, reply.ms);
          return read;
        }
        const why = reply.kind === 'refused' ? 'connection refused' : 'timed out';
        out.line(`;; communications error to ${server}#${port}: ${why}`);
      }
    }
    return null;
  }

  private verbose(reply: ReadReply, size: number, server: string, ms: number): void {
    const { out } = this;
    for (const line of headLines(reply)) out.line(line);
    out.line('');
    out.line(';; QUESTION SECTION:');
    out.line(recordLine(`;${reply.name}.`, undefined, reply.type));
    out.line('');
    const records = answerRecords(reply);
    if (records.length > 0) {
      out.line(';; ANSWER SECTION:');
      for (const { data, name, ttl, type } of records)
        out.line(recordLine(`${name}.`, ttl, type, type === 'PTR' ? `${data}.` : data));
      out.line('');
    }
    out.line(`Received ${size} bytes from ${server} in ${ms} ms`);
  }

  private say(reply: ReadReply, isOnly: boolean): void {
    const { out, wish } = this;
    if (wish.isVerbose) return;
    const records = answerRecords(reply);
    for (const { data, name, type } of records) {
      if (type === 'PTR') out.line(`${name} domain name pointer ${data}.`);
      else out.line(`${name} has ${type === 'AAAA' ? 'IPv6 ' : ''}address ${data}`);
    }
    if (records.length === 0 && isOnly) out.line(`${reply.name} has no ${reply.type} record`);
  }
}
