/** pgrep and pkill (procps-ng 4.0.2): processes by an expression over their names. */

import type { Process } from '../linux/processes.ts';
import { failed, Printer, unsupported, type Command, type CommandContext } from './command.ts';
import { deliver } from './kill.ts';
import { optionProblem, parseOptions } from './options.ts';
import { signalNumber } from './signals.ts';

const long: Readonly<Record<string, string>> = {
  delimiter: 'd',
  'list-name': 'l',
  'list-full': 'a',
  inverse: 'v',
  count: 'c',
  full: 'f',
  'ignore-case': 'i',
  newest: 'n',
  oldest: 'o',
  parent: 'P',
  terminal: 't',
  euid: 'u',
  uid: 'U',
  exact: 'x',
  echo: 'e',
  signal: 'σ',
  older: 'O',
  pidfile: 'F',
  runstates: 'r',
  group: 'G',
  pgroup: 'g',
  session: 's',
  lightweight: 'w',
  help: 'h',
  version: 'V',
};
const notHere = ['w', 'g', 'G', 's', 'F', 'O', 'r', 'A', 'L', 'q'];

function finder(name: 'pgrep' | 'pkill'): Command {
  return {
    name,
    async run(context) {
      const [signalArg] = name === 'pkill' ? context.args.filter((arg) => isSignal(arg)) : [];
      const args = context.args.filter((arg) => arg !== signalArg);
      const parsed = parseOptions(args, {
        flags: 'lavwcfinxeALhVo',
        valued: 'dgGPstuUFOrqσ',
        long,
      });
      if (!parsed.ok)
        return failed(`${optionProblem(name, parsed)}\n\nUsage:\n ${name} [options] <pattern>`, 2);
      const { letters } = parsed.options;
      if (letters.has('h'))
        return { stdout: (await context.manual(name)) ?? '', stderr: '', exitCode: 0 };
      if (letters.has('V'))
        return { stdout: `${name} from procps-ng 4.0.2\n`, stderr: '', exitCode: 0 };
      for (const letter of notHere)
        if (letters.has(letter)) return unsupported(context, name, `-${letter}`);
      const values = parsed.options.listed;
      const [pattern, extra] = parsed.operands;
      const tryHelp = `Try \`${name} --help' for more information.`;
      if (extra !== undefined)
        return failed(`${name}: only one pattern can be provided\n${tryHelp}`, 2);
      const hasCriteria = ['P', 't', 'u', 'U'].some((letter) => letters.has(letter));
      if (pattern === undefined && !hasCriteria)
        return failed(`${name}: no matching criteria specified\n${tryHelp}`, 2);
      const expression = compile(pattern ?? '', letters);
      if (expression === undefined) return failed(`${name}: regex error: Unmatched ( or \\(`, 2);
      const found = select(context, expression, letters, values);
      if (name === 'pgrep') return list(found, letters, parsed.options.value('d'));
      const asked = signalArg?.slice(1) ?? values('σ')[0] ?? 'TERM';
      return send(context, found, signalNumber(asked) ?? 15, letters);
    },
  };
}

export const pgrep = finder('pgrep');
export const pkill = finder('pkill');

function isSignal(arg: string): boolean {
  return /^-(?:\d+|[A-Z][A-Z0-9+-]+)$/.test(arg) && signalNumber(arg.slice(1)) !== undefined;
}

function compile(pattern: string, letters: ReadonlySet<string>): RegExp | undefined {
  try {
    return new RegExp(letters.has('x') ? `^(?:${pattern})$` : pattern, letters.has('i') ? 'i' : '');
  } catch {
    return undefined;
  }
}

function select(
  context: CommandContext,
  expression: RegExp,
  letters: ReadonlySet<string>,
  values: (letter: string) => readonly string[],
): readonly Process[] {
  const isUser = (process: Process, names: readonly string[]) =>
    names.length === 0 || names.includes(process.user) || names.includes(String(process.uid));
  const matching = context.machine.processes.list().filter((process) => {
    const isWanted =
      expression.test(letters.has('f') ? process.args : process.command) &&
      isUser(process, [...values('u'), ...values('U')]) &&
      (values('P').length === 0 || values('P').includes(String(process.ppid))) &&
      (values('t').length === 0 || values('t').includes(process.tty));
    return isWanted !== letters.has('v');
  });
  const byAge = [...matching].sort(
    (one, other) => one.startedAtMs - other.startedAtMs || one.pid - other.pid,
  );
  if (letters.has('n')) return byAge.slice(-1);
  return letters.has('o') ? byAge.slice(0, 1) : matching;
}

function list(
  found: readonly Process[],
  letters: ReadonlySet<string>,
  delimiter: string | undefined,
) {
  const out = new Printer();
  if (letters.has('c')) out.line(String(found.length));
  else if (found.length > 0) {
    const lines = found.map((one) =>
      letters.has('a')
        ? `${one.pid} ${one.args}`
        : letters.has('l')
          ? `${one.pid} ${one.command}`
          : String(one.pid),
    );
    out.line(lines.join(delimiter ?? '\n'));
  }
  return out.result(found.length > 0 ? 0 : 1);
}

function send(
  context: CommandContext,
  found: readonly Process[],
  signal: number,
  letters: ReadonlySet<string>,
) {
  const out = new Printer();
  let isRefused = false;
  for (const one of found) {
    if (!deliver(context, one, signal)) {
      out.problem(`pkill: killing pid ${one.pid} failed: Operation not permitted`);
      isRefused = true;
    } else if (letters.has('e')) out.line(`${one.command} killed (pid ${one.pid})`);
  }
  if (letters.has('c')) out.line(String(found.length));
  return out.result(found.length > 0 && !isRefused ? 0 : 1);
}
