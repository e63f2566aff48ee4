/**
 * The terminal's log as lines: text comes in pieces of any size and becomes lines in blocks, so that
 * tens of thousands of them stay cheap to show. Colours and cursor movements are taken out; noise
 * becomes visible signs; a line that never ends is cut.
 */

export type LineKind = 'out' | 'err' | 'notice' | 'command';

export interface LogLine {
  readonly kind: LineKind;
  /** Before a command. */
  readonly prompt?: string;
  readonly text: string;
  /** With a notice: a file that is offered for saving, one character for a byte. */
  readonly file?: { readonly name: string; readonly bytes: string };
}

export interface LogBlock {
  readonly id: number;
  readonly lines: readonly LogLine[];
}

/** The same lines, those of one kind in a row as one with line ends in it; a command stays alone. */
export function joinedRuns(lines: readonly LogLine[]): readonly LogLine[] {
  const runs: LogLine[] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    // An empty line at the end of a text would not be seen: it stays alone.
    const joins =
      last?.kind === line.kind &&
      line.kind !== 'notice' &&
      line.text !== '' &&
      line.prompt === undefined;
    if (joins && last.prompt === undefined)
      runs[runs.length - 1] = { kind: last.kind, text: `${last.text}\n${line.text}` };
    else runs.push(line);
  }
  return runs;
}

const linesPerBlock = 100;
/** The oldest lines go when there are more. */
export const maximumLines = 50_000;
const longestLine = 4000;

export class LogLines {
  private blocks: LogBlock[] = [];
  private nextId = 1;
  private count = 0;
  /** A line of output that has no end yet. */
  private open: { readonly kind: 'out' | 'err'; text: string } | null = null;
  /** How many lines have been dropped. */
  dropped = 0;

  /** A picture of the log that will not change. */
  view(): readonly LogBlock[] {
    if (this.open === null) return [...this.blocks];
    const last = this.blocks.at(-1);
    const line: LogLine = { kind: this.open.kind, text: shown(this.open.text) };
    if (last === undefined) return [{ id: this.nextId, lines: [line] }];
    return [...this.blocks.slice(0, -1), { id: last.id, lines: [...last.lines, line] }];
  }

  get length(): number {
    return this.count;
  }

  write(text: string, kind: 'out' | 'err'): void {
    if (this.open !== null && this.open.kind !== kind) this.end();
    const pieces = ((this.open?.text ?? '') + text).split('\n');
    const rest = pieces.pop() ?? '';
    this.open = null;
    // Of more lines than are kept only the last are made.
    const skipped = Math.max(0, pieces.length - maximumLines);
    this.dropped += skipped;
    this.add(pieces.slice(skipped).map((piece) => ({ kind, text: shown(piece) })));
    this.open = rest === '' ? null : { kind, text: rest.slice(0, longestLine * 4) };
  }

  line(line: LogLine): void {
    this.end();
    this.add([line.kind === 'command' ? { ...line, text: shown(line.text) } : line]);
  }

  clear(): void {
    this.blocks = [];
    this.open = null;
    this.count = 0;
  }

  /** All of it as plain text. */
  text(): string {
    return this.view()
      .flatMap((block) => block.lines)
      .map((line) => `${line.prompt ?? ''}${line.text}`)
      .join('\n');
  }

  private end(): void {
    if (this.open === null) return;
    const { kind, text } = this.open;
    this.open = null;
    this.add([{ kind, text: shown(text) }]);
  }

  private add(lines: readonly LogLine[]): void {
    for (let at = 0; at < lines.length;) {
      const last = this.blocks.at(-1);
      const room = last === undefined ? 0 : linesPerBlock - last.lines.length;
      const more = lines.slice(at, at + (room > 0 ? room : linesPerBlock));
      if (last !== undefined && room > 0)
        this.blocks[this.blocks.length - 1] = { id: last.id, lines: [...last.lines, ...more] };
      else {
        this.blocks.push({ id: this.nextId, lines: more });
        this.nextId += 1;
      }
      at += more.length;
      this.count += more.length;
    }
    while (this.count > maximumLines) {
      const first = this.blocks.shift();
      this.count -= first?.lines.length ?? 0;
      this.dropped += first?.lines.length ?? 0;
    }
  }
}

// Made from their numbers: a pattern with control characters in it cannot be read.
const [bell, escape] = [String.fromCharCode(7), String.fromCharCode(27)];
/** Colours and cursor movements, titles of windows, character sets (ECMA-48: CSI, OSC; xterm). */
const escapeSequence = new RegExp(
  `${escape}(?:\\[[0-9;?]*[A-Za-z]|\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)|[()][A-Z0-9])`,
  'g',
);

const hasControls = new RegExp(
  `[${String.fromCharCode(0)}-${String.fromCharCode(31)}${String.fromCharCode(127)}]`,
);

/** A line as it can be shown: the last writing of it, without control codes, not endless. */
function shown(raw: string): string {
  const returned = raw.includes('\r')
    ? (raw.split('\r').findLast((piece) => piece !== '') ?? '')
    : raw;
  const cut =
    returned.length > longestLine
      ? `${returned.slice(0, longestLine)} … (+${returned.length - longestLine})`
      : returned;
  if (!hasControls.test(cut)) return cut;
  let text = '';
  for (const character of cut.replaceAll(escapeSequence, '')) {
    const code = character.codePointAt(0) ?? 0;
    if (code === 9) text += '\t';
    else if (code < 32) text += String.fromCodePoint(0x2400 + code);
    else if (code === 127) text += '\u2421';
    else text += character;
  }
  return text;
}
