/**
 * A whole paste, read: every socket that can be read, and every line that cannot, with its number.
 * Headers, prompts and blank lines are neither.
 */

import { PowershellList } from './powershell-list.ts';
import { lineReaders } from './read-line.ts';
import { readState } from './socket-row.ts';
import type { RowState, SocketRow } from './socket-row.ts';

export interface UnreadLine {
  /** From 1. */
  readonly line: number;
  /** At most 200 characters of it. */
  readonly text: string;
}

export interface Paste {
  readonly rows: readonly SocketRow[];
  readonly unread: readonly UnreadLine[];
  /** True where the text was longer than what is read: the rest is left out. */
  readonly isCut: boolean;
}

/** A busy server's whole `ss` fits; more than this a page cannot usefully show. */
export const MAX_CHARACTERS = 8_000_000;
const MAX_LINE = 4_000;

const NOISE = [
  /^\s*$/,
  /^\s*[-=]+(\s+[-=]+)*\s*$/,
  /^\s*(?:\[[^\]]*\]|\S*@\S*(?:\s\S+)?|PS [A-Z]:|[A-Z]:\\)?\S*\s?[$#>%]\s/,
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

/** ECMA-48: a terminal's colours, if they were copied with the text. */
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*[A-Za-z]`, 'g');

/** A line as its tool printed it: without colours, a mail's quote marks and full-width forms. */
function folded(line: string): string {
  return line
    .replace(COLOUR, '')
    .replace(/^(?:> ?)+(?=\S.*\s\d)/, '')
    .normalize('NFKC');
}

/**
 * @param text what was pasted; full-width forms and Windows line ends are fine.
 */
export function readPaste(text: string): Paste {
  const rows: SocketRow[] = [];
  const unread: UnreadLine[] = [];
  let state: RowState | null = null;
  const list = new PowershellList();
  const lines = text.slice(0, MAX_CHARACTERS).split(/\r\n|\r|\n/);
  lines.forEach((raw, index) => {
    const line = folded(raw.slice(0, MAX_LINE));
    state = stateFilter(line) ?? (/^\s*(?:Netid\s+)?State\b/.test(line) ? null : state);
    const gathered = list.take(line, index + 1);
    const row = readOne(gathered?.text ?? line, state);
    const program = PROGRAM_LINE.exec(line);
    const before = rows.at(-1);
    if (row) rows.push({ ...row, line: index + 1 });
    else if (gathered !== null) return;
    else if (program && before?.tool === 'netstat-windows') {
      rows[rows.length - 1] = {
        ...before,
        process: { name: program[1] ?? null, pid: before.process?.pid ?? null },
      };
    } else if (before?.tool === 'netstat-windows' && COMPONENT_LINE.test(line)) {
      return;
    } else if (!NOISE.some((pattern) => pattern.test(line))) {
      unread.push({ line: index + 1, text: line.trim().slice(0, 200) });
    }
  });
  return { rows, unread, isCut: text.length > MAX_CHARACTERS };
}

function readOne(line: string, state: RowState | null): Omit<SocketRow, 'line'> | null {
  for (const reader of lineReaders) {
    const row = reader(line, { state });
    if (row) return row;
  }
  return null;
}

/** `ss … state time-wait` leaves the State column out: the command line says it. */
function stateFilter(line: string): RowState | null {
  const match = /\bss\b.*\bstate\s+([a-z0-9-]+)/i.exec(line);
  return match ? readState(match[1] ?? '') : null;
}
