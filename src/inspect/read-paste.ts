/**
 * A whole paste, read: every socket that can be read, and every line that cannot, with its number.
 * Headers, prompts and blank lines are neither.
 */

import { PowershellList } from './powershell-list.ts';
import { lineReaders } from './read-line.ts';
import { readState } from './pasted-socket.ts';
import type { PastedState, PastedSocket } from './pasted-socket.ts';

export interface UnreadLine {
  /** From 1. */
  readonly line: number;
  /** At most 200 characters of it. */
  readonly text: string;
}

export interface Paste {
  readonly rows: readonly PastedSocket[];
  readonly unread: readonly UnreadLine[];
  /** True where the text was longer than what is read: the rest is left out. */
  readonly isCut: boolean;
}

/** A busy server's whole `ss` fits; more than this a page cannot usefully show. */
const MAX_CHARACTERS = 8_000_000;
const MAX_LINE = 4_000;

const NOISE = [
  /^\s*$/,
  /^\s*[-=]+(\s+[-=]+)*\s*$/,
  /^\s*(?:PS )?[A-Z]:\\[^>]*>/i,
  /^\s*(?:Netid|State|Recv-Q|Proto|Active |COMMAND|LocalAddress|プロトコル|アクティブな接続|稼働中の|Aktive|Connexions|Kernel)/i,
  /^\s*(?:\(No info could be read|\(Not all processes|will not be shown|RTNETLINK answers)/,
  /^\s*Socket\s+Proto|^\s*\[exit \d+\]\s*$/i,
  // What ss -i, -e and -m print below a socket.
  /^\s+(?:ts|sack|ecn|ecnseen|fastopen|cubic|reno|bbr|dctcp|rto:|wscale:|skmem:|ino:|sk:|cgroup:)(?:\s|\S*:|\(|$)/,
  // netstat -b where a program may not be seen, or is a part of another.
  /^\s*(?:Can ?not obtain ownership information|所有者情報を取得できません|x: Windows Sockets)/i,
  // What netstat on macOS lists beside TCP and UDP.
  /^\s*(?:icm\d|ip\d*\s|Address\s+Type|Registered kernel|kctlref\s|[0-9a-f]{8,16}\s+(?:stream|dgram|seqpack))|\scom\.apple\.\S+\s*$/,
  /^\s*unix\s|^\s*u_(?:str|dgr|seq)\s|^\s*nl\s|^\s*p_(?:raw|dgr)\s/,
];

/** Windows `netstat -b` names the program on the next line: ` [svchost.exe]`. */
const PROGRAM_LINE = /^\s*\[([^\]]+)\]\s*$/;

/** ` RpcSs`: the service inside svchost.exe, on a line between a socket and its program. */
const COMPONENT_LINE = /^\s+[A-Za-z]\w*\s*$/;

/** ECMA-48, section 5: what a terminal obeys and does not show, if it was copied with the text. */
const ESCAPE = new RegExp(
  `${String.fromCharCode(27)}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${String.fromCharCode(7, 27)}]*${String.fromCharCode(7)}?|[ -/]*[0-~])`,
  'g',
);

/** Marks of direction, joiners, zero-width spaces: they come along from chats and web pages. */
const INVISIBLE = /[\p{Cf}\uFE00-\uFE0F]/gu;

/** A line as its tool printed it: without colours, a mail's quote marks and full-width forms. */
function folded(line: string): string {
  if (/^[ -~\t]*$/.test(line) && !line.startsWith('>')) return line;
  const plain = line.replace(ESCAPE, '').replace(INVISIBLE, '');
  const quote = /^(?:> ?)+/.exec(plain)?.[0] ?? '';
  const rest = plain.slice(quote.length);
  return (/^\S/.test(rest) && /\s\d/.test(rest) ? rest : plain).normalize('NFKC');
}

const isMark = (word: string | undefined): boolean => /^[$#>%]$/.test(word ?? '');
const endsInMark = (word: string | undefined): boolean => /[$#>%]$/.test(word ?? '');

/** A shell's prompt with a command: `$ ss`, `me@box:~$ ss`, `[me@box ~]# ss`, `PS C:\> netstat`. */
function isPrompt(line: string): boolean {
  const text = line.trimStart();
  const start = /^(?:\[[^\]]*\]|PS [A-Z]:)/.exec(text)?.[0] ?? '';
  const words = text.slice(start.length, start.length + 400).split(/\s/, 5);
  const [first = '', second = '', third] = words;
  // A mark counts where something follows it.
  if (words.length > 1 && endsInMark(first)) return true;
  if (words.length > 2 && isMark(second)) return true;
  if (start !== '' || !first.includes('@') || second === '') return false;
  return (words.length > 2 && endsInMark(second)) || (words.length > 3 && isMark(third));
}

/** Reads a paste some lines at a time, so that a page can do other things in between. */
export class PasteReader {
  readonly #lines: readonly string[];
  readonly #longestLine: number;
  readonly #isCut: boolean;
  readonly #rows: PastedSocket[] = [];
  readonly #unread: UnreadLine[] = [];
  readonly #list = new PowershellList();
  #state: PastedState | null = null;
  #next = 0;

  /**
   * @param text what was pasted; full-width forms and Windows line ends are fine.
   * @param longestLine how many characters of a line are read
   */
  constructor(text: string, longestLine = MAX_LINE) {
    this.#longestLine = longestLine;
    this.#isCut = text.length > MAX_CHARACTERS;
    this.#lines = text.slice(0, MAX_CHARACTERS).split(/\r\n|\r|\n/);
  }

  get isDone(): boolean {
    return this.#next >= this.#lines.length;
  }

  /** Reads on, by so many lines. */
  read(lines: number): void {
    const end = Math.min(this.#lines.length, this.#next + lines);
    for (; this.#next < end; this.#next += 1) {
      const line = (this.#lines[this.#next] ?? '').slice(0, this.#longestLine);
      this.#readLine(folded(line), this.#next + 1);
    }
  }

  /** What has been read so far. */
  get paste(): Paste {
    return { rows: this.#rows, unread: this.#unread, isCut: this.#isCut };
  }

  #readLine(line: string, number: number): void {
    const header = /^\s*(?:Netid\s+)?State\b/.test(line);
    this.#state = stateFilter(line) ?? (header ? null : this.#state);
    const gathered = this.#list.take(line, number);
    const row = readOne(gathered?.text ?? line, this.#state);
    const program = PROGRAM_LINE.exec(line);
    const before = this.#rows.at(-1);
    if (row) this.#rows.push({ ...row, line: number });
    else if (gathered !== null) return;
    else if (program && before?.tool === 'netstat-windows') {
      this.#rows[this.#rows.length - 1] = {
        ...before,
        process: { name: program[1] ?? null, pid: before.process?.pid ?? null },
      };
    } else if (before?.tool === 'netstat-windows' && COMPONENT_LINE.test(line)) {
      return;
    } else if (!isPrompt(line) && !NOISE.some((pattern) => pattern.test(line))) {
      this.#unread.push({ line: number, text: line.trim().slice(0, 200) });
    }
  }
}

/**
 * A whole paste at once.
 * @param text what was pasted; full-width forms and Windows line ends are fine.
 */
export function readPaste(text: string): Paste {
  const reader = new PasteReader(text);
  reader.read(Infinity);
  return reader.paste;
}

function readOne(line: string, state: PastedState | null): Omit<PastedSocket, 'line'> | null {
  for (const reader of lineReaders) {
    const row = reader(line, { state });
    if (row) return row;
  }
  return null;
}

/** `ss … state time-wait` leaves the State column out: the command line says it. */
function stateFilter(line: string): PastedState | null {
  const command = line.search(/\bss\b/i);
  if (command < 0) return null;
  const words = [...line.slice(command).matchAll(/\bstate\s+([a-z0-9-]+)/gi)];
  return readState(words.at(-1)?.[1] ?? '');
}
