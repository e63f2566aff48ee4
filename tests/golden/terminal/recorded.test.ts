/**
 * Recordings of real tools: each file holds the sockets that stood while its commands
 * ran, with the processes that held them, and whole outputs and exit statuses. They are replayed on
 * the simulated machine, in that order, as root or as the normal user.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EntryOwner, SocketEntry } from '../../../src/terminal/formats/socket-entry.ts';
import type { SocketCounters } from '../../../src/terminal/formats/ss-table.ts';
import type { SimulatedMachine } from '../../../src/terminal/simulated-machine.ts';
import { testMachine } from './test-machine.ts';

interface Fixture {
  readonly tool: string;
  readonly version: string;
  readonly command: string;
  /** The terminal's width; absent where the output went to a pipe. */
  readonly columns?: number;
  /** Run by the normal user. */
  readonly user?: true;
  readonly output: string;
  readonly exit: number;
}

interface RecordedRow extends SocketEntry {
  readonly owners: readonly (EntryOwner & { readonly ppid: number; readonly args?: string })[];
}

interface Recording {
  readonly origin: string;
  /** Where it is not the one without peculiarities. */
  readonly distribution?: string;
  /** Absent where the commands made their own sockets, or none. */
  readonly world?: { readonly rows: readonly RecordedRow[]; readonly counters: SocketCounters };
  /** Files in the working directory, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** Commands that set the stage before the first one. */
  readonly setup?: readonly string[];
  readonly fixtures: readonly Fixture[];
}

const folder = new URL('./recorded/', import.meta.url);

const masks: readonly (readonly [RegExp, string])[] = [
  // `bash -c` names the line, an interactive shell does not.
  [/^(?:\/usr\/bin\/)?bash: line 1: /gm, 'bash: '],
  // A socket's cookie counts all sockets since boot.
  [/sk:[0-9a-f]+/g, 'sk:N'],
  // Timers ran while the commands did.
  [/(timewait,)\d+(?:\.\d+ms|sec)/g, '$1T'],
  [/(keepalive,)\d+min(?:\d+sec)?/g, '$1T'],
  [/((?:time_wait|timewait|keepalive) \()\d+\.\d+/g, '$1T'],
  // The recording machine's kernel has no vsock and no DCCP.
  [/^RTNETLINK answers: Invalid argument\n/gm, ''],
  // The real usage goes on with a list of options.
  [/( {7}ss \[ OPTIONS \] \[ FILTER \]\n)[^]*/, '$1'],
  [/(Usage:\n sysctl .*\n)[^]*/, '$1'],
  // Buffers grow by the congestion control, which was BBR.
  [/,tb\d{7}/g, ',tbN'],
  // `ss` counts its own sockets, and others of the whole kernel.
  [/^Total: \d+/gm, 'Total: N'],
  [/^TCP: {3}\d+ (.*), closed \d+/gm, 'TCP:   N $1, closed N'],
  // lsof cannot look into a file system of the recording machine.
  [/^lsof: WARNING: .*\n.*may be incomplete.\n/gm, ''],
  // Process groups, and whether a socket is closed on exec, are not kept.
  [/^g\d+$/gm, 'gN'],
  [/\0g\d+\0/g, '\0gN\0'],
  [/G0x80002;0x0/g, 'G0x2;0x0'],
  [/(usage: netstat .*--help}\n)[^]*/, '$1'],
  [/(Usage: hostname .*\n.*\n)[^]*/, '$1'],
  [/(Usage: ip .*help }\n)[^]*/, '$1'],
  // /proc/net: kernel pointers, timers, places in a hash table, pages of memory.
  [/ 00000000[0-9a-f]{8}( |$)/gm, ' POINTER$1'],
  [/ (0[123]):[0-9A-F]{8} /g, ' $1:WHEN '],
  [/^ *\d+(: [0-9A-F]{8,32}:[0-9A-F]{4} [0-9A-F]{8,32}:[0-9A-F]{4} 0[17] .* 2 POINTER)/gm, 'N$1'],
  [/ mem \d+$/gm, ' mem N'],
  // The recording's Ethernet was one end of a pair.
  [/eth0@if\d+ +/g, 'eth0 '],
  [/^eth0 +UP/gm, 'eth0 UP'],
  [/eth0@if\d+/g, 'eth0'],
  [/ link-netns(?:id 0| \S+)/g, ''],
  [/(mtu 1500 qdisc )\w+/g, '$1Q'],
  [/(Usage:\n (?:ps|pgrep|pkill) [^\n]*\n)[^]*/, '$1'],
  // A pid is as wide as the largest one could be: five digits there, seven here.
  [/^ +PID/gm, 'PID'],
  [/ @0 x86/g, ' x86'],
  // An automatic port, where it stands alone.
  [/^(?:3[2-9]|4\d|5\d|60)\d{3}$/gm, 'PORT'],
  // The progress meter writes over itself, as often as there was time for.
  [/\r {2}0 {5}0[^\n]*\n/g, 'METER\n'],
  [/^ {2}0 {5}0 {4}0 {5}0[^\n]*\n/gm, 'METER\n'],
  // When a server said or wrote something, and which Python it runs on.
  [/Date: [^\r\n]*/g, 'Date: D'],
  [/Last-Modified: [^\r\n]*/g, 'Last-Modified: D'],
  [/Python\/3\.11\.\d+/g, 'Python/3.11.N'],
  // Where curl keeps what it knows of a host.
  [/(bundle for host: )0x[0-9a-f]+/g, '$10xN'],
  [/(You came from [\d.]+, port )\d{5}/g, '$1PORT'],
  // When nmap began, and how fast it was.
  [/(nmap\.org \) at ).*/g, '$1WHEN'],
  [/\([\d.]+s latency\)/g, '(Ns latency)'],
  [/scanned in [\d.]+ seconds/g, 'scanned in N seconds'],
  // Numbers that are drawn, moments, and how long the way was.
  [/(status: \w+, id: )\d+/g, '$1N'],
  [/(Query time: )\d+/g, '$1N'],
  [/(;; WHEN: ).*/g, '$1WHEN'],
  [/( in )\d+( ms)/g, '$1N$2'],
  [/(icmp_seq=\d+ ttl=64 time=)[\d.]+/g, '$1N'],
  [/(packet loss, time )\d+/g, '$1N'],
  [/(mdev = )[\d./]+/g, '$1N'],
  [/^(\[)\d+\.\d{6}\]/gm, '$1WHEN]'],
  // wget: when, how much (the neighbours' page is another), how fast.
  [/^(--)?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?=--| \(| URL:| ERROR)/gm, '$1WHEN'],
  [/^FINISHED --.*--$/gm, 'FINISHED'],
  [/(Length: )\d+/g, '$1N'],
  [/\[\d+\/\d+\]/g, '[N/N]'],
  [/ +[\d.]+[KMG]=[\d.]+s/g, ' RATE'],
  [/\([\d.]+ [KMG]?B\/s\)/g, '(RATE)'],
  [/(wall clock time: ).*/g, '$1N'],
  [/(files, )\d+ in [\d.]+s/g, '$1N'],
  // How long it took.
  [/after \d+ (ms|milliseconds)/g, 'after N $1'],
];

function masked(text: string): string {
  return masks.reduce((done, [pattern, name]) => done.replace(pattern, name), text);
}

async function machineFor(recording: Recording): Promise<SimulatedMachine> {
  const machine = await testMachine(recording.distribution ?? 'generic-linux');
  await machine.run('sudo -i');
  await machine.run('mkdir /tmp/w; chmod 777 /tmp/w; cd /tmp/w');
  const { world, files = {} } = recording;
  await machine.run('mkdir sub');
  for (const [name, text] of Object.entries(files)) machine.host.writeText(`/tmp/w/${name}`, text);
  for (const line of recording.setup ?? []) await machine.run(line);
  if (world === undefined) return machine;
  for (const service of ['sshd', 'nginx']) await machine.run(`systemctl stop ${service}`);
  machine.host.socketEntries = () => [...world.rows];
  machine.host.socketCounters = () => world.counters;
  const owners = world.rows.flatMap((row) => row.owners);
  for (const { pid, ppid, command, args, user, uid } of owners.sort((one, other) => one.pid - other.pid)) {
    if (machine.host.processes.get(pid) === undefined)
      machine.host.processes.start({ pid, ppid, command, args: args ?? command, user, uid, program: { kind: 'idle' } });
  }
  return machine;
}

for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
  const recording = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Recording;
  describe(`${name} (${recording.origin})`, async () => {
    const machine = await machineFor(recording);
    for (const fixture of recording.fixtures) {
      const { tool, version, command, columns, user } = fixture;
      const where = `${user ? ', as a user' : ''}${columns === undefined ? '' : `, ${columns} columns`}`;
      it(`${tool} ${version}${where}: ${command}`, async () => {
        if (columns !== undefined) machine.resize(columns, 24);
        const result = await machine.run(asRecorded(fixture, machine.host.distribution.loginUser));
        expect(masked(result.output)).toBe(masked(fixture.output));
        expect(result.exitCode).toBe(fixture.exit);
      });
    }
  });
}

/** What looks whether it writes to a terminal is given a file where the recording had a pipe. */
function asRecorded({ tool, command, columns, user }: Fixture, loginUser: string): string {
  const quoted = `'${command.replaceAll("'", String.raw`'\''`)}'`;
  const line = user ? `su ${loginUser} -s /bin/bash -c ${quoted}` : command;
  const isSensitive = tool === 'ss' || tool === 'curl' || tool === 'wget' || tool === 'ls';
  if (columns !== undefined || !isSensitive || command.replaceAll(/'[^']*'/g, '').includes('|')) return line;
  return `{ ${line}\n} > /tmp/.out 2>&1; s=$?; cat /tmp/.out; (exit $s)`;
}
