/** read, mapfile: lines from a file into variables. */

import { fromBytes } from '../../linux/file-system.ts';
import type { ShellProcess } from '../shell-process.ts';
import { invalidOption, readOptions, refuse, type Builtins } from './builtin.ts';

/** Reads up to a delimiter, a piece at a time, and leaves the rest to the next reader. */
async function readUpTo(
  shell: ShellProcess,
  fd: number,
  delimiter: string,
  most: number,
): Promise<{ text: string; isWhole: boolean }> {
  const file = shell.fds.get(fd);
  if (file === undefined) return { text: '', isWhole: false };
  const pieces: string[] = [];
  let length = 0;
  for (;;) {
    const piece = await file.read(4096, shell.signal);
    if (piece === null) return { text: fromBytes(pieces.join('')), isWhole: false };
    const found = piece.indexOf(delimiter);
    const isFound = found !== -1 && length + found < most;
    const end = isFound ? found : most - length;
    if (isFound || end <= piece.length) {
      file.unread(piece.slice(isFound ? end + 1 : end));
      pieces.push(piece.slice(0, end));
      return { text: fromBytes(pieces.join('')), isWhole: true };
    }
    pieces.push(piece);
    length += piece.length;
    await shell.yieldIfDue();
  }
}

async function read(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const options = readOptions(args, 'ersR', 'adinNptu');
  if (options.wrong !== undefined)
    return invalidOption(
      shell,
      'read',
      options.wrong,
      'read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]',
    );
  if (options.bare !== undefined)
    return refuse(shell, 'read', `${options.bare}: option requires an argument`, 2);
  const { flags, values, rest: names } = options;
  for (const name of names) {
    if (!/^[A-Za-z_]\w*(?:\[[\s\S]+\])?$/.test(name))
      return refuse(shell, 'read', `\`${name}': not a valid identifier`);
  }
  const fd = Number(values.get('u') ?? 0);
  const file = shell.fds.get(fd);
  if (file === undefined)
    return refuse(shell, 'read', `${fd}: invalid file descriptor: Bad file descriptor`);
  const prompt = values.get('p');
  if (values.has('t') && Number(values.get('t')) === 0) return file.isTerminal ? 1 : 0;
  const isRaw = flags.has('r');
  const exact = values.get('N');
  const most = Number(exact ?? values.get('n') ?? Number.POSITIVE_INFINITY);
  const delimiterText = values.get('d');
  const delimiter =
    exact !== undefined
      ? '\uffff'
      : delimiterText === undefined
        ? '\n'
        : (delimiterText[0] ?? '\0');
  if (prompt !== undefined && file.isTerminal) {
    // The prompt goes where the line is typed, so the terminal asks for it in one go.
    const line = await shell.session.options.terminal.readLine(prompt, shell.signal);
    if (line === null) return store(shell, names, values.get('a'), '', isRaw, 1);
    return store(shell, names, values.get('a'), line.slice(0, most), isRaw, 0);
  }
  const limit = values.get('t');
  const timer = new AbortController();
  const signal = AbortSignal.any([shell.signal, timer.signal]);
  const wait = { isLate: false };
  const waits =
    limit === undefined
      ? null
      : shell.context.pace.pass(Number(limit) * 1000, signal).then(() => {
          wait.isLate = !timer.signal.aborted;
          timer.abort();
        });
  let text = '';
  let isWhole: boolean;
  for (;;) {
    const part = await readUpTo(withSignal(shell, signal), fd, delimiter, most);
    isWhole = part.isWhole;
    text += part.text;
    // A backslash at the end of a line takes the next one in.
    if (!isRaw && isWhole && exact === undefined && /(?:^|[^\\])(?:\\\\)*\\$/.test(text)) {
      text = text.slice(0, -1);
      continue;
    }
    break;
  }
  timer.abort();
  await waits;
  if (wait.isLate && !isWhole) {
    await store(shell, names, values.get('a'), text, isRaw, 0);
    return 142;
  }
  if (exact !== undefined) {
    await shell.expansion.values.assign(names[0] ?? 'REPLY', text);
    return text.length === most ? 0 : 1;
  }
  return store(shell, names, values.get('a'), text, isRaw, isWhole ? 0 : 1);
}

/** The same shell, its reads ended by another signal too. */
function withSignal(shell: ShellProcess, signal: AbortSignal): ShellProcess {
  return Object.create(shell, { signal: { value: signal } }) as ShellProcess;
}

async function store(
  shell: ShellProcess,
  names: readonly string[],
  array: string | undefined,
  text: string,
  isRaw: boolean,
  status: number,
): Promise<number> {
  if (array === undefined && names.length === 0) {
    shell.state.variables.set('REPLY', isRaw ? text : text.replaceAll(/\\([\s\S])/g, '$1'));
    return status;
  }
  const ifs = shell.state.variables.get('IFS') ?? ' \t\n';
  if (array !== undefined) {
    shell.state.variables.setArray(array, splitLine(text, ifs, isRaw, Number.POSITIVE_INFINITY));
    return status;
  }
  const fields = splitLine(text, ifs, isRaw, names.length);
  for (const [index, name] of names.entries())
    await shell.expansion.values.assign(name, fields[index] ?? '');
  return status;
}

const character = 0;
const separator = 1;
const blankSeparator = 2;

/** Splits a line into so many fields; the last takes the rest. */
function splitLine(raw: string, ifs: string, isRaw: boolean, most: number): string[] {
  const { line, kinds } = readCharacters(raw, ifs, isRaw);
  const fields: string[] = [];
  let at = 0;
  while (kinds[at] === blankSeparator) at += 1;
  let end = line.length;
  while (end > at && kinds[end - 1] === blankSeparator) end -= 1;
  while (at < end) {
    if (fields.length === most - 1) {
      let stop = end;
      // One separator at the very end belongs to no field, where it is the only one left.
      if (
        kinds[end - 1] === separator &&
        kinds.subarray(at, end).indexOf(separator) === end - 1 - at
      ) {
        stop -= 1;
        while (stop > at && kinds[stop - 1] === blankSeparator) stop -= 1;
      }
      fields.push(line.slice(at, stop));
      return fields;
    }
    let stop = at;
    while (stop < end && kinds[stop] === character) stop += 1;
    fields.push(line.slice(at, stop));
    at = stop;
    while (at < end && kinds[at] === blankSeparator) at += 1;
    if (at < end && kinds[at] === separator) {
      at += 1;
      while (at < end && kinds[at] === blankSeparator) at += 1;
    }
  }
  return fields;
}

/** A line without the backslashes that quote, and what each of its characters is. */
function readCharacters(
  raw: string,
  ifs: string,
  isRaw: boolean,
): { readonly line: string; readonly kinds: Uint8Array } {
  const quoted = new Set<number>();
  const line =
    isRaw || !raw.includes('\\')
      ? raw
      : raw.replaceAll(/\\([\s\S])/g, (_, one: string, at: number) => {
          quoted.add(at - quoted.size);
          return one;
        });
  const kinds = new Uint8Array(line.length);
  for (let at = 0; at < line.length; at++) {
    const one = line[at] ?? '';
    if (ifs.includes(one) && !quoted.has(at))
      kinds[at] = one === ' ' || one === '\t' || one === '\n' ? blankSeparator : separator;
  }
  return { line, kinds };
}

async function mapfile(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const options = readOptions(args, 't', 'dnOsuCc');
  if (options.wrong !== undefined)
    return invalidOption(
      shell,
      'mapfile',
      options.wrong,
      'mapfile [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]',
    );
  const { flags, values, rest } = options;
  const name = rest[0] ?? 'MAPFILE';
  const delimiter = values.has('d') ? ((values.get('d') ?? '')[0] ?? '\0') : '\n';
  const most = Number(values.get('n') ?? 0);
  let skipped = Number(values.get('s') ?? 0);
  const lines: string[] = [];
  for (;;) {
    const { text, isWhole } = await readUpTo(
      shell,
      Number(values.get('u') ?? 0),
      delimiter,
      Number.POSITIVE_INFINITY,
    );
    if (!isWhole && text === '') break;
    if (skipped > 0) skipped -= 1;
    else lines.push(`${text}${flags.has('t') || !isWhole ? '' : delimiter}`);
    if (!isWhole || (most > 0 && lines.length >= most)) break;
  }
  const origin = values.get('O');
  if (origin === undefined) shell.state.variables.setArray(name, lines);
  else
    for (const [index, line] of lines.entries())
      shell.state.variables.set(name, line, String(Number(origin) + index));
  return 0;
}

export const readingBuiltins: Builtins = { read, mapfile, readarray: mapfile };
