/**
 * iptables 1.8.9 (nf_tables) and iptables-save: the filter table of the machine, which
 * the engine applies to every packet that it sends or receives, its traffic with itself included. Nothing is
 * forwarded here, and the other tables are empty.
 */

import {
  packetFilterOf,
  type ChainView,
  type FilterProblem,
  type PacketFilter,
} from '../firewall/filter.ts';
import {
  echoLine,
  heading,
  row,
  ruleLine,
  shortNumber,
  type ListNames,
  type RowStyle,
} from '../firewall/printing.ts';
import { readRule, type RuleProblem } from '../firewall/reading.ts';
import { builtIn, type RuleParts } from '../firewall/rule-parts.ts';
import {
  failed,
  printed,
  unsupported,
  type Command,
  type CommandContext,
  type CommandResult,
} from './command.ts';

const version = 'iptables v1.8.9 (nf_tables)';
const hint = "Try `iptables -h' or 'iptables --help' for more information.";

/** What is wrong with the command line. */
class Misuse extends Error {
  readonly result: CommandResult;

  constructor(result: CommandResult) {
    super('iptables');
    this.result = result;
  }
}

const misuse = (text: string): CommandResult => failed(`${version}: ${text}\n${hint}`, 2);

/** Commands by their long names. */
const commandNames: Readonly<Record<string, string>> = {
  '--append': '-A',
  '--check': '-C',
  '--delete': '-D',
  '--insert': '-I',
  '--replace': '-R',
  '--list': '-L',
  '--list-rules': '-S',
  '--flush': '-F',
  '--zero': '-Z',
  '--new-chain': '-N',
  '--new': '-N',
  '--delete-chain': '-X',
  '--policy': '-P',
  '--rename-chain': '-E',
};
/** What each command needs: a chain, and whether a second word may stand after it. */
const commandWords: Readonly<
  Record<string, { readonly needsChain: boolean; readonly second: boolean }>
> = {
  '-A': { needsChain: true, second: false },
  '-C': { needsChain: true, second: false },
  '-D': { needsChain: true, second: true },
  '-I': { needsChain: true, second: true },
  '-R': { needsChain: true, second: true },
  '-L': { needsChain: false, second: true },
  '-S': { needsChain: false, second: true },
  '-F': { needsChain: false, second: false },
  '-Z': { needsChain: false, second: true },
  '-N': { needsChain: true, second: false },
  '-X': { needsChain: false, second: false },
  '-P': { needsChain: true, second: true },
  '-E': { needsChain: true, second: true },
};

interface Request {
  readonly command: string;
  readonly chain: string | undefined;
  readonly second: string | undefined;
  /** The rule's own words. */
  readonly rest: readonly string[];
  readonly table: string;
  readonly isNumeric: boolean;
  readonly isVerbose: boolean;
  readonly isExact: boolean;
  readonly hasNumbers: boolean;
}

const tables: Readonly<Record<string, readonly string[]>> = {
  filter: builtIn,
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  raw: ['PREROUTING', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
};

export const iptables: Command = {
  name: 'iptables',
  async run(context) {
    const { args } = context;
    if (args.includes('-h') || args.includes('--help'))
      return printed((await context.manual('iptables')) ?? '');
    if (args.length === 1 && (args[0] === '-V' || args[0] === '--version'))
      return printed(`${version}\n`);
    try {
      const request = readRequest(args);
      return perform(context, request);
    } catch (problem) {
      if (problem instanceof Misuse) return problem.result;
      throw problem;
    }
  },
};

function readRequest(args: readonly string[]): Request {
  const rest: string[] = [];
  const flags = new Set<string>();
  let command: string | undefined;
  let chain: string | undefined;
  let second: string | undefined;
  let table = 'filter';
  const queue = args.flatMap(split);
  const operand = (): string | undefined => {
    const next = queue[0];
    return next === undefined || next.startsWith('-') || next === '!' ? undefined : queue.shift();
  };
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    const name = commandNames[word] ?? word;
    const wants = commandWords[name];
    if (wants !== undefined) {
      if (command !== undefined && !(command === '-L' && name === '-Z'))
        throw new Misuse(misuse(`Cannot use ${name} with ${command}`));
      if (command === undefined) command = name;
      else flags.add('Z');
      chain = operand() ?? chain;
      if (wants.needsChain && chain === undefined)
        throw new Misuse(misuse(`option "${word}" requires an argument`));
      if (wants.second) second = operand() ?? second;
    } else if (word === '-t' || word === '--table') {
      const value = queue.shift();
      if (value === undefined) throw new Misuse(misuse(`option "${word}" requires an argument`));
      table = value;
    } else if (word === '-n' || word === '--numeric') flags.add('n');
    else if (word === '-v' || word === '--verbose') flags.add('v');
    else if (word === '-x' || word === '--exact') flags.add('x');
    else if (word === '--line-numbers' || word === '--line') flags.add('l');
    else if (word === '-w' || word === '--wait' || word.startsWith('--wait=')) {
      if (/^\d+$/.test(queue[0] ?? '')) queue.shift();
    } else if (word === '-4' || word === '--ipv4') continue;
    else if (valued.has(word) && queue[0] !== undefined) {
      rest.push(word, queue.shift() ?? '');
      // Some options take two values.
      if (word === '--tcp-flags' && queue.length > 0) rest.push(queue.shift() ?? '');
    } else rest.push(word);
  }
  if (command === undefined) {
    const [first] = rest;
    if (first === undefined) throw new Misuse(misuse('no command specified'));
    if (!first.startsWith('-')) throw new Misuse(failed(`Bad argument \`${first}'\n${hint}`, 2));
    if (!ruleOptions.has(first)) throw new Misuse(misuse(`unknown option "${first}"`));
    throw new Misuse(misuse('no command specified'));
  }
  return {
    command,
    chain,
    second,
    rest,
    table,
    isNumeric: flags.has('n'),
    isVerbose: flags.has('v'),
    isExact: flags.has('x'),
    hasNumbers: flags.has('l'),
  };
}

/** Options of rules whose value is never read as an option. */
const valued = new Set([
  ...['-p', '--protocol', '-s', '--source', '--src', '-d', '--destination', '--dst', '-i', '-o'],
  ...['-j', '--jump', '-g', '--goto', '-m', '--match', '--sport', '--source-port', '--dport'],
  ...['--destination-port', '--sports', '--dports', '--ports', '--state', '--ctstate', '--comment'],
  ...['--reject-with', '--log-prefix', '--log-level', '--limit', '--limit-burst', '--icmp-type'],
  ...['--in-interface', '--out-interface', '--tcp-flags', '--dst-type', '--seconds', '--hitcount'],
  ...['--name', '--mask'],
]);
const ruleOptions = new Set([...valued, '!', '--syn', '--set', '--update', '--rsource']);

/** Letters that may stand together, as `-nvL`; the last may be a command or take a value. */
function split(word: string): readonly string[] {
  if (!/^-[nvx]+[nvxLSFZ]?$/.test(word) && !/^-[LSFZ][nvx]+$/.test(word)) return [word];
  const letters = Array.from(word.slice(1));
  // The command goes last, so that its chain is the next word.
  const command = letters.filter((letter) => /[LSFZ]/.test(letter));
  return [...letters.filter((letter) => !/[LSFZ]/.test(letter)), ...command].map(
    (letter) => `-${letter}`,
  );
}

function perform(context: CommandContext, request: Request): CommandResult {
  const { chain, command, second, table, rest } = request;
  const takesRule = ['-A', '-C', '-D', '-I', '-R'].includes(command);
  const [illegal] = rest;
  if (!takesRule && illegal !== undefined) {
    if (!illegal.startsWith('-') && illegal !== '!')
      throw new Misuse(failed(`Bad argument \`${illegal}'\n${hint}`, 2));
    throw new Misuse(
      misuse(
        ruleOptions.has(illegal)
          ? `Illegal option \`${illegal}' with this command`
          : `unknown option "${illegal}"`,
      ),
    );
  }
  const filter = filterOf(context);
  const own = tables[table];
  if (context.user.uid !== 0)
    return failed(
      `${version}: Could not fetch rule set generation id: Permission denied (you must be root)`,
      4,
    );
  if (own === undefined)
    return failed(
      `${version}: table '${table}' does not exist\nPerhaps iptables or your kernel needs to be upgraded.`,
      3,
    );
  if (table !== 'filter') return otherTable(context, request, own);
  switch (command) {
    case '-L':
      return list(context, filter, request);
    case '-S':
      return listRules(filter, request);
    case '-F':
      return done(filter.flush(chain), said(request, filter, 'Flushing'));
    case '-Z':
      return done(
        filter.zero(chain, second === undefined ? undefined : place(second)),
        said(request, filter, 'Zeroing'),
      );
    case '-N':
      return done(filter.addChain(chain ?? ''), '', chain);
    case '-X':
      return done(filter.removeChain(chain), said(request, filter, 'Deleting'), chain);
    case '-E':
      if (second === undefined)
        throw new Misuse(misuse('-E requires old-chain-name and new-chain-name'));
      return done(filter.renameChain(chain ?? '', second));
    case '-P':
      return policy(filter, chain ?? '', second);
    default:
      return change(context, filter, request);
  }
}

export function filterOf({ machine }: CommandContext): PacketFilter {
  return packetFilterOf(machine);
}

/** What `-v` says of each chain that a command touches. */
function said(request: Request, filter: PacketFilter, doing: string): string {
  if (!request.isVerbose) return '';
  const names =
    request.chain === undefined
      ? doing === 'Deleting'
        ? filter.ownChains
        : filter.chains().map(({ name }) => name)
      : [request.chain];
  return names.map((name) => `${doing} chain \`${name}'\n`).join('');
}

function done(problem: FilterProblem | null, text = '', chain = ''): CommandResult {
  switch (problem) {
    case null:
      return printed(text);
    case 'no-chain':
      return failed('iptables: No chain/target/match by that name.');
    case 'exists':
      return failed('iptables: Chain already exists.');
    case 'busy':
      return failed(`${version}:  CHAIN_DEL failed (Device or resource busy): chain ${chain}`, 4);
    case 'no-rule':
      return failed('iptables: Bad rule (does a matching rule exist in that chain?).');
    case 'not-built-in':
      return failed('iptables: Bad built-in chain name.');
    case 'bad-index':
    case 'bad-reset':
      return failed('iptables: Invalid argument.');
  }
}

function policy(filter: PacketFilter, chain: string, target: string | undefined): CommandResult {
  if (target === undefined) throw new Misuse(misuse('-P requires a chain and a policy'));
  if (!filter.hasChain(chain) || filter.ownChains.includes(chain)) return done('not-built-in');
  if (target !== 'ACCEPT' && target !== 'DROP')
    return failed("iptables: Bad policy name. Run `dmesg' for more information.");
  return done(filter.setPolicy(chain, target === 'ACCEPT' ? 'accept' : 'drop'));
}

/** A rule's number in its chain, from 0. */
function place(word: string): number {
  if (!/^[1-9]\d*$/.test(word)) throw new Misuse(misuse(`Invalid rule number \`${word}'`));
  return Number(word) - 1;
}

function change(context: CommandContext, filter: PacketFilter, request: Request): CommandResult {
  const { command, chain = '', second, rest } = request;
  const isByNumber = second !== undefined && /^\d+$/.test(second);
  if (command === '-R' && !isByNumber) throw new Misuse(misuse('-R requires a rule number'));
  if (second !== undefined && !isByNumber)
    throw new Misuse(failed(`Bad argument \`${second}'\n${hint}`, 2));
  const at = second === undefined ? undefined : place(second);
  if (command === '-D' && at !== undefined) {
    const problem = filter.removeAt(chain, at);
    return problem === 'bad-index' ? failed('iptables: Index of deletion too big.') : done(problem);
  }
  const read = readRule(rest, chain, filter.ruleNames);
  if (!read.ok) return ruleProblem(context, read.problem);
  const [rule] = read.rules;
  if (rule === undefined) return done(null);
  const problem = applied(filter, command, chain, read.rules, at);
  if (problem === 'bad-index')
    return failed(`iptables: Index of ${command === '-R' ? 'replacement' : 'insertion'} too big.`);
  if (problem === 'bad-reset') {
    const verb =
      command === '-I' ? 'RULE_INSERT' : command === '-R' ? 'RULE_REPLACE' : 'RULE_APPEND';
    return failed(`${version}:  ${verb} failed (Invalid argument): rule in chain ${chain}`, 4);
  }
  const echo = request.isVerbose ? read.rules.map((one) => `${echoLine(one)}\n`).join('') : '';
  return done(problem, echo);
}

function applied(
  filter: PacketFilter,
  command: string,
  chain: string,
  rules: readonly RuleParts[],
  at: number | undefined,
): FilterProblem | null {
  const [rule] = rules;
  if (rule === undefined) return null;
  if (!filter.hasChain(chain)) return 'no-chain';
  switch (command) {
    case '-A':
      return filter.insert(chain, rules);
    case '-I':
      return filter.insert(chain, rules, at ?? 0);
    case '-R':
      return filter.replace(chain, at ?? 0, rule);
    case '-C':
      return rules.every((one) => filter.hasLike(chain, one)) ? null : 'no-rule';
    default: {
      for (const one of rules) {
        const problem = filter.removeLike(chain, one);
        if (problem !== null) return problem;
      }
      return null;
    }
  }
}

function ruleProblem(context: CommandContext, problem: RuleProblem): CommandResult {
  if (problem.kind === 'unsupported') return unsupported(context, 'iptables', problem.option);
  if (problem.kind === 'bad-argument') return failed(`Bad argument \`${problem.word}'\n${hint}`, 2);
  return misuse(problem.text);
}

function unknownChain(name: string): CommandResult {
  return failed(`${version}: chain \`${name}' in table \`filter' is incompatible, use 'nft' tool.`);
}

function policyText(chain: ChainView, isVerbose: boolean, isExact: boolean): string {
  if (chain.policy === null) return `${chain.references} references`;
  if (!isVerbose) return `policy ${chain.policy}`;
  const number = (count: number) => (isExact ? String(count) : shortNumber(count).trim());
  return `policy ${chain.policy} ${number(chain.count.packets)} packets, ${number(chain.count.bytes)} bytes`;
}

function list(context: CommandContext, filter: PacketFilter, request: Request): CommandResult {
  const { chain, hasNumbers, isExact, isVerbose, second } = request;
  if (chain !== undefined && !filter.hasChain(chain)) return unknownChain(chain);
  const style: RowStyle = {
    names: request.isNumeric ? null : namesOf(context),
    isVerbose,
    isExact,
  };
  const rows = (view: ChainView) =>
    view.rules.map(
      ({ rule, count }, index) =>
        `${hasNumbers ? `${String(index + 1).padEnd(4)} ` : ''}${row(rule, count, style)}\n`,
    );
  if (chain !== undefined && second !== undefined)
    return printed(rows(filter.chain(chain))[place(second)] ?? '');
  const views = chain === undefined ? filter.chains() : [filter.chain(chain)];
  return printed(
    views
      .map(
        (view) =>
          `Chain ${view.name} (${policyText(view, isVerbose, isExact)})\n${heading(style, hasNumbers)}\n${rows(view).join('')}`,
      )
      .join('\n'),
  );
}

function namesOf({ machine }: CommandContext): ListNames {
  const services = machine.serviceNames();
  return {
    serviceOf: (port, protocol) => services.byPort(port, protocol === 'udp' ? 'udp' : 'tcp')?.name,
    hostOf: (address) => machine.nameOf(address),
  };
}

function listRules(filter: PacketFilter, request: Request): CommandResult {
  const { chain, isVerbose, second } = request;
  if (chain !== undefined && !filter.hasChain(chain)) return unknownChain(chain);
  const views = chain === undefined ? filter.chains() : [filter.chain(chain)];
  const lines = views.flatMap((view) =>
    view.rules.map(({ words, count }) => ruleLine(view.name, words, isVerbose ? count : undefined)),
  );
  if (second !== undefined) {
    const line = lines[place(second)];
    return printed(line === undefined ? '' : `${line}\n`);
  }
  const heads = views.map((view) =>
    view.policy === null
      ? `-N ${view.name}`
      : `-P ${view.name} ${view.policy}${isVerbose ? ` -c ${view.count.packets} ${view.count.bytes}` : ''}`,
  );
  return printed([...heads, ...lines].map((line) => `${line}\n`).join(''));
}

/** The tables that nothing on this machine uses: empty, and to be read only. */
function otherTable(
  context: CommandContext,
  { chain, command, table, isVerbose, isExact, hasNumbers }: Request,
  own: readonly string[],
): CommandResult {
  const names = own.filter((name) => chain === undefined || name === chain);
  if (names.length === 0 && (command === '-L' || command === '-S'))
    return failed(
      `${version}: chain \`${chain ?? ''}' in table \`${table}' is incompatible, use 'nft' tool.`,
    );
  if (names.length === 0) return done('no-chain');
  switch (command) {
    case '-L': {
      const policyOf = isVerbose ? 'policy ACCEPT 0 packets, 0 bytes' : 'policy ACCEPT';
      const head = heading({ names: null, isVerbose, isExact }, hasNumbers);
      return printed(names.map((name) => `Chain ${name} (${policyOf})\n${head}\n`).join('\n'));
    }
    case '-S':
      return printed(names.map((name) => `-P ${name} ACCEPT\n`).join(''));
    case '-F':
    case '-X':
    case '-Z':
      return printed('');
    default:
      return unsupported(context, 'iptables', `-t ${table} ${command}`);
  }
}

/** `# …` lines carry the date, as the real one's do. */
export const iptablesSave: Command = {
  name: 'iptables-save',
  run(context) {
    if (context.user.uid !== 0)
      return failed(
        'iptables-save v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)',
        4,
      );
    const hasCounters = context.args.some((arg) => arg === '-c' || arg === '--counters');
    const views = filterOf(context).chains();
    if (!views.some(({ isMade }) => isMade)) return printed('');
    const date = asctime(context.machine.epochNowMs);
    const lines = [
      `# Generated by iptables-save v1.8.9 (nf_tables) on ${date}`,
      '*filter',
      ...views.map(
        ({ name, policy: word, count }) =>
          `:${name} ${word ?? '-'} [${count.packets}:${count.bytes}]`,
      ),
      ...views.flatMap((view) =>
        view.rules.map(
          ({ words, count }) =>
            `${hasCounters ? `[${count.packets}:${count.bytes}] ` : ''}${ruleLine(view.name, words)}`,
        ),
      ),
      'COMMIT',
      `# Completed on ${date}`,
    ];
    return printed(lines.map((line) => `${line}\n`).join(''));
  },
};

function asctime(epochMs: number): string {
  const [day = '', date = '', month = '', year = '', time = ''] = new Date(epochMs)
    .toUTCString()
    .replace(',', '')
    .split(' ');
  return `${day} ${month} ${String(Number(date)).padStart(2)} ${time} ${year}`;
}
