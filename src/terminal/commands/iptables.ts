/**
 * iptables (1.8): the filter table's INPUT and OUTPUT of the machine, which the engine applies to
 * every packet. FORWARD is always empty; other tables, chains of one's own and counters are not here.
 */

import type { FirewallRule, FirewallSpec } from '../../network/scenario/scenario.ts';
import {
  failed,
  printed,
  unsupported,
  type Command,
  type CommandContext,
  type CommandResult,
} from './command.ts';

const open: FirewallSpec = { policyIn: 'accept', policyOut: 'accept', rules: [] };

export const iptables: Command = {
  name: 'iptables',
  async run(context) {
    const { machine } = context;
    const args = context.args.flatMap((arg) =>
      /^-[nvxL]{2,}$/.test(arg) ? Array.from(arg.slice(1), (letter) => `-${letter}`) : [arg],
    );
    if (args.length === 0)
      return failed(
        "iptables v1.8.9: no command specified\nTry `iptables -h' or 'iptables --help' for more information.",
        2,
      );
    if (args[0] === '-h') return printed((await context.manual('iptables')) ?? '');
    if (args[0] === '-V' || args[0] === '--version') return printed('iptables v1.8.9\n');
    if (context.user.uid !== 0) {
      return failed(
        "iptables v1.8.9: can't initialize iptables table `filter': Permission denied (you must be root)\nPerhaps iptables or your kernel needs to be upgraded.",
        4,
      );
    }
    const table = valueAfter(args, '-t', '--table');
    if (table !== undefined && table !== 'filter')
      return unsupported(context, 'iptables', `-t ${table}`);
    const spec = machine.host.firewallSpec() ?? open;
    const verb = args.find((arg) => verbs.has(arg)) ?? '';
    const [chainName, position] = operandsOf(args, verb);
    switch (verb) {
      case '-L':
      case '--list':
        return printed(list(context, spec, args, chainName));
      case '-S':
      case '--list-rules':
        return printed(save(spec, chainName));
      case '-F':
      case '--flush': {
        const chain = chainName === undefined ? undefined : chainOf(chainName);
        machine.host.setFirewall({
          ...spec,
          rules: chain === undefined ? [] : spec.rules.filter((rule) => rule.chain !== chain),
        });
        return printed('');
      }
      case '-P':
      case '--policy':
        return policy(context, spec, chainName, position);
      case '-A':
      case '--append':
      case '-I':
      case '--insert':
        return add(
          context,
          spec,
          args,
          verb.startsWith('-I') || verb === '--insert',
          chainName,
          position,
        );
      case '-D':
      case '--delete':
        return remove(context, spec, args, chainName, position);
      default: {
        const first = args[0] ?? '';
        return first.startsWith('-')
          ? unsupported(context, 'iptables', first)
          : failed(
              `Bad argument \`${first}'\nTry \`iptables -h' or 'iptables --help' for more information.`,
              2,
            );
      }
    }
  },
};

const verbs = new Set([
  '-L',
  '--list',
  '-S',
  '--list-rules',
  '-F',
  '--flush',
  '-P',
  '--policy',
  '-A',
  '--append',
  '-I',
  '--insert',
  '-D',
  '--delete',
]);

function valueAfter(args: readonly string[], ...names: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => names.includes(arg));
  return at === -1 ? undefined : args[at + 1];
}

/** The chain and, if a number or target follows it, that. */
function operandsOf(args: readonly string[], verb: string): readonly (string | undefined)[] {
  const at = args.indexOf(verb);
  const [chain, next] = args.slice(at + 1);
  if (chain?.startsWith('-') !== false) return [];
  return [chain, next?.startsWith('-') === false ? next : undefined];
}

function chainOf(name: string | undefined): 'in' | 'out' | undefined {
  return name === 'INPUT' ? 'in' : name === 'OUTPUT' ? 'out' : undefined;
}

const noChain = failed('iptables: No chain/target/match by that name.');

function policy(
  context: CommandContext,
  spec: FirewallSpec,
  chainName: string | undefined,
  target: string | undefined,
): CommandResult {
  const chain = chainOf(chainName);
  if (chain === undefined) return chainName === 'FORWARD' ? printed('') : noChain;
  if (target !== 'ACCEPT' && target !== 'DROP')
    return failed("iptables: Bad policy name. Run `dmesg' for more information.");
  const value = target === 'ACCEPT' ? 'accept' : 'drop';
  context.machine.host.setFirewall(
    chain === 'in' ? { ...spec, policyIn: value } : { ...spec, policyOut: value },
  );
  return printed('');
}

type ReadRule =
  | { readonly ok: true; readonly rule: FirewallRule }
  | { readonly ok: false; readonly result: CommandResult };

const targets: Readonly<Record<string, FirewallRule['action']>> = {
  ACCEPT: 'accept',
  DROP: 'drop',
  REJECT: 'reject',
};

function readRule(context: CommandContext, args: readonly string[], chain: 'in' | 'out'): ReadRule {
  const fail = (result: CommandResult): ReadRule => ({ ok: false, result });
  const rule: { -readonly [Key in keyof FirewallRule]: FirewallRule[Key] } = {
    chain,
    action: 'accept',
  };
  let hasTarget = false;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    const value = args[index + 1] ?? '';
    switch (arg) {
      case '-p':
      case '--protocol':
        if (value !== 'tcp' && value !== 'udp')
          return fail(unsupported(context, 'iptables', `-p ${value}`));
        rule.protocol = value;
        break;
      case '--dport':
      case '--destination-port':
      case '--sport':
      case '--source-port': {
        if (rule.protocol === undefined)
          return fail(
            failed(
              `iptables v1.8.9: unknown option "${arg}"\nTry \`iptables -h' or 'iptables --help' for more information.`,
              2,
            ),
          );
        const ports = readPorts(context, value);
        if (ports === undefined)
          return fail(
            failed(
              `iptables v1.8.9: invalid port/service \`${value}' specified\nTry \`iptables -h' or 'iptables --help' for more information.`,
              2,
            ),
          );
        const isLocal = arg.startsWith('--d') === (chain === 'in');
        if (isLocal) rule.localPort = ports;
        else rule.remotePort = ports;
        break;
      }
      case '-s':
      case '--source':
      case '-d':
      case '--destination': {
        const isRemote = (arg === '-s' || arg === '--source') === (chain === 'in');
        const [name = '', length] = value.split('/');
        const address = context.machine.resolve(name);
        if (address === undefined)
          return fail(
            failed(
              `iptables v1.8.9: host/network \`${value}' not found\nTry \`iptables -h' or 'iptables --help' for more information.`,
              2,
            ),
          );
        if (!isRemote) return fail(unsupported(context, 'iptables', arg));
        rule.remote = length === undefined ? address : `${address}/${length}`;
        break;
      }
      case '--state':
      case '--ctstate':
        if (/^(?:ESTABLISHED|RELATED)(?:,(?:ESTABLISHED|RELATED))?$/.test(value))
          rule.state = 'established';
        else if (value === 'NEW') rule.state = 'new';
        else return fail(unsupported(context, 'iptables', `${arg} ${value}`));
        break;
      case '-j':
      case '--jump': {
        const action = targets[value];
        if (action === undefined) return fail(noChain);
        rule.action = action;
        hasTarget = true;
        break;
      }
      case '--reject-with':
        rule.rejectWith = value === 'tcp-reset' ? 'tcp-reset' : 'icmp-port-unreachable';
        break;
      case '-m':
      case '--match':
        if (!['tcp', 'udp', 'state', 'conntrack', 'comment'].includes(value))
          return fail(unsupported(context, 'iptables', `-m ${value}`));
        break;
      case '--comment':
        break;
      default:
        return fail(
          arg.startsWith('-')
            ? unsupported(context, 'iptables', arg)
            : failed(
                `Bad argument \`${arg}'\nTry \`iptables -h' or 'iptables --help' for more information.`,
                2,
              ),
        );
    }
    index += 1;
  }
  if (!hasTarget) return fail(unsupported(context, 'iptables', 'a rule without -j'));
  return { ok: true, rule };
}

function readPorts(context: CommandContext, text: string): number | string | undefined {
  const one = (word: string) =>
    /^\d+$/.test(word) ? Number(word) : context.machine.serviceNames().byName(word)?.port;
  const [low = '', high] = text.split(':');
  const from = one(low);
  const to = high === undefined ? from : one(high);
  if (from === undefined || to === undefined || from > 65_535 || to > 65_535 || to < from)
    return undefined;
  return from === to ? from : `${from}-${to}`;
}

function ruleWords(
  args: readonly string[],
  verb: string,
  chainName: string,
  position: string | undefined,
): readonly string[] {
  const drop = new Set([verb, chainName]);
  const words = args.filter((arg) => !drop.has(arg));
  return position === undefined ? words : words.filter((word) => word !== position);
}

function add(
  context: CommandContext,
  spec: FirewallSpec,
  args: readonly string[],
  isFirst: boolean,
  chainName: string | undefined,
  position: string | undefined,
): CommandResult {
  const chain = chainOf(chainName);
  if (chain === undefined || chainName === undefined) return noChain;
  const verb = args.find((arg) => verbs.has(arg)) ?? '';
  const read = readRule(context, ruleWords(args, verb, chainName, position), chain);
  if (!read.ok) return read.result;
  const own = spec.rules.filter((rule) => rule.chain === chain);
  const others = spec.rules.filter((rule) => rule.chain !== chain);
  const at = isFirst ? Number(position ?? 1) - 1 : own.length;
  if (at < 0 || at > own.length) return failed('iptables: Index of insertion too big.');
  context.machine.host.setFirewall({
    ...spec,
    rules: [...others, ...own.slice(0, at), read.rule, ...own.slice(at)],
  });
  return printed('');
}

function remove(
  context: CommandContext,
  spec: FirewallSpec,
  args: readonly string[],
  chainName: string | undefined,
  position: string | undefined,
): CommandResult {
  const chain = chainOf(chainName);
  if (chain === undefined || chainName === undefined) return noChain;
  const own = spec.rules.filter((rule) => rule.chain === chain);
  const others = spec.rules.filter((rule) => rule.chain !== chain);
  let at: number;
  if (position !== undefined && /^\d+$/.test(position)) {
    at = Number(position) - 1;
    if (own[at] === undefined) return failed('iptables: Index of deletion too big.');
  } else {
    const verb = args.find((arg) => verbs.has(arg)) ?? '';
    const read = readRule(context, ruleWords(args, verb, chainName, undefined), chain);
    if (!read.ok) return read.result;
    at = own.findIndex((rule) => ruleText(rule) === ruleText(read.rule));
    if (at === -1) return failed('iptables: Bad rule (does a matching rule exist in that chain?).');
  }
  context.machine.host.setFirewall({
    ...spec,
    rules: [...others, ...own.filter((_, index) => index !== at)],
  });
  return printed('');
}

/** As `iptables -S` writes a rule. */
function ruleText(rule: FirewallRule): string {
  const ports = (name: string, value: number | string | undefined) =>
    value === undefined ? '' : ` --${name} ${String(value).replace('-', ':')}`;
  const isIn = rule.chain === 'in';
  const remote =
    rule.remote === undefined
      ? ''
      : ` ${isIn ? '-s' : '-d'} ${rule.remote.includes('/') ? rule.remote : `${rule.remote}/32`}`;
  const protocol = rule.protocol === undefined ? '' : ` -p ${rule.protocol}`;
  const hasPorts = rule.localPort !== undefined || rule.remotePort !== undefined;
  const match = hasPorts && rule.protocol !== undefined ? ` -m ${rule.protocol}` : '';
  const state =
    rule.state === undefined
      ? ''
      : ` -m state --state ${rule.state === 'new' ? 'NEW' : 'RELATED,ESTABLISHED'}`;
  const reject =
    rule.action === 'reject' ? ` --reject-with ${rule.rejectWith ?? 'icmp-port-unreachable'}` : '';
  return `-A ${isIn ? 'INPUT' : 'OUTPUT'}${remote}${protocol}${state}${match}${ports('sport', isIn ? rule.remotePort : rule.localPort)}${ports('dport', isIn ? rule.localPort : rule.remotePort)} -j ${rule.action.toUpperCase()}${reject}`;
}

function save(spec: FirewallSpec, chainName: string | undefined): string {
  const lines = [
    `-P INPUT ${spec.policyIn.toUpperCase()}`,
    '-P FORWARD ACCEPT',
    `-P OUTPUT ${spec.policyOut.toUpperCase()}`,
    ...spec.rules.map(ruleText),
  ];
  return lines
    .filter((line) => chainName === undefined || line.split(' ')[1] === chainName)
    .map((line) => `${line}\n`)
    .join('');
}

function list(
  context: CommandContext,
  spec: FirewallSpec,
  args: readonly string[],
  chainName: string | undefined,
): string {
  const flags = args.filter((arg) => /^-[a-zA-Z]+$/.test(arg)).join('');
  const isNumeric = flags.includes('n');
  const hasNumbers = args.includes('--line-numbers');
  const chains = [
    ['INPUT', 'in', spec.policyIn],
    ['FORWARD', undefined, 'accept'],
    ['OUTPUT', 'out', spec.policyOut],
  ] as const;
  return chains
    .filter(([name]) => chainName === undefined || name === chainName)
    .map(([name, chain, chainPolicy]) => {
      const head = `${hasNumbers ? 'num  ' : ''}target     prot opt source               destination         \n`;
      const rules = spec.rules.filter((rule) => rule.chain === chain);
      const rows = rules.map(
        (rule, index) =>
          `${hasNumbers ? String(index + 1).padEnd(5) : ''}${row(context, rule, isNumeric)}\n`,
      );
      return `Chain ${name} (policy ${chainPolicy.toUpperCase()})\n${head}${rows.join('')}`;
    })
    .join('\n');
}

function row(context: CommandContext, rule: FirewallRule, isNumeric: boolean): string {
  const anywhere = isNumeric ? '0.0.0.0/0' : 'anywhere';
  const isIn = rule.chain === 'in';
  const remote = rule.remote ?? anywhere;
  const services = context.machine.serviceNames();
  const name = (value: number | string) => {
    const service =
      typeof value === 'number' && !isNumeric
        ? services.byPort(value, rule.protocol ?? 'tcp')?.name
        : undefined;
    return service ?? String(value).replace('-', ':');
  };
  const ports = (word: string, value: number | string | undefined) =>
    value === undefined ? '' : ` ${word}${typeof value === 'string' ? 's' : ''}:${name(value)}`;
  const details = [
    rule.state === undefined
      ? ''
      : ` state ${rule.state === 'new' ? 'NEW' : 'RELATED,ESTABLISHED'}`,
    rule.localPort === undefined && rule.remotePort === undefined ? '' : ` ${rule.protocol ?? ''}`,
    ports('spt', isIn ? rule.remotePort : rule.localPort),
    ports('dpt', isIn ? rule.localPort : rule.remotePort),
    rule.action === 'reject' ? ` reject-with ${rule.rejectWith ?? 'icmp-port-unreachable'}` : '',
  ].join('');
  const source = isIn ? remote : anywhere;
  const destination = isIn ? anywhere : remote;
  return `${rule.action.toUpperCase().padEnd(10)} ${(rule.protocol ?? (isNumeric ? '0' : 'all')).padEnd(4)} --  ${source.padEnd(20)} ${destination.padEnd(20)}${details}`;
}
