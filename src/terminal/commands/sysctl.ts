/** sysctl (procps-ng 4.0.2): reads and writes kernel parameters, from the command line or files. */

import { matchingPaths } from '../linux/glob.ts';
import { FileError, fromBytes, resolvePath, errorText } from '../linux/file-system.ts';
import { findSysctl, type FoundSysctl } from '../linux/sysctl-store.ts';
import {
  failed,
  Printer,
  printed,
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
  /** `--dry-run`: says what would be set. */
  readonly isDry: boolean;
}

const usage = 'Usage:\n sysctl [options] [variable[=value] ...]\n';

export const sysctl: Command = {
  name: 'sysctl',
  reads: 'all',
  async run(context) {
    const parsed = parseOptions(context.args, {
      flags: 'aAXbeNnqwhVSδodxj',
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
        'dry-run': 'δ',
        deprecated: 'j',
      },
    });
    // The real one has no complaint in its exit status here.
    if (!parsed.ok) return failed(`${optionProblem('sysctl', parsed)}\n\n${usage}`, 0);
    const { options, operands } = parsed;
    const has = (...letters: readonly string[]) => letters.some((letter) => options.has(letter));
    const { value } = options;
    if (has('V')) return printed('sysctl from procps-ng 4.0.2\n');
    if (has('h', 'd') || context.args.length === 0)
      return printed((await context.manual('sysctl')) ?? '', context.args.length === 0 ? 1 : 0);
    let pattern: RegExp | undefined;
    try {
      pattern = has('r') ? new RegExp(value('r') ?? '') : undefined;
    } catch {
      // What is no expression matches nothing.
      pattern = /$^/;
    }
    const mode: Mode = {
      onlyValue: has('n', 'b'),
      onlyName: has('N'),
      isBinary: has('b'),
      ignoresUnknown: has('e'),
      isQuiet: has('q'),
      pattern,
      isDry: has('δ'),
    };
    const out = new Printer();
    if (has('S')) return loadSystem(context, mode, out);
    if (has('p', 'f')) {
      const named = options.list.flatMap(({ letter, value: path }) =>
        'pf'.includes(letter) && path !== undefined ? [path] : [],
      );
      const paths = [...named, ...operands];
      return out.result(load(context, paths.length > 0 ? paths : ['/etc/sysctl.conf'], mode, out));
    }
    if (has('a', 'A', 'X')) {
      for (const key of context.machine.sysctls.keys()) show(context, key, key, mode, out);
      return out.result(0);
    }
    if (operands.length === 0)
      return failed("sysctl: no variables specified\nTry `sysctl --help' for more information.");
    return act(context, operands, { ...mode, writes: has('w') }, out);
  },
};

/** Every read that fails counts, a setting that fails is marked in the lowest bit. */
function act(
  context: CommandContext,
  operands: readonly string[],
  mode: Mode & { readonly writes: boolean },
  out: Printer,
): CommandResult {
  let exitCode = 0;
  for (const operand of operands) {
    if (mode.writes || operand.includes('=')) {
      const setting = readSetting(operand, 'command line', 0, out);
      if (setting === undefined || !assign(context, setting, mode, out)) exitCode |= 1;
    } else if (operand === '') {
      out.problem('sysctl: "" is an unknown key');
      return out.result(255);
    } else exitCode += read(context, operand, mode, out);
  }
  return out.result(exitCode);
}

interface Setting {
  readonly key: string;
  readonly value: string;
}

/** One line; undefined where it sets nothing. Lines of a single character say nothing at all. */
function readSetting(
  text: string,
  source: string,
  line: number,
  out: Printer,
): Setting | undefined {
  const trimmed = text.trim();
  if (trimmed.length < 2 || /^[#;]/.test(trimmed)) return undefined;
  const at = trimmed.indexOf('=');
  if (at === -1) {
    // `-key` keeps a key out of the patterns of other lines.
    if (!trimmed.startsWith('-'))
      out.problem(`sysctl: ${source}(${line}): invalid syntax, continuing...`);
    return undefined;
  }
  return {
    key: trimmed.slice(0, at).trim().replace(/^-/, ''),
    value: trimmed.slice(at + 1).trim(),
  };
}

function read(context: CommandContext, operand: string, mode: Mode, out: Printer): number {
  const { sysctls } = context.machine;
  const found = findSysctl(sysctls, operand);
  if (found.warning !== undefined && found.kind !== 'missing')
    out.problem(`sysctl: separators should not be repeated: ${found.warning}`);
  switch (found.kind) {
    case 'value':
      show(context, found.key, found.name, mode, out);
      return 0;
    case 'directory':
      for (const key of found.keys) show(context, key, key, mode, out);
      return 0;
    default:
      return missing(found, mode, out);
  }
}

function missing(
  found: Extract<FoundSysctl, { kind: 'missing' }>,
  mode: Mode,
  out: Printer,
): number {
  if (mode.ignoresUnknown) return 0;
  out.problem(`sysctl: cannot stat ${found.path}: ${errorText(found.error)}`);
  return 1;
}

function show(context: CommandContext, key: string, name: string, mode: Mode, out: Printer): void {
  if (mode.pattern !== undefined && !mode.pattern.test(name)) return;
  const value = context.machine.sysctls.get(key) ?? '';
  if (mode.onlyName) out.line(name);
  else if (mode.isBinary) out.text(value);
  else if (mode.onlyValue) out.line(value);
  else out.line(`${name} = ${value}`);
}

/**
 * Sets `key=value` and says what it set: the value as written, not as the kernel shows it.
 * @returns whether that is no failure
 */
function assign(context: CommandContext, setting: Setting, mode: Mode, out: Printer): boolean {
  const { key, value } = setting;
  const { sysctls } = context.machine;
  if (mode.pattern !== undefined && !mode.pattern.test(key)) return true;
  if (key === '') {
    out.problem('sysctl: Path is not under /proc/sys/: /proc/sys/');
    return false;
  }
  const found = findSysctl(sysctls, key);
  if (found.kind === 'missing') return missing(found, mode, out) === 0;
  const { name } = found;
  const isReadOnly = found.kind === 'value' && sysctls.isReadOnly(found.key);
  if (isReadOnly) {
    // What is left of an earlier error is printed for the reason, and nothing is counted.
    out.problem(`sysctl: setting key "${name}": ${errorText('EINVAL')}`);
    return true;
  }
  if (!mode.isDry) {
    const problem =
      found.kind === 'directory'
        ? 'EISDIR'
        : context.user.uid === 0
          ? sysctls.set(found.key, value)
          : 'EACCES';
    if (problem !== null) {
      out.problem(
        problem === 'EACCES'
          ? `sysctl: permission denied on key "${name}"`
          : `sysctl: setting key "${name}": ${errorText(problem)}`,
      );
      return false;
    }
  }
  if (mode.isQuiet) return true;
  if (mode.isBinary) out.text(value);
  else if (mode.onlyValue || mode.onlyName) out.line(value);
  else out.line(`${name} = ${value}`);
  return true;
}

/** Bad lines are named while the files are read; then every setting is tried in order. */
function load(context: CommandContext, paths: readonly string[], mode: Mode, out: Printer): number {
  const settings: Setting[] = [];
  let failures = 0;
  const { files } = context.machine;
  for (const path of paths.flatMap((one) =>
    matchingPaths(files, context.identity, context.cwd, one),
  )) {
    const text = fileText(context, path, out);
    if (text === undefined) {
      failures += 1;
      continue;
    }
    for (const [index, line] of text.split('\n').entries()) {
      const setting = readSetting(line, path, index + 1, out);
      if (setting !== undefined) settings.push(setting);
    }
  }
  for (const setting of settings) if (!assign(context, setting, mode, out)) failures += 1;
  return failures > 0 ? 1 : 0;
}

function fileText(context: CommandContext, path: string, out: Printer): string | undefined {
  if (path === '-' || path === '/dev/stdin') return context.stdin ?? '';
  try {
    return fromBytes(context.machine.files.read(resolvePath(context.cwd, path), context.identity));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    // A directory can be opened, and has no lines.
    if (error.code === 'EISDIR') return '';
    out.problem(`sysctl: cannot open "${path}": ${errorText(error.code)}`);
    return undefined;
  }
}

function loadSystem(context: CommandContext, mode: Mode, out: Printer): CommandResult {
  const paths = context.machine.sysctlFiles();
  if (!mode.isQuiet) for (const path of paths) out.line(`* Applying ${path} ...`);
  return out.result(load(context, paths, mode, out));
}
