/**
 * Turns recorded terminal transcripts into fixtures: `node make-fixtures.ts RECORDING… > x.json`.
 * A recording has `$ command` lines, the output, `[exit n]`; in recordings made on a terminal
 * `### cols=80 $ command` with `|` at each line's end. Commands of programs that the simulated
 * machine does not have are left out, and so is what lists a whole kernel.
 */

import { readFileSync } from 'node:fs';

export interface Fixture {
  readonly tool: string;
  readonly version: string;
  readonly command: string;
  /** The terminal's width; absent where the output went to a pipe. */
  readonly columns?: number;
  readonly output: string;
  readonly exit: number;
}

const versions: Readonly<Record<string, string>> = {
  bash: '5.2',
  cat: 'coreutils 9.1',
  column: 'util-linux 2.38.1',
  curl: '7.88.1',
  getent: 'glibc 2.36',
  grep: '3.8',
  head: 'coreutils 9.1',
  lsof: '4.95.0',
  nc: 'OpenBSD netcat 1.219',
  netstat: 'net-tools 2.10',
  ss: 'iproute2 6.1.0',
  sysctl: 'procps-ng 4.0.2',
};

/** Programs and subjects that are not on the machine. */
const leftOut = [
  // The shell library's own `od` and `column` differ in a few blanks.
  /\| (?:od|column)\b/,
  /\b(?:node|perl|wget|telnet|python3) -/,
  /python3 -m/,
  /^ss(?: -[aKlx]\b| -l | -x |$)/,
  /^ss -(?:tani|tanm|y|-foo|h)\b/,
  /^ss --foo/,
  /grep -cE/,
  /^grep -E/,
  /^sysctl net\.ipv4(?:$| \|)/,
  /--help|^sysctl(?: -Z| --foo| -V)?$|--system|^sysctl -p$|^ls /,
  /^lsof -(?:p|Q|h|v|iTCP -sTCP:FOO)/,
  /^lsof(?: \||$)|^lsof -nP \|/,
  /^lsof -i foo|^lsof -nP -p|^lsof \/etc|lsof -p/,
  /^netstat (?:-[rsi]|-an \||-lnp|-V|--foo)|^netstat$/,
  // Its progress meter writes over itself, and the recording has kept only parts.
  /^curl -v http:\/\/127\.0\.0\.1:8081/,
  /^curl(?:$| -V| -h| --foo)|telnet:|nosuch\.example|10\.9\.9\.9/,
  /\/proc\/net\/tcp|sockstat/,
  /nc -p 70000/,
  /ip_local_port_range net\.ipv4\.tcp_syn_retries/,
  /kernel\.hostname/,
];

function toolOf(command: string): string {
  const first = command.replace(/^(?:su nobody.*?"|exec .*|echo .*)/, '').trim().split(/[\s;|]/)[0] ?? '';
  const found = Object.keys(versions).find((tool) => new RegExp(`\\b${tool}\\b`).test(command));
  return first in versions ? first : (found ?? 'bash');
}

function readPiped(text: string): Fixture[] {
  const fixtures: Fixture[] = [];
  let command: string | undefined;
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    const exit = /^(.*)\[exit (\d+)\]$/.exec(line);
    if (command === undefined) {
      if (line.startsWith('$ ')) {
        command = line.slice(2);
        lines = [];
      }
    } else if (exit !== null) {
      const tail = exit[1] ?? '';
      const output = lines.map((one) => `${one}\n`).join('') + tail;
      const tool = toolOf(command);
      fixtures.push({ tool, version: versions[tool] ?? '', command, output, exit: Number(exit[2]) });
      command = undefined;
    } else {
      lines.push(line);
    }
  }
  return fixtures;
}

function readTerminal(text: string): Fixture[] {
  return text
    .split('### ')
    .filter((part) => part.startsWith('cols='))
    .map((part) => {
      const [head = '', ...lines] = part.split('\n');
      const match = /^cols=(\d+) \$ (.*)$/.exec(head);
      const command = match?.[2] ?? '';
      const tool = toolOf(command);
      const output = lines.filter((line) => line !== '').map((line) => `${line.replace(/\|$/, '')}\n`).join('');
      return { tool, version: versions[tool] ?? '', command, columns: Number(match?.[1]), output, exit: 0 };
    });
}

const fixtures = process.argv.slice(2).flatMap((path) => {
  const text = readFileSync(path, 'utf8');
  return text.startsWith('### cols=') || text.includes('\n### cols=') ? readTerminal(text) : readPiped(text);
});
const kept = fixtures.filter((fixture) => !leftOut.some((pattern) => pattern.test(fixture.command)));
process.stdout.write(`${JSON.stringify(kept, null, 2)}\n`);
