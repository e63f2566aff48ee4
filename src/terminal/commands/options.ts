/**
 * Reading a command line's options as getopt_long does: clustered letters (`-tan`), values that
 * follow or cling (`-p80`, `-p 80`), `--long`, `--long=value`, `--` to end them, options after
 * operands. What a letter means is the command's affair.
 */

export interface OptionSpec {
  /** Letters without a value. */
  readonly flags: string;
  /** Letters that take a value. */
  readonly valued?: string;
  /** Letters whose value is optional and must cling. */
  readonly optionallyValued?: string;
  /** Long names and the letter they stand for. */
  readonly long?: Readonly<Record<string, string>>;
  /** Operands end the options (as with `sudo`, `watch`). */
  readonly stopAtOperand?: boolean;
}

export interface GivenOption {
  readonly letter: string;
  readonly value?: string;
}

/** The options of one command line, in the order in which they were given. */
export class GivenOptions implements Iterable<GivenOption> {
  readonly list: readonly GivenOption[];
  readonly letters: ReadonlySet<string>;

  constructor(list: readonly GivenOption[]) {
    this.list = list;
    this.letters = new Set(list.map(({ letter }) => letter));
  }

  [Symbol.iterator](): Iterator<GivenOption> {
    return this.list[Symbol.iterator]();
  }

  readonly has = (letter: string): boolean => this.letters.has(letter);

  /** The value of an option; where it was given more than once, the last. */
  readonly value = (letter: string): string | undefined => this.last(letter)?.value;

  /** Each value of an option, in order. */
  readonly values = (letter: string): string[] =>
    this.list.flatMap((option) =>
      option.letter === letter && option.value !== undefined ? [option.value] : [],
    );

  /** Each of the values of an option that takes them with commas between, in order. */
  readonly listed = (letter: string): string[] =>
    this.values(letter).flatMap((value) => value.split(','));

  count(letter: string): number {
    return this.list.filter((option) => option.letter === letter).length;
  }

  /** Of options that undo one another, the one that was given last. */
  last(letters: string): GivenOption | undefined {
    return this.list.findLast((option) => letters.includes(option.letter));
  }
}

export type ParsedOptions =
  | {
      readonly ok: true;
      readonly options: GivenOptions;
      readonly operands: readonly string[];
    }
  | {
      readonly ok: false;
      readonly problem: 'unknown' | 'needs-value' | 'takes-none' | 'ambiguous';
      /** As typed: `-z` or `--foo`; a long option in full where it is known. */
      readonly option: string;
      /** The long options that an abbreviation could stand for. */
      readonly possible?: readonly string[];
    };

export function parseOptions(args: readonly string[], spec: OptionSpec): ParsedOptions {
  const options: GivenOption[] = [];
  const operands: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '--') {
      operands.push(...args.slice(index + 1));
      break;
    }
    if (arg === '-' || !arg.startsWith('-')) {
      if (spec.stopAtOperand) {
        operands.push(...args.slice(index));
        break;
      }
      operands.push(arg);
      continue;
    }
    const read = arg.startsWith('--')
      ? readLong(arg, args[index + 1], spec)
      : readCluster(arg, args[index + 1], spec);
    if (!read.ok) return read;
    options.push(...read.options);
    if (read.usedNext) index += 1;
  }
  return { ok: true, options: new GivenOptions(options), operands };
}

type Read =
  | { readonly ok: true; readonly options: readonly GivenOption[]; readonly usedNext: boolean }
  | Extract<ParsedOptions, { ok: false }>;

function readLong(arg: string, next: string | undefined, spec: OptionSpec): Read {
  const [name, attached] = splitOnce(arg.slice(2), '=');
  const long = spec.long ?? {};
  const names = Object.keys(long);
  const matches = names.includes(name) ? [name] : names.filter((one) => one.startsWith(name));
  const [match] = matches;
  const letter = match === undefined ? undefined : long[match];
  if (match === undefined || letter === undefined)
    return { ok: false, problem: 'unknown', option: arg };
  if (new Set(matches.map((one) => long[one])).size > 1)
    return { ok: false, problem: 'ambiguous', option: arg, possible: matches };
  if (!takesValue(letter, spec))
    return attached === undefined
      ? { ok: true, options: [{ letter }], usedNext: false }
      : { ok: false, problem: 'takes-none', option: `--${match}` };
  if (attached !== undefined)
    return { ok: true, options: [{ letter, value: attached }], usedNext: false };
  if (spec.optionallyValued?.includes(letter))
    return { ok: true, options: [{ letter }], usedNext: false };
  if (next === undefined) return { ok: false, problem: 'needs-value', option: `--${match}` };
  return { ok: true, options: [{ letter, value: next }], usedNext: true };
}

function readCluster(arg: string, next: string | undefined, spec: OptionSpec): Read {
  const options: GivenOption[] = [];
  for (let at = 1; at < arg.length; at++) {
    const letter = arg[at] ?? '';
    const rest = arg.slice(at + 1);
    if (spec.flags.includes(letter)) {
      options.push({ letter });
    } else if (spec.optionallyValued?.includes(letter)) {
      options.push(rest === '' ? { letter } : { letter, value: rest });
      break;
    } else if (spec.valued?.includes(letter)) {
      if (rest !== '') options.push({ letter, value: rest });
      else if (next === undefined)
        return { ok: false, problem: 'needs-value', option: `-${letter}` };
      else return { ok: true, options: [...options, { letter, value: next }], usedNext: true };
      break;
    } else {
      return { ok: false, problem: 'unknown', option: `-${letter}` };
    }
  }
  return { ok: true, options, usedNext: false };
}

function takesValue(letter: string, spec: OptionSpec): boolean {
  return (
    (spec.valued?.includes(letter) ?? false) || (spec.optionallyValued?.includes(letter) ?? false)
  );
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** The messages of getopt_long (glibc 2.36), without the newline. */
export function optionProblem(tool: string, parsed: Extract<ParsedOptions, { ok: false }>): string {
  const { option } = parsed;
  if (parsed.problem === 'needs-value') {
    return option.startsWith('--')
      ? `${tool}: option '${option}' requires an argument`
      : `${tool}: option requires an argument -- '${option.slice(1)}'`;
  }
  if (parsed.problem === 'takes-none')
    return `${tool}: option '${option}' doesn't allow an argument`;
  if (parsed.problem === 'ambiguous') {
    const possible = (parsed.possible ?? []).map((name) => `'--${name}'`).join(' ');
    return `${tool}: option '${option}' is ambiguous; possibilities: ${possible}`;
  }
  return option.startsWith('--')
    ? `${tool}: unrecognized option '${option}'`
    : `${tool}: invalid option -- '${option.slice(1)}'`;
}

/** The second line of what GNU's tools say of a mistake. */
export function tryHelp(tool: string): string {
  return `Try '${tool} --help' for more information.`;
}

/** What GNU's tools say of an option that they cannot read. */
export function optionRefusal(tool: string, parsed: Extract<ParsedOptions, { ok: false }>): string {
  return `${optionProblem(tool, parsed)}\n${tryHelp(tool)}`;
}
