/**
 * cat, head, wc, seq (GNU coreutils 9.1): tools that work on a stream as it comes, however long it is.
 * Such tools in the shell library hold a whole input at once.
 */

import { errorText, FileError } from '../linux/file-system.ts';
import {
  failed,
  printed,
  unsupported,
  type Command,
  type CommandContext,
  type CommandResult,
  type InputStream,
} from './command.ts';
import { optionRefusal, parseOptions, tryHelp } from './options.ts';

function problem(tool: string, path: string, error: FileError, isOpening: boolean): string {
  const text = errorText(error.code);
  if (error.code === 'EISDIR' && tool !== 'cat')
    return tool === 'wc' ? `wc: ${path}: ${text}\n` : `${tool}: error reading '${path}': ${text}\n`;
  return isOpening && tool === 'head'
    ? `head: cannot open '${path}' for reading: ${text}\n`
    : `${tool}: ${path}: ${text}\n`;
}

/** Opens a file or, for `-`, standard input; says what is wrong where it cannot. */
function opened(context: CommandContext, tool: string, path: string): InputStream | null {
  if (path === '-') return context.input;
  try {
    return context.openFile(path);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    context.terminal.write(problem(tool, path, error, true), 'err');
    return null;
  }
}

export const cat: Command = {
  name: 'cat',
  async run(context) {
    const parsed = parseOptions(context.args, {
      flags: 'AbeEnstTuv',
      valued: '',
      long: {
        'show-all': 'A',
        'number-nonblank': 'b',
        'show-ends': 'E',
        number: 'n',
        'squeeze-blank': 's',
        'show-tabs': 'T',
        'show-nonprinting': 'v',
      },
    });
    if (!parsed.ok) return failed(optionRefusal('cat', parsed));
    const { letters } = parsed.options;
    const shaper = letters.size === 0 ? null : new CatShaper(letters);
    let exitCode = 0;
    for (const path of parsed.operands.length > 0 ? parsed.operands : ['-']) {
      const file = opened(context, 'cat', path);
      if (file === null) {
        exitCode = 1;
        continue;
      }
      try {
        for (;;) {
          const bytes = await file.read();
          if (bytes === null) break;
          await context.writeBytes(shaper === null ? bytes : shaper.shape(bytes));
        }
      } finally {
        if (path !== '-') file.close();
      }
    }
    return printed('', context.signal.aborted ? 130 : exitCode);
  },
};

/** What cat's options do to the bytes that go through. */
class CatShaper {
  private readonly letters: ReadonlySet<string>;
  private isLineStart = true;
  private number = 0;
  private blanks = 0;

  constructor(letters: ReadonlySet<string>) {
    this.letters = letters;
  }

  shape(bytes: string): string {
    const has = (letters: string) => Array.from(letters).some((letter) => this.letters.has(letter));
    let result = '';
    for (const piece of bytes.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
      const hasEnd = piece.endsWith('\n');
      const line = hasEnd ? piece.slice(0, -1) : piece;
      const isBlank = this.isLineStart && line === '' && hasEnd;
      this.blanks = isBlank ? this.blanks + 1 : 0;
      if (has('s') && this.blanks > 1) continue;
      if (this.isLineStart && (has('b') ? !isBlank : has('n'))) {
        this.number += 1;
        result += `${String(this.number).padStart(6)}\t`;
      }
      let shown = line;
      if (has('Aetv')) shown = visible(shown);
      if (has('ATt')) shown = shown.replaceAll('\t', '^I');
      result += shown + (hasEnd ? `${has('AEe') ? '$' : ''}\n` : '');
      this.isLineStart = hasEnd;
    }
    return result;
  }
}

/** Control characters as `^A`, high bytes as `M-…`; tabs are left. */
function visible(line: string): string {
  return Array.from(line, (character) => {
    const code = character.charCodeAt(0);
    if (code === 9 || (code >= 32 && code < 127)) return character;
    const low = code & 127;
    const shown =
      low === 127
        ? '^?'
        : low < 32
          ? `^${String.fromCharCode(low + 64)}`
          : String.fromCharCode(low);
    return code >= 128 ? `M-${shown}` : shown;
  }).join('');
}

/** `5`, `1k`, `2MB`, `-3`, as head and tail read numbers. */
function readAmount(text: string): number | undefined {
  const match = /^([-+]?)(\d+)(b|[kKMGT](?:i?B)?)?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, digits = '0', unit = ''] = match;
  const base = unit.endsWith('B') && !unit.includes('i') ? 1000 : 1024;
  const power =
    unit === ''
      ? 0
      : unit === 'b'
        ? 0
        : 'kKMGT'.indexOf(unit[0] ?? '') < 2
          ? 1
          : 'KMGT'.indexOf(unit[0] ?? '') + 1;
  const value = Number(digits) * (unit === 'b' ? 512 : base ** power);
  return sign === '-' ? -value - 0 : value;
}

export const head: Command = {
  name: 'head',
  async run(context) {
    const args = context.args.map((arg, at) =>
      at === 0 && /^-\d+$/.test(arg) ? `-n${arg.slice(1)}` : arg,
    );
    const parsed = parseOptions(args, {
      flags: 'qvz',
      valued: 'nc',
      long: {
        lines: 'n',
        bytes: 'c',
        quiet: 'q',
        silent: 'q',
        verbose: 'v',
        'zero-terminated': 'z',
      },
    });
    if (!parsed.ok) return failed(optionRefusal('head', parsed));
    const { letters } = parsed.options;
    const amount = parsed.options.last('nc');
    const isBytes = amount?.letter === 'c';
    const text = amount?.value ?? '10';
    const count = readAmount(text);
    if (count === undefined)
      return failed(`head: invalid number of ${isBytes ? 'bytes' : 'lines'}: ‘${text}’`);
    const isAllBut = text.startsWith('-');
    const names = parsed.operands.length > 0 ? parsed.operands : ['-'];
    const hasHeads = letters.has('v') || (names.length > 1 && !letters.has('q'));
    const end = letters.has('z') ? '\0' : '\n';
    let exitCode = 0;
    let isFirst = true;
    for (const name of names) {
      const file = opened(context, 'head', name);
      if (file === null) {
        exitCode = 1;
        continue;
      }
      if (hasHeads)
        context.terminal.write(
          `${isFirst ? '' : '\n'}==> ${name === '-' ? 'standard input' : name} <==\n`,
        );
      isFirst = false;
      try {
        if (isAllBut) await allBut(context, file, Math.abs(count), isBytes, end);
        else await first(context, file, count, isBytes, end);
      } finally {
        if (name !== '-') file.close();
      }
    }
    return printed('', context.signal.aborted ? 130 : exitCode);
  },
};

async function first(
  context: CommandContext,
  file: InputStream,
  count: number,
  isBytes: boolean,
  end: string,
): Promise<void> {
  let left = count;
  while (left > 0) {
    const bytes = await file.read();
    if (bytes === null) return;
    let stop = bytes.length;
    if (isBytes) {
      stop = Math.min(left, bytes.length);
      left -= stop;
    } else {
      let at = 0;
      while (left > 0) {
        const next = bytes.indexOf(end, at);
        if (next === -1) break;
        at = next + 1;
        left -= 1;
      }
      if (left === 0) stop = at;
    }
    if (stop < bytes.length) file.unread(bytes.slice(stop));
    await context.writeBytes(bytes.slice(0, stop));
  }
}

/** All but the last ones: what may still be among the last is held back. */
async function allBut(
  context: CommandContext,
  file: InputStream,
  count: number,
  isBytes: boolean,
  end: string,
): Promise<void> {
  let held = '';
  for (;;) {
    const bytes = await file.read();
    if (bytes === null) break;
    held += bytes;
    if (!isBytes) continue;
    const ready = held.slice(0, Math.max(0, held.length - count));
    held = held.slice(ready.length);
    await context.writeBytes(ready);
  }
  if (isBytes) return;
  const lines = held.split(end);
  const hasEnd = lines.at(-1) === '';
  if (hasEnd) lines.pop();
  const kept = lines.slice(0, Math.max(0, lines.length - count));
  if (kept.length > 0) await context.writeBytes(`${kept.join(end)}${end}`);
}

interface Counts {
  lines: number;
  words: number;
  characters: number;
  bytes: number;
  longest: number;
}

export const wc: Command = {
  name: 'wc',
  async run(context) {
    const parsed = parseOptions(context.args, {
      flags: 'lwmcL',
      valued: '',
      long: { lines: 'l', words: 'w', chars: 'm', bytes: 'c', 'max-line-length': 'L' },
    });
    if (!parsed.ok) return failed(optionRefusal('wc', parsed));
    const { letters } = parsed.options;
    const wanted = letters.size > 0 ? letters : new Set(['l', 'w', 'c']);
    const rows: { readonly name: string; readonly counts: Counts }[] = [];
    let exitCode = 0;
    let isStream = false;
    for (const path of parsed.operands.length > 0 ? parsed.operands : ['-']) {
      const file = opened(context, 'wc', path);
      if (file === null) {
        exitCode = 1;
        continue;
      }
      isStream ||= path === '-' || path.startsWith('/dev/');
      try {
        rows.push({
          name: parsed.operands.length > 0 ? path : '',
          counts: await count(file),
        });
      } finally {
        if (path !== '-') file.close();
      }
    }
    if (parsed.operands.length > 1) {
      const total: Counts = { lines: 0, words: 0, characters: 0, bytes: 0, longest: 0 };
      for (const { counts } of rows) {
        total.lines += counts.lines;
        total.words += counts.words;
        total.characters += counts.characters;
        total.bytes += counts.bytes;
        total.longest = Math.max(total.longest, counts.longest);
      }
      rows.push({ name: 'total', counts: total });
    }
    const columns = (counts: Counts) => [
      ...(wanted.has('l') ? [counts.lines] : []),
      ...(wanted.has('w') ? [counts.words] : []),
      ...(wanted.has('m') ? [counts.characters] : []),
      ...(wanted.has('c') ? [counts.bytes] : []),
      ...(wanted.has('L') ? [counts.longest] : []),
    ];
    const isSingle = wanted.size === 1 && rows.length <= 1;
    const sizes = rows.map(({ counts }) => counts.bytes);
    const width = isSingle
      ? 1
      : isStream
        ? 7
        : Math.max(...sizes.map((size) => String(size).length), 1);
    const text = rows
      .map(({ name, counts }) => {
        const numbers = columns(counts).map((one) => String(one).padStart(width));
        return `${numbers.join(' ')}${name === '' ? '' : ` ${name}`}\n`;
      })
      .join('');
    return printed(text, context.signal.aborted ? 130 : exitCode);
  },
};

async function count(file: InputStream): Promise<Counts> {
  const counts: Counts = { lines: 0, words: 0, characters: 0, bytes: 0, longest: 0 };
  let isInWord = false;
  let width = 0;
  for (;;) {
    const bytes = await file.read();
    if (bytes === null) break;
    counts.bytes += bytes.length;
    for (let at = 0; at < bytes.length; at++) {
      const code = bytes.charCodeAt(at);
      if (code === 10) {
        counts.lines += 1;
        counts.longest = Math.max(counts.longest, width);
        width = 0;
      } else if (code === 9) width += 8 - (width % 8);
      else if (code >= 32 && (code < 128 || code >= 192)) width += 1;
      // A continuation byte of UTF-8 begins no character.
      if (code < 128 || code >= 192) counts.characters += 1;
      const isSpace = code === 32 || (code >= 9 && code <= 13);
      if (!isSpace && !isInWord) counts.words += 1;
      isInWord = !isSpace;
    }
  }
  counts.longest = Math.max(counts.longest, width);
  return counts;
}

export const seq: Command = {
  name: 'seq',
  async run(context): Promise<CommandResult> {
    const operands: string[] = [];
    let separator = '\n';
    let isPadded = false;
    let format: string | undefined;
    const { args } = context;
    for (let at = 0; at < args.length; at++) {
      const arg = args[at] ?? '';
      if (operands.length > 0 || !arg.startsWith('-') || /^-[\d.]/.test(arg)) operands.push(arg);
      else if (arg === '-w' || arg === '--equal-width') isPadded = true;
      else if (arg === '-s' || arg === '--separator') separator = args[++at] ?? '';
      else if (arg.startsWith('--separator=')) separator = arg.slice(12);
      else if (/^-s./.test(arg)) separator = arg.slice(2);
      else if (arg === '-f' || arg === '--format') format = args[++at] ?? '';
      else return unsupported(context, 'seq', arg);
    }
    if (operands.length === 0) return failed(`seq: missing operand\n${tryHelp('seq')}`);
    if (operands.length > 3)
      return failed(`seq: extra operand ‘${operands[3] ?? ''}’\n${tryHelp('seq')}`);
    const wrong = operands.find(
      (text) => !/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text),
    );
    if (wrong !== undefined)
      return failed(`seq: invalid floating point argument: ‘${wrong}’\n${tryHelp('seq')}`);
    const [one = '1', two, three] = operands;
    const firstText = two === undefined ? '1' : one;
    const stepText = three === undefined ? '1' : (two ?? '1');
    const lastText = three ?? two ?? one;
    const step = Number(stepText);
    if (step === 0)
      return failed(`seq: invalid Zero increment value: ‘${stepText}’\n${tryHelp('seq')}`);
    const decimals = Math.max(
      ...[firstText, stepText].map((text) => (text.split('.')[1] ?? '').length),
    );
    const start = Number(firstText);
    const last = Number(lastText);
    const steps = Math.floor((last - start) / step + 1e-10);
    const show = (value: number) => {
      const text = value.toFixed(decimals);
      if (format !== undefined)
        return format.replace(
          /%(0?)(\d*)(?:\.(\d+))?[fge]/,
          (_, zero: string, size: string, digits?: string) =>
            (digits === undefined ? text : value.toFixed(Number(digits))).padStart(
              Number(size),
              zero === '' ? ' ' : '0',
            ),
        );
      return text;
    };
    const width = isPadded
      ? Math.max(
          show(start).length,
          show(start + steps * step).length,
          last.toFixed(decimals).length,
        )
      : 0;
    let block = '';
    for (let index = 0; index <= steps && !context.signal.aborted; index++) {
      const text = show(start + index * step);
      const padded = text.startsWith('-')
        ? `-${text.slice(1).padStart(width - 1, '0')}`
        : text.padStart(width, '0');
      block += `${padded}${index < steps ? separator : '\n'}`;
      if (block.length < 16_384) continue;
      await context.writeBytes(block);
      block = '';
    }
    if (block !== '') await context.writeBytes(block);
    return printed('', context.signal.aborted ? 130 : 0);
  },
};

export const xargs: Command = {
  name: 'xargs',
  async run(context) {
    const parsed = parseOptions(context.args, {
      flags: '0rtpx',
      valued: 'nILPdsEa',
      long: {
        null: '0',
        'no-run-if-empty': 'r',
        verbose: 't',
        'max-args': 'n',
        'max-procs': 'P',
        delimiter: 'd',
        'max-lines': 'L',
        'arg-file': 'a',
      },
      stopAtOperand: true,
    });
    if (!parsed.ok) return failed(optionRefusal('xargs', parsed));
    const { value } = parsed.options;
    const { letters } = parsed.options;
    for (const letter of 'psEx')
      if (letters.has(letter)) return unsupported(context, 'xargs', `-${letter}`);
    const path = value('a');
    const text = await (path === undefined ? context.input : context.openFile(path)).readText();
    const delimiter = letters.has('0') ? '\0' : delimiterOf(value('d'));
    const mark = value('I');
    const perLine = mark !== undefined || letters.has('L');
    const words = parsed.operands.length > 0 ? parsed.operands : ['echo'];
    const items =
      delimiter !== undefined
        ? text.split(delimiter).filter((item, at, all) => item !== '' || at < all.length - 1)
        : perLine
          ? text
              .split('\n')
              .map((line) => line.trim())
              .filter(Boolean)
          : splitWords(text);
    if (items === null)
      return failed(
        'xargs: unmatched single quote; by default quotes are special to xargs unless you use the -0 option',
      );
    if (items.length === 0 && (letters.has('r') || mark !== undefined)) return printed('');
    const most =
      mark !== undefined
        ? 1
        : Number(value('n') ?? value('L') ?? (items.length === 0 ? 1 : items.length));
    if (!(most > 0)) return failed(`xargs: value ${value('n') ?? ''} for -n option should be >= 1`);
    let exitCode = 0;
    for (let at = 0; at < Math.max(1, items.length); at += most) {
      if (context.signal.aborted) return printed('', 130);
      const group = items.slice(at, at + most);
      const given =
        mark !== undefined
          ? words.map((word) => word.replaceAll(mark, group[0] ?? ''))
          : [...words, ...(perLine ? group.flatMap((line) => splitWords(line) ?? []) : group)];
      const [name = ''] = given;
      if (letters.has('t')) context.terminal.write(`${given.join(' ')}\n`, 'err');
      if (!name.includes('/') && !context.hasProgram(name))
        return failed(`xargs: ${name}: No such file or directory`, 127);
      const status = await context.spawn(given, { stdin: '' });
      if (status === 255) {
        context.terminal.write(`xargs: ${name}: exited with status 255; aborting\n`, 'err');
        return printed('', 124);
      }
      if (status !== 0) exitCode = 123;
    }
    return printed('', exitCode);
  },
};

function delimiterOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const escapes: Readonly<Record<string, string>> = { '\\n': '\n', '\\t': '\t', '\\0': '\0' };
  return escapes[text] ?? text[0] ?? '\n';
}

/** Words as xargs reads them: quotes and backslashes protect; null where a quote is open. */
function splitWords(text: string): string[] | null {
  const words: string[] = [];
  let current: string | null = null;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
      else current = (current ?? '') + character;
    } else if (character === "'" || character === '"') {
      quote = character;
      current ??= '';
    } else if (character === '\\') {
      at += 1;
      current = (current ?? '') + (text[at] ?? '');
    } else if (/\s/.test(character)) {
      if (current !== null) words.push(current);
      current = null;
    } else current = (current ?? '') + character;
  }
  if (quote !== '') return null;
  if (current !== null) words.push(current);
  return words;
}
