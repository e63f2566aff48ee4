/** echo and printf. */

import { quoteValue, unescape } from '../language/quoting.ts';
import type { ShellProcess } from '../shell-process.ts';
import { refuse, type Builtins } from './builtin.ts';

async function echo(shell: ShellProcess, args: readonly string[]): Promise<number> {
  let isEscaped = shell.state.shopts.has('xpg_echo');
  let endsLine = true;
  let at = 0;
  for (; at < args.length && /^-[neE]+$/.test(args[at] ?? ''); at++) {
    for (const letter of (args[at] ?? '').slice(1)) {
      if (letter === 'n') endsLine = false;
      else isEscaped = letter === 'e';
    }
  }
  const text = args.slice(at).join(' ');
  if (!isEscaped) {
    await shell.print(`${text}${endsLine ? '\n' : ''}`);
    return 0;
  }
  const read = unescape(text, true);
  await shell.print(`${read.text}${endsLine && !read.isCut ? '\n' : ''}`);
  return 0;
}

async function printf(shell: ShellProcess, args: readonly string[]): Promise<number> {
  let words = args;
  let variable: string | null = null;
  if (words[0] === '-v') {
    variable = words[1] ?? '';
    words = words.slice(2);
  }
  if (words[0] === '--') words = words.slice(1);
  const [format, ...values] = words;
  if (format === undefined) {
    await shell.warn('printf: usage: printf [-v var] format [arguments]\n');
    return 2;
  }
  const printer = new FormatPrinter(format, values, shell);
  const text = printer.run();
  for (const problem of printer.problems) await shell.complain(`printf: ${problem}`);
  if (variable === null) await shell.print(text);
  else await shell.expansion.values.assign(variable, text);
  return printer.problems.length > 0 ? 1 : 0;
}

const directive =
  /%(?:%|([-+ #0']*)(\*|\d+)?(?:\.(\*|-?\d+)?)?([hlLjzt]*)(?:\(([^)]*)\)T|((?![hlLjzt])[a-zA-Z])))/y;

class FormatPrinter {
  readonly problems: string[] = [];
  private readonly format: string;
  private readonly values: readonly string[];
  private readonly shell: ShellProcess;
  private next = 0;
  private isCut = false;

  constructor(format: string, values: readonly string[], shell: ShellProcess) {
    this.format = format;
    this.values = values;
    this.shell = shell;
  }

  /** The format is used again while values are left. */
  run(): string {
    let text = '';
    do {
      const before = this.next;
      text += this.once();
      this.shell.context.budget.checkLength(text.length);
      if (this.next === before) break;
    } while (this.next < this.values.length && !this.isCut);
    return text;
  }

  private take(): string | undefined {
    const value = this.values[this.next];
    this.next += 1;
    return value;
  }

  private once(): string {
    let text = '';
    for (let at = 0; at < this.format.length && !this.isCut;) {
      const character = this.format[at] ?? '';
      if (character === '\\') {
        const match =
          /^\\(?:x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|[0-7]{1,3}|[\s\S])?/.exec(
            this.format.slice(at),
          );
        const escape = match?.[0] ?? '\\';
        if (escape === '\\c') this.isCut = true;
        else text += unescape(escape, false).text;
        at += escape.length;
        continue;
      }
      if (character !== '%') {
        text += character;
        at += 1;
        continue;
      }
      directive.lastIndex = at;
      const match = directive.exec(this.format);
      if (match === null) {
        const rest = this.format
          .slice(at + 1)
          .replace(/^[-+ #0']*(?:\*|\d+)?(?:\.(?:\*|-?\d+)?)?[hlLjzt]*/, '');
        this.problems.push(
          rest === ''
            ? `\`%': missing format character`
            : `\`${rest[0] ?? ''}': invalid format character`,
        );
        this.isCut = true;
        return text;
      }
      text += this.directive(match);
      at += match[0].length;
    }
    return text;
  }

  private directive(match: RegExpExecArray): string {
    const [whole, flagText = '', widthText, precisionText, , time, letter] = match;
    if (whole === '%%') return '%';
    let flags = flagText;
    let width = widthText === '*' ? Number(this.take() ?? 0) : Number(widthText ?? 0);
    if (width < 0) {
      flags += '-';
      width = -width;
    }
    const hasPrecision = whole.replace(/\([^)]*\)T$/, '').includes('.');
    const precision = !hasPrecision
      ? undefined
      : precisionText === '*'
        ? Number(this.take() ?? 0)
        : Number(precisionText ?? 0);
    this.shell.context.budget.checkLength(Math.max(width, precision ?? 0));
    const pad = (text: string, mayZero = false) => {
      const missing = width - Array.from(text).length;
      if (missing <= 0) return text;
      if (flags.includes('-')) return text + ' '.repeat(missing);
      if (!mayZero || !flags.includes('0')) return ' '.repeat(missing) + text;
      const sign = /^(?:[+-]|0[xX])?/.exec(text)?.[0] ?? '';
      return sign + '0'.repeat(missing) + text.slice(sign.length);
    };
    if (time !== undefined) return pad(this.time(time, this.take()));
    switch (letter) {
      case 's':
        return pad(
          Array.from(this.take() ?? '')
            .slice(0, precision)
            .join(''),
        );
      case 'b': {
        const read = unescape(this.take() ?? '', true);
        this.isCut ||= read.isCut;
        return pad(Array.from(read.text).slice(0, precision).join(''));
      }
      case 'q':
        return pad(quoteValue(this.take() ?? ''));
      case 'c':
        return pad((this.take() ?? '').slice(0, 1));
      case 'd':
      case 'i': {
        const value = this.integer(this.take());
        let digits = String(value < 0n ? -value : value).padStart(precision ?? 1, '0');
        if (flags.includes("'")) digits = digits.replaceAll(/\B(?=(\d{3})+$)/g, '');
        const sign = value < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
        return pad(`${sign}${digits}`, precision === undefined);
      }
      case 'u':
        return pad(
          String(BigInt.asUintN(64, this.integer(this.take()))).padStart(precision ?? 1, '0'),
          precision === undefined,
        );
      case 'o':
      case 'x':
      case 'X': {
        const value = BigInt.asUintN(64, this.integer(this.take()));
        const digits = value.toString(letter === 'o' ? 8 : 16).padStart(precision ?? 1, '0');
        const prefix = flags.includes('#') && value !== 0n ? (letter === 'o' ? '0' : '0x') : '';
        const text = `${prefix}${digits}`;
        return pad(letter === 'X' ? text.toUpperCase() : text, precision === undefined);
      }
      case 'f':
      case 'F':
      case 'e':
      case 'E':
      case 'g':
      case 'G':
      case 'a':
      case 'A': {
        const value = this.real(this.take());
        const text = realText(value, letter, precision ?? 6, flags.includes('#'));
        const sign =
          value < 0 || Object.is(value, -0)
            ? ''
            : flags.includes('+')
              ? '+'
              : flags.includes(' ')
                ? ' '
                : '';
        return pad(`${sign}${text}`, true);
      }
      case 'n':
        return '';
      default:
        this.problems.push(`\`${letter ?? ''}': invalid format character`);
        this.isCut = true;
        return '';
    }
  }

  private integer(text: string | undefined): bigint {
    if (text === undefined || text === '') return 0n;
    if (/^["']/.test(text)) return BigInt(text.codePointAt(1) ?? 0);
    const match = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|\d+)/.exec(text);
    if (match === null) {
      this.problems.push(`${text}: invalid number`);
      return 0n;
    }
    const digits = match[2] ?? '0';
    let value: bigint;
    let rest = text.slice(match[0].length);
    if (/^0\d/.test(digits)) {
      const octal = /^[0-7]+/.exec(digits)?.[0] ?? '0';
      if (octal.length < digits.length) rest = digits;
      value = BigInt(`0o${octal.replace(/^0+(?=.)/, '')}`);
    } else value = BigInt(digits);
    if (rest.trim() !== '')
      this.problems.push(`${text}: invalid ${/^0[0-9]/.test(digits) ? 'octal ' : ''}number`);
    return match[1] === '-' ? -value : value;
  }

  private real(text: string | undefined): number {
    if (text === undefined || text === '') return 0;
    if (/^["']/.test(text)) return text.codePointAt(1) ?? 0;
    const match = /^\s*[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|inf|nan)/i.exec(
      text,
    );
    if (match === null || match[0].length < text.length)
      this.problems.push(`${text}: invalid number`);
    return match === null ? 0 : Number(match[0].replace(/inf/i, 'Infinity'));
  }

  /** `%(format)T`: -1 and nothing mean now. */
  private time(format: string, value: string | undefined): string {
    const { machine } = this.shell.session.options;
    const seconds =
      value === undefined || value === '-1' ? Math.floor(machine.epochNowMs / 1000) : Number(value);
    return timeText(new Date(seconds * 1000), format === '' ? '%X' : format);
  }
}

/** strftime(3) in UTC, the letters that scripts use. */
function timeText(date: Date, format: string): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
  const months = [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ];
  const day = days[date.getUTCDay()] ?? '';
  const month = months[date.getUTCMonth()] ?? '';
  const hour = date.getUTCHours();
  const clock = `${two(hour)}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  const startOfYear = Date.UTC(date.getUTCFullYear(), 0, 1);
  const parts: Readonly<Record<string, string>> = {
    '%': '%',
    a: day.slice(0, 3),
    A: day,
    b: month.slice(0, 3),
    B: month,
    c: `${day.slice(0, 3)} ${month.slice(0, 3)} ${String(date.getUTCDate()).padStart(2)} ${clock} ${date.getUTCFullYear()}`,
    d: two(date.getUTCDate()),
    D: `${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())}/${two(date.getUTCFullYear() % 100)}`,
    e: String(date.getUTCDate()).padStart(2),
    F: date.toISOString().slice(0, 10),
    H: two(hour),
    I: two(hour % 12 === 0 ? 12 : hour % 12),
    j: String(Math.floor((date.getTime() - startOfYear) / 86_400_000) + 1).padStart(3, '0'),
    m: two(date.getUTCMonth() + 1),
    M: two(date.getUTCMinutes()),
    n: '\n',
    p: hour < 12 ? 'AM' : 'PM',
    R: clock.slice(0, 5),
    s: String(Math.floor(date.getTime() / 1000)),
    S: two(date.getUTCSeconds()),
    t: '\t',
    T: clock,
    u: String(date.getUTCDay() === 0 ? 7 : date.getUTCDay()),
    w: String(date.getUTCDay()),
    x: `${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())}/${two(date.getUTCFullYear() % 100)}`,
    X: clock,
    y: two(date.getUTCFullYear() % 100),
    Y: String(date.getUTCFullYear()),
    z: '+0000',
    Z: 'UTC',
  };
  return format.replaceAll(/%([\s\S])/g, (whole, letter: string) => parts[letter] ?? whole);
}

function realText(value: number, letter: string, precision: number, isAlternate: boolean): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf';
  const exponent = (text: string) => text.replace(/e([+-])(\d)$/, 'e$10$2');
  switch (letter.toLowerCase()) {
    case 'e': {
      const text = exponent(value.toExponential(precision));
      return letter === 'E' ? text.toUpperCase() : text;
    }
    case 'g': {
      const digits = precision === 0 ? 1 : precision;
      const power =
        value === 0 ? 0 : Number(/e([+-]\d+)$/.exec(value.toExponential(digits - 1))?.[1] ?? 0);
      let text =
        power < -4 || power >= digits
          ? exponent(value.toExponential(digits - 1))
          : value.toFixed(Math.max(0, digits - 1 - power));
      if (!isAlternate) text = text.replace(/(\.\d*?)0+(e|$)/, '$1$2').replace(/\.(e|$)/, '$1');
      return letter === 'G' ? text.toUpperCase() : text;
    }
    default:
      return value.toFixed(Math.min(100, precision));
  }
}

async function letBuiltin(shell: ShellProcess, args: readonly string[]): Promise<number> {
  if (args.length === 0) return refuse(shell, 'let', 'expression expected');
  let value = 0n;
  for (const arg of args) value = shell.expansion.values.evaluate(arg);
  return value === 0n ? 1 : 0;
}

export const printingBuiltins: Builtins = { echo, printf, let: letBuiltin };
