/**
 * One reader for each tool's line. A reader returns a row, or null where the line is not its own.
 * Lines are recognised by their shape, not by their header, since people paste half a screen.
 *
 * Each takes time in proportion to the line, whatever is in it: no pattern here can try the same
 * characters in more than one way (`hostile-text.test.ts`).
 */

import { readEndpoint, readState } from './pasted-socket.ts';
import type { PastedEndpoint, PastedState, PastedSocket, Tool } from './pasted-socket.ts';

/** A row without its line number, which the caller knows. */
type Row = Omit<PastedSocket, 'line'>;
export type LineReader = (line: string, context: LineContext) => Row | null;

/** What earlier lines said: a filter or header that leaves the state column out. */
export interface LineContext {
  readonly state: PastedState | null;
}

function protocolOf(word: string | undefined): 'tcp' | 'udp' | null {
  const match = /^(tcp|udp)(?:4|6|46|lite)?$/i.exec(word ?? '');
  return match ? (match[1]?.toLowerCase() === 'udp' ? 'udp' : 'tcp') : null;
}

function isPortNumber(word: string | undefined): word is string {
  return word !== undefined && /^\d+$/.test(word);
}

function timerSeconds(line: string): number | null {
  const inSs = /timer:\(timewait,(?:(\d+)min)?(?:(\d+)sec)?/.exec(line);
  if (inSs) return Number(inSs[1] ?? 0) * 60 + Number(inSs[2] ?? 0);
  const inNetstat = /timewait \((\d+)/.exec(line);
  return inNetstat ? Number(inNetstat[1]) : null;
}

function make(
  tool: Tool,
  protocol: 'tcp' | 'udp',
  state: PastedState,
  local: PastedEndpoint,
  remote: PastedEndpoint | null,
  process: PastedSocket['process'],
  secondsLeft: number | null = null,
): Row {
  return { tool, protocol, state, local, remote, process, secondsLeft };
}

/** `[Netid] [State] Recv-Q Send-Q Local Peer [Process]`; the endpoints may be split by blanks. */
const readSs: LineReader = (line, context) => {
  const words = line.trim().split(/\s+/);
  const netid = protocolOf(words[0]);
  if (netid) words.shift();
  const state = readState(words[0] ?? '');
  if (state) words.shift();
  if (!isPortNumber(words[0]) || !isPortNumber(words[1])) return null;
  const local = readEndpoint(words[2] ?? '');
  const remote = readEndpoint(words[3] ?? '');
  const known = state ?? context.state;
  if (!local || !remote || (netid && !known)) return null;
  const user = /users:\(\("((?:[^"\\]|\\.)*)",pid=(\d+)/.exec(line);
  const process = user ? { name: user[1] ?? null, pid: Number(user[2]) } : null;
  const protocol = netid ?? (known === 'UNCONN' ? 'udp' : 'tcp');
  return make('ss', protocol, known ?? 'UNKNOWN', local, remote, process, timerSeconds(line));
};

/** `tcp 0 0 10.0.0.2:22 0.0.0.0:* LISTEN [user inode] [123/sshd]` (net-tools). */
const readNetstatLinux: LineReader = (line) => {
  const words = line.trim().split(/\s+/);
  const protocol = protocolOf(words[0]);
  if (!protocol || !isPortNumber(words[1]) || !isPortNumber(words[2])) return null;
  const local = readEndpoint(words[3] ?? '');
  const remote = readEndpoint(words[4] ?? '');
  if (!local || !remote) return null;
  const state = readState(words[5] ?? '') ?? (protocol === 'udp' ? 'UNCONN' : 'UNKNOWN');
  const program = /\s(\d+)\/(\S+)/.exec(line);
  const process = program
    ? { name: (program[2] ?? '').replace(/:$/, ''), pid: Number(program[1]) }
    : null;
  return make('netstat-linux', protocol, state, local, remote, process, timerSeconds(line));
};

/** `tcp4 0 0 192.168.1.5.51514 203.0.113.10.443 ESTABLISHED` (macOS and the BSDs). */
const readNetstatBsd: LineReader = (line) => {
  const words = line.trim().split(/\s+/);
  const protocol = protocolOf(words[0]);
  if (!protocol || !isPortNumber(words[1]) || !isPortNumber(words[2])) return null;
  const local = readEndpoint(words[3] ?? '', '.');
  const remote = readEndpoint(words[4] ?? '', '.');
  if (!local || !remote) return null;
  const state = readState(words[5] ?? '') ?? (protocol === 'udp' ? 'UNCONN' : 'UNKNOWN');
  return make('netstat-bsd', protocol, state, local, remote, bsdProcess(line));
};

/** `netstat -v` on macOS: `Google Chrome H:612`, or in older ones a column of its own for the pid. */
function bsdProcess(line: string): PastedSocket['process'] {
  const column = /\s\d+\s+\d+\s+(?=[A-Za-z])/.exec(line);
  const rest = column === null ? '' : line.slice(column.index + column[0].length);
  const pid = /:(\d+)\s/.exec(rest);
  if (pid) return { name: rest.slice(0, pid.index), pid: Number(pid[1]) };
  const bare = /\s\d+\s+\d+\s+(\d+)\s+\d+\s+[0-9a-f]{5}\s+[0-9a-f]{8}\s*$/.exec(line);
  return bare ? { name: null, pid: Number(bare[1]) } : null;
}

/** `TCP 10.0.0.2:51514 203.0.113.10:443 ESTABLISHED 1234` (Windows, any interface language). */
const readNetstatWindows: LineReader = (line) => {
  const words = line.trim().split(/\s+/);
  const protocol = protocolOf(words[0]);
  const local = readEndpoint(words[1] ?? '');
  const printed = readEndpoint(words[2] ?? '');
  if (!protocol || !local || !printed) return null;
  // In a language whose word for the state is not known: only a listener has no port over there.
  const unnamed = protocol === 'udp' ? 'UNCONN' : printed.port === 0 ? 'LISTEN' : 'UNKNOWN';
  const state = readState(words[3] ?? '') ?? unnamed;
  const last = words.at(-1);
  const pid = words.length > 3 && isPortNumber(last) ? Number(last) : null;
  const remote = printed.port === 0 ? { ...printed, port: null } : printed;
  return make(
    'netstat-windows',
    protocol,
    state,
    local,
    remote,
    pid === null ? null : { name: null, pid },
  );
};

/** `nc 24337 root 4u IPv4 9450171 0t0 TCP 127.0.0.1:9000->127.0.0.1:42056 (ESTABLISHED)`. */
const readLsof: LineReader = (line) => {
  if (!line.includes(' IPv')) return null;
  const words = [...line.matchAll(/\S+/g)].map((match) => ({ text: match[0], at: match.index }));
  const family = words.findIndex(({ text }) => text === 'IPv4' || text === 'IPv6');
  const pid = pidColumn(words.slice(0, Math.max(family, 0)).map(({ text }) => text));
  const kindAt = words.findIndex(({ text }, at) => at > family && /\b(?:TCP|UDP)$/.test(text));
  const [, ends] = words.slice(kindAt, kindAt + 2);
  if (pid === null || kindAt < 0 || ends === undefined) return null;
  const after = line.slice(ends.at + ends.text.length).trim();
  const stateWord = /^\(([\w-]+)[^)]*\)$/.exec(after)?.[1];
  if (after !== '' && stateWord === undefined) return null;
  const arrow = ends.text.indexOf('->', 1);
  const local = readEndpoint(arrow < 0 ? ends.text : ends.text.slice(0, arrow));
  const remote = arrow < 0 ? null : readEndpoint(ends.text.slice(arrow + 2));
  if (!local || (arrow >= 0 && !remote)) return null;
  const protocol = words[kindAt]?.text.endsWith('UDP') ? 'udp' : 'tcp';
  const state = readState(stateWord ?? '') ?? (protocol === 'udp' ? 'UNCONN' : 'UNKNOWN');
  const name = line.slice(0, words[pid]?.at).trim().replaceAll('\\x20', ' ');
  return make('lsof', protocol, state, local, remote, { name, pid: Number(words[pid]?.text) });
};

/**
 * Which word before lsof's TYPE is the process: behind the command, which may hold spaces, and before
 * at most two more numbers (-g, -R), at most one word (-K) and the columns USER and FD.
 */
function pidColumn(words: readonly string[]): number | null {
  for (let at = Math.max(1, words.length - 6); at <= words.length - 3; at += 1) {
    const between = words.slice(at + 1, -2);
    const isNumber = between.map((word) => isPortNumber(word));
    const canBe = [between.length, between.length - 1].some(
      (numbers) => numbers >= 0 && numbers <= 2 && isNumber.slice(0, numbers).every(Boolean),
    );
    if (isPortNumber(words[at]) && canBe) return at;
  }
  return null;
}

/** `10.0.0.2 51514 203.0.113.10 443 Established Internet 1234` (Get-NetTCPConnection). */
const readPowershell: LineReader = (line) => {
  const match =
    /^\s*([0-9a-f:.%]+)\s+(\d{1,5})\s+([0-9a-f:.%]+)\s+(\d{1,5})\s+([A-Za-z]+\d?)(?:\s+[A-Za-z]\S*)?(?:\s+(\d+))?\s*$/i.exec(
      line,
    );
  const state = readState(match?.[5] ?? '');
  if (!match || !state) return null;
  const local = readEndpoint(`${match[1]}:${match[2]}`);
  const remote = readEndpoint(`${match[3]}:${match[4]}`);
  if (!local || !remote) return null;
  const pid = match[6] === undefined ? null : { name: null, pid: Number(match[6]) };
  return make(
    'powershell',
    'tcp',
    state,
    local,
    remote.port === 0 ? { ...remote, port: null } : remote,
    pid,
  );
};

/** `0.0.0.0 5353` (Get-NetUDPEndpoint). */
const readPowershellUdp: LineReader = (line) => {
  const [, address = '', port] = /^\s*([0-9a-f:.%]+)\s+(\d{1,5})\s*$/i.exec(line) ?? [];
  const [bare = ''] = address.split('%');
  const isAddress = bare.split(/[:.]/).length > 2;
  const local = isAddress ? readEndpoint(`${address}:${port}`) : null;
  return local && make('powershell', 'udp', 'UNCONN', local, null, null);
};

/** In this order: the first that reads a line wins. */
export const lineReaders: readonly LineReader[] = [
  readLsof,
  readSs,
  readNetstatLinux,
  readNetstatBsd,
  readNetstatWindows,
  readPowershell,
  readPowershellUdp,
];
