/** sysctl (procps-ng 4.0.2): reads and writes kernel parameters, from the command line or files. */

import { FileError, fromBytes, resolvePath, errorText } from '../linux/file-system.ts';
import { sysctlName, sysctlPath } from '../linux/sysctl-store.ts';
import {
  failed,
  Printer,
  printed,
  unsupported,
  type Command,
  type CommandContext,
  type CommandResult,
} from './command.ts';
import { optionProblem, parseOptions } from './options.ts';

interface Mode {
  readonly onlyValue: boolean;
  readonly onlyName: boolean;
  readonly isBinary: boolean;
  readonly ignoresUnknown: boolean;
  readonly isQuiet: boolean;
  readonly pattern: RegExp | undefined;
}

export const sysctl: Command = {
  name: 'sysctl',
  async run(context) {
    const parsed = parseOptions(context.args, {
      flags: 'aAXbeNnqwhVSDodxj',
      optionallyValued: 'pf',
      valued: 'r',
      long: {
        all: 'a',
        binary: 'b',
        ignore: 'e',
        names: 'N',
        values: 'n',
        load: 'p',
        system: 'S',
        pattern: 'r',
        quiet: 'q',
        write: 'w',
        help: 'h',
        version: 'V',
        'dry-run': 'D',
        deprecated: 'j',
      },
    });
    if (!parsed.ok)
      return failed(
        `${optionProblem('sysctl', parsed)}\nTry \`sysctl --help' for more information.`,
      );
    const { options, operands } = parsed;
    const has = (...letters: readonly string[]) =>
      options.some((option) => letters.includes(option.letter));
    const value = (letter: string) => options.findLast((option) => option.letter === letter)?.value;
    if (has('V')) return printed('sysctl from procps-ng 4.0.2\n');
    if (has('h', 'd') || context.args.length === 0)
      return printed((await context.manual('sysctl')) ?? '', context.args.length === 0 ? 1 : 0);
    if (has('D')) return unsupported(context, 'sysctl', '--dry-run');
    let pattern: RegExp | undefined;
    try {
      pattern = has('r') ? new RegExp(value('r') ?? '') : undefined;
    } catch {
      return failed(`sysctl: Invalid regular expression: ${value('r') ?? ''}`);
    }
    const mode: Mode = {
      onlyValue: has('n', 'b'),
      onlyName: has('N'),
      isBinary: has('b'),
      ignoresUnknown: has('e'),
      isQuiet: has('q'),
      pattern,
    };
    const out = new Printer();
    if (has('S')) return loadSystem(context, mode, out);
    if (has('p', 'f')) {
      const named = options.flatMap((option) =>
        'pf'.includes(option.letter) && option.value !== undefined ? [option.value] : [],
      );
      const paths = [...named, ...operands];
      return out.result(load(context, paths.length > 0 ? paths : ['/etc/sysctl.conf'], mode, out));
    }
    if (has('a', 'A', 'X')) {
      for (const key of context.machine.sysctls.keys()) show(context, key, mode, out);
      return out.result(0);
    }
    if (operands.length === 0)
      return failed("sysctl: no variables specified\nTry `sysctl --help' for more information.");
    return out.result(
      has('w') ? writeAll(context, operands, mode, out) : readAll(context, operands, mode, out),
    );
  },
};

function readAll(
  context: CommandContext,
  operands: readonly string[],
  mode: Mode,
  out: Printer,
): number {
  let failures = 0;
  for (const operand of operands) {
    if (operand === '=') failures += 1;
    else if (operand.includes('=')) failures += assign(context, operand, mode, out);
    else failures += read(context, operand, mode, out);
  }
  return failures;
}

function read(context: CommandContext, operand: string, mode: Mode, out: Printer): number {
  const name = sysctlName(operand);
  const { sysctls } = context.machine;
  if (sysctls.get(name) !== undefined) {
    show(context, name, mode, out);
    return 0;
  }
  const below = sysctls.keys().filter((key) => key.startsWith(`${name}.`));
  for (const key of below) show(context, key, mode, out);
  if (below.length > 0) return 0;
  if (mode.ignoresUnknown) return 0;
  out.problem(`sysctl: cannot stat ${sysctlPath(operand)}: No such file or directory`);
  return 1;
}

function show(context: CommandContext, key: string, mode: Mode, out: Printer): void {
  if (mode.pattern !== undefined && !mode.pattern.test(key)) return;
  const value = context.machine.sysctls.get(key) ?? '';
  if (mode.onlyName) out.line(key);
  else if (mode.isBinary) out.text(value);
  else if (mode.onlyValue) out.line(value);
  else out.line(`${key} = ${value}`);
}

function writeAll(
  context: CommandContext,
  operands: readonly string[],
  mode: Mode,
  out: Printer,
): number {
  let failures = 0;
  for (const operand of operands) {
    if (operand.includes('=')) {
      failures += assign(context, operand, mode, out);
    } else {
      out.problem('sysctl: command line(0): invalid syntax, continuing...');
      failures += 1;
    }
  }
  return failures > 0 ? 1 : 0;
}

/** Sets `key=value` and says what it set: the value as written, not as the kernel shows it. */
function assign(context: CommandContext, text: string, mode: Mode, out: Printer): number {
  const at = text.indexOf('=');
  const typed = text.slice(0, at).trim();
  const value = text.slice(at + 1).trim();
  const name = sysctlName(typed);
  const { sysctls } = context.machine;
  if (sysctls.get(name) === undefined) {
    if (mode.ignoresUnknown) return 0;
    out.problem(`sysctl: cannot stat ${sysctlPath(typed)}: No such file or directory`);
    return 1;
  }
  if (context.user.uid !== 0 || sysctls.isReadOnly(name)) {
    out.problem(`sysctl: permission denied on key "${name}"`);
    return 1;
  }
  const problem = sysctls.set(name, value);
  if (problem !== null) {
    out.problem(
      problem === 'EACCES'
        ? `sysctl: permission denied on key "${name}"`
        : `sysctl: setting key "${name}": ${errorText(problem)}`,
    );
    return 1;
  }
  if (mode.isQuiet) return 0;
  if (mode.onlyName) out.line(name);
  else if (mode.isBinary) out.text(value);
  else if (mode.onlyValue) out.line(value);
  else out.line(`${name} = ${value}`);
  return 0;
}

/** Bad lines are named while the files are read; then every setting is tried in order. */
function load(context: CommandContext, paths: readonly string[], mode: Mode, out: Printer): number {
  const settings: string[] = [];
  let failures = 0;
  for (const path of paths) {
    const text = fileText(context, path, out);
    if (text === undefined) {
      failures += 1;
      continue;
    }
    for (const [index, raw] of text.split('\n').entries()) {
      const line = raw.trim();
      if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
      if (line.includes('=')) settings.push(line.replace(/^-/, ''));
      else {
        out.problem(`sysctl: ${path}(${index + 1}): invalid syntax, continuing...`);
        failures += 1;
      }
    }
  }
  for (const setting of settings) failures += assign(context, setting, mode, out);
  return failures > 0 ? 1 : 0;
}

function fileText(context: CommandContext, path: string, out: Printer): string | undefined {
  if (path === '-') return context.stdin ?? '';
  try {
    return fromBytes(context.machine.files.read(resolvePath(context.cwd, path), context.identity));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    out.problem(`sysctl: cannot open "${path}": ${errorText(error.code)}`);
    return undefined;
  }
}

function loadSystem(context: CommandContext, mode: Mode, out: Printer): CommandResult {
  const paths = context.machine.sysctlFiles();
  if (!mode.isQuiet) for (const path of paths) out.line(`* Applying ${path} ...`);
  return out.result(load(context, paths, mode, out));
}
