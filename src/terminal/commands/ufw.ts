/** ufw 0.36.2: a simpler way to say what the packet filter is to do. */

import { Ufw, type UfwSide } from '../firewall/ufw.ts';
import type { UfwPolicy } from '../firewall/ufw-chains.ts';
import {
  concernsSame,
  readUfwRule,
  ufwRow,
  ufwWords,
  UfwProblem,
  UfwUnsupported,
  type UfwAction,
  type UfwRule,
} from '../firewall/ufw-rules.ts';
import {
  failed,
  printed,
  unsupported,
  type Command,
  type CommandContext,
  type CommandResult,
} from './command.ts';

const usage = `
Usage: ufw COMMAND

Commands:
 enable                          enables the firewall
 disable                         disables the firewall
 default ARG                     set default policy
 logging LEVEL                   set logging to LEVEL
 allow ARGS                      add allow rule
 deny ARGS                       add deny rule
 reject ARGS                     add reject rule
 limit ARGS                      add limit rule
 delete RULE|NUM                 delete RULE
 insert NUM RULE                 insert RULE at NUM
 prepend RULE                    prepend RULE
 route RULE                      add route RULE
 route delete RULE|NUM           delete route RULE
 route insert NUM RULE           insert route RULE at NUM
 reload                          reload firewall
 reset                           reset firewall
 status                          show firewall status
 status numbered                 show firewall status as numbered list of RULES
 status verbose                  show verbose firewall status
 show ARG                        show firewall report
 version                         display version information

Application profile commands:
 app list                        list application profiles
 app info PROFILE                show information on PROFILE
 app update PROFILE              update PROFILE
 app default ARG                 set default application policy

`;

const actions = ['allow', 'deny', 'reject', 'limit'];
const sides: Readonly<Record<string, UfwSide>> = {
  incoming: 'input',
  outgoing: 'output',
  routed: 'forward',
};

export const ufw: Command = {
  name: 'ufw',
  async run(context) {
    const words = [...context.args];
    const isForced = words[0] === '--force';
    if (isForced) words.shift();
    const [verb, ...rest] = words;
    if (verb === undefined) return failed(`ERROR: not enough args\n${usage}`);
    if (verb === '--version' || verb === 'version')
      return printed('ufw 0.36.2\nCopyright 2008-2023 Canonical Ltd.\n');
    if (verb === '-h' || verb === '--help' || verb === 'help') return printed(usage);
    if (context.user.uid !== 0) return failed('ERROR: You need to be root to run this script');
    try {
      return await perform(context, verb, rest, isForced);
    } catch (problem) {
      if (problem instanceof UfwUnsupported) return unsupported(context, 'ufw', problem.message);
      if (!(problem instanceof UfwProblem)) throw problem;
      return failed(`ERROR: ${problem.message}\n${problem.isSyntax ? usage : ''}`);
    }
  },
};

const wrongSyntax = () => new UfwProblem('Invalid syntax', true);

async function perform(
  context: CommandContext,
  verb: string,
  rest: readonly string[],
  isForced: boolean,
): Promise<CommandResult> {
  const wall = new Ufw(context.machine);
  const alone = () => {
    if (rest.length > 0) throw wrongSyntax();
  };
  switch (verb) {
    case 'enable':
      alone();
      wall.enable();
      return printed('Firewall is active and enabled on system startup\n');
    case 'disable':
      alone();
      wall.disable();
      return printed('Firewall stopped and disabled on system startup\n');
    case 'reload':
      alone();
      if (!wall.isEnabled) return printed('Firewall not enabled (skipping reload)\n');
      wall.load();
      return printed('Firewall reloaded\n');
    case 'reset':
      alone();
      return reset(context, wall, isForced);
    case 'status':
      return printed(statusText(wall, rest));
    case 'show':
      if (rest.length !== 1) throw wrongSyntax();
      return show(wall, rest[0] ?? '');
    case 'default':
      return setDefault(wall, rest);
    case 'logging':
      return setLogging(wall, rest);
    case 'delete':
      return remove(context, wall, rest, isForced);
    case 'insert': {
      const [at = '', ...words] = rest;
      if (!/^\d+$/.test(at) || words.length === 0) throw wrongSyntax();
      if (at === '0') throw new UfwProblem(`Cannot insert rule at position '0'`);
      return add(context, wall, words, Number(at));
    }
    case 'prepend':
      return add(context, wall, rest, 'first');
    case 'app':
    case 'route':
    case '--dry-run':
      throw new UfwUnsupported(verb);
    default:
      if (!actions.includes(verb)) throw wrongSyntax();
      return add(context, wall, [verb, ...rest], null);
  }
}

function read(context: CommandContext, words: readonly string[]): readonly UfwRule[] {
  const [action = '', ...rest] = words;
  if (!actions.includes(action)) throw wrongSyntax();
  const services = context.machine.serviceNames();
  return readUfwRule(action as UfwAction, rest, {
    portOf: (name) => {
      const found = (['tcp', 'udp'] as const).flatMap((protocol) => {
        const entry = services.byName(name, protocol);
        return entry === undefined ? [] : [{ port: entry.port, protocol }];
      });
      const [first] = found;
      return first && { port: first.port, protocols: found.map(({ protocol }) => protocol) };
    },
  }).filter((rule) => !rule.isSix || context.machine.hasIPv6);
}

/** Each family's rules have an order of their own; a place counts through both. */
function add(
  context: CommandContext,
  wall: Ufw,
  words: readonly string[],
  place: number | 'first' | null,
): CommandResult {
  const wanted = read(context, words);
  let rules = [...wall.rules];
  if (typeof place === 'number' && place > rules.length)
    throw new UfwProblem(`Invalid position '${place}'`);
  const lines: string[] = [];
  for (const rule of wanted) {
    const family = rule.isSix ? ' (v6)' : '';
    const at = rules.findIndex((one) => concernsSame(one, rule));
    const old = rules[at];
    if (old !== undefined && place === null) {
      if (old.action === rule.action && (rule.comment === '' || old.comment === rule.comment)) {
        lines.push(`Skipping adding existing rule${family}`);
        continue;
      }
      rules = rules.map((one, index) => (index === at ? rule : one));
      lines.push(`${wall.isEnabled ? 'Rule updated' : 'Rules updated'}${family}`);
      continue;
    }
    if (old !== undefined) {
      lines.push(`Skipping inserting existing rule${family}`);
      continue;
    }
    const ends = rules.filter((one) => !one.isSix).length;
    const start = rule.isSix ? ends : 0;
    const to =
      place === null
        ? rule.isSix
          ? rules.length
          : ends
        : place === 'first'
          ? start
          : Math.min(Math.max(start, place - 1), rule.isSix ? rules.length : ends);
    rules.splice(to, 0, rule);
    const isAdded = place === null ? 'Rule added' : 'Rule inserted';
    lines.push(`${wall.isEnabled ? isAdded : 'Rules updated'}${family}`);
  }
  wall.setRules(rules);
  return printed(lines.map((line) => `${line}\n`).join(''));
}

async function remove(
  context: CommandContext,
  wall: Ufw,
  words: readonly string[],
  isForced: boolean,
): Promise<CommandResult> {
  const [first = ''] = words;
  const { rules } = wall;
  if (/^\d+$/.test(first) && words.length === 1) {
    const rule = rules[Number(first) - 1];
    if (rule === undefined) throw new UfwProblem(`Could not find rule '${first}'`);
    if (!isForced) {
      const question = `Deleting:\n ${ufwWords(rule)}\nProceed with operation (y|n)? `;
      if (!(await agreed(context, question))) return printed('Aborted\n');
    }
    wall.setRules(rules.filter((one) => one !== rule));
    return printed(
      `${wall.isEnabled ? 'Rule deleted' : 'Rules updated'}${rule.isSix ? ' (v6)' : ''}\n`,
    );
  }
  let left = rules;
  const lines = read(context, words).map((rule) => {
    const family = rule.isSix ? ' (v6)' : '';
    const found = left.find((one) => concernsSame(one, rule) && one.action === rule.action);
    if (found === undefined) return `Could not delete non-existent rule${family}\n`;
    left = left.filter((one) => one !== found);
    return `${wall.isEnabled ? 'Rule deleted' : 'Rules updated'}${family}\n`;
  });
  if (left.length < rules.length) wall.setRules(left);
  return printed(lines.join(''));
}

/** Asks with y or n on the terminal; where there is none to answer, it is no. */
async function agreed(context: CommandContext, question: string): Promise<boolean> {
  const lines = question.split('\n');
  const last = lines.pop() ?? '';
  context.terminal.write(lines.map((line) => `${line}\n`).join(''));
  if (!context.input.isTerminal) {
    context.terminal.write(last);
    const [answer] = (await context.input.readText()).split('\n');
    return answer?.trim().toLowerCase() === 'y';
  }
  const answer = await context.terminal.readLine(last, context.signal);
  return answer?.trim().toLowerCase() === 'y';
}

async function reset(
  context: CommandContext,
  wall: Ufw,
  isForced: boolean,
): Promise<CommandResult> {
  const question = 'Resetting all rules to installed defaults. Proceed with operation (y|n)? ';
  if (!isForced && !(await agreed(context, question))) return printed('Aborted\n');
  const { machine } = context;
  const moment = new Date(machine.epochNowMs).toISOString().replaceAll(/[-:]|\..*$/g, '');
  const stamp = moment.replace('T', '_');
  const saved = ['user', 'user6'].flatMap((name) => {
    const text = machine.readText(`/etc/ufw/${name}.rules`);
    if (text === undefined) return [];
    machine.writeText(`/etc/ufw/${name}.rules.${stamp}`, text);
    return [`Backing up '${name}.rules' to '/etc/ufw/${name}.rules.${stamp}'\n`];
  });
  wall.disable();
  wall.setRules([]);
  for (const side of ['input', 'output', 'forward'] as const)
    wall.setPolicy(side, side === 'output' ? 'allow' : 'deny');
  return printed(`${saved.join('')}\n`);
}

function setDefault(wall: Ufw, words: readonly string[]): CommandResult {
  const [first = '', second = 'incoming'] = words;
  const policies: readonly string[] = ['allow', 'deny', 'reject'];
  const [policy, direction] = policies.includes(first) ? [first, second] : [second, first];
  const side = sides[direction];
  if (!policies.includes(policy) || side === undefined || words.length > 2) throw wrongSyntax();
  wall.setPolicy(side, policy as UfwPolicy);
  return printed(
    `Default ${direction} policy changed to '${policy}'\n(be sure to update your rules accordingly)\n`,
  );
}

function setLogging(wall: Ufw, words: readonly string[]): CommandResult {
  const [level = ''] = words;
  if (['medium', 'high', 'full'].includes(level)) throw new UfwUnsupported(`logging ${level}`);
  if (!['on', 'off', 'low'].includes(level) || words.length > 1) throw wrongSyntax();
  wall.setLogs(level !== 'off');
  return printed(level === 'off' ? 'Logging disabled\n' : 'Logging enabled\n');
}

function show(wall: Ufw, what: string): CommandResult {
  if (/^(?:raw|builtins|before-rules|user-rules|after-rules|logging-rules|listening)$/.test(what))
    throw new UfwUnsupported(`show ${what}`);
  if (what !== 'added') throw wrongSyntax();
  // Both families' rule of one deed is shown once.
  const { rules } = wall;
  const shown = rules.filter(
    (rule) => !rule.isSix || !rules.some((one) => !one.isSix && ufwWords(one) === ufwWords(rule)),
  );
  const lines = shown.length === 0 ? ['(None)'] : shown.map((rule) => `ufw ${ufwWords(rule)}`);
  return printed(
    `Added user rules (see 'ufw status' for running firewall):\n${lines.join('\n')}\n`,
  );
}

function statusText(wall: Ufw, words: readonly string[]): string {
  const [kind] = words;
  if (words.length > 1 || (kind !== undefined && kind !== 'verbose' && kind !== 'numbered'))
    throw wrongSyntax();
  if (!wall.isEnabled) return 'Status: inactive\n';
  const lines = ['Status: active'];
  if (kind === 'verbose') {
    const forward = wall.policy('forward');
    lines.push(
      `Logging: ${wall.logs ? 'on (low)' : 'off'}`,
      `Default: ${wall.policy('input')} (incoming), ${wall.policy('output')} (outgoing), ${forward === 'deny' ? 'disabled' : forward} (routed)`,
      'New profiles: skip',
    );
  }
  const { rules } = wall;
  if (rules.length === 0) return `${lines.join('\n')}\n`;
  const indent = kind === 'numbered' ? '     ' : '';
  const column = (to: string, action: string, from: string) =>
    `${indent}${to.padEnd(26)} ${action.padEnd(12)}${from}`;
  lines.push('', column('To', 'Action', 'From'), column('--', '------', '----'));
  const style = kind ?? 'plain';
  if (style === 'numbered') {
    for (const [index, rule] of rules.entries())
      lines.push(`[${String(index + 1).padStart(2)}] ${ufwRow(rule, style)}`);
    return `${lines.join('\n')}\n\n`;
  }
  for (const direction of ['in', 'out'] as const) {
    const rows = rules.filter((rule) => rule.direction === direction);
    if (rows.length > 0) lines.push(...rows.map((rule) => ufwRow(rule, style)), '');
  }
  return `${lines.join('\n')}\n`;
}
