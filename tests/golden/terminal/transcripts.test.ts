/**
 * Recordings of real tools, replayed on the simulated machine: whole outputs and exit statuses.
 * What varies from run to run is masked by the rules below, in both texts.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SimulatedMachine } from '../../../src/terminal/simulated-machine.ts';
import type { Fixture } from './make-fixtures.ts';
import { testMachine } from './test-machine.ts';
import { recordedWorlds } from './worlds.ts';

interface Recording {
  readonly origin: string;
  readonly world: string;
  readonly fixtures: readonly Fixture[];
}

function recording(name: string): Recording {
  return JSON.parse(
    readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8'),
  ) as Recording;
}

const masks: readonly (readonly [RegExp, string])[] = [
  // `bash -c` names the line, an interactive shell does not.
  [/^bash: line 1: /gm, 'bash: '],
  // A socket's cookie counts all sockets since boot.
  [/sk:[0-9a-f]+/g, 'sk:N'],
  // How long it took.
  [/after \d+ ms/g, 'after N ms'],
  // The progress meter redraws itself with carriage returns, which the recording has lost.
  [/^(?:\s+% Total.*\n\s+Dload.*\n(?:\s*0 .*\n?)*)/gm, 'METER\n'],
  // An automatic port, where it stands alone.
  [/^(?:3[2-9]|4\d|5\d|60)\d{3}$/gm, 'PORT'],
];

function masked(text: string): string {
  return masks.reduce((done, [pattern, name]) => done.replaceAll(pattern, name), text);
}

async function rootShell(): Promise<SimulatedMachine> {
  const machine = await testMachine('generic-linux');
  await machine.run('sudo -i');
  await machine.run('cd /tmp');
  return machine;
}

/** The recorded sockets instead of the machine's, and the processes that held them. */
async function recordedMachine(name: string): Promise<SimulatedMachine> {
  const machine = await rootShell();
  const world = recordedWorlds[name];
  if (world === undefined) throw new Error(`no world ${name}`);
  for (const service of ['sshd', 'nginx']) await machine.run(`systemctl stop ${service}`);
  machine.host.socketEntries = () => [...world.rows];
  machine.host.socketCounters = () => world.counters;
  for (const owner of world.rows.flatMap((row) => row.owners)) {
    const { pid, command, user, uid } = owner;
    if (machine.host.processes.get(pid) === undefined) {
      machine.host.processes.start({ pid, command, args: command, user, uid, program: { kind: 'idle' } });
    }
  }
  return machine;
}

/** The servers of the recordings, running on the engine. */
async function liveMachine(): Promise<SimulatedMachine> {
  const machine = await rootShell();
  await machine.run('python3 -m http.server 8080 --bind 127.0.0.1 >/dev/null 2>&1 &');
  await machine.run('nc -lk 127.0.0.1 9000 &');
  await machine.run('nc -lu 127.0.0.1 5353 &');
  await machine.run('true');
  return machine;
}

const byWorld = (world: string) =>
  world === 'live' ? liveMachine() : world === 'fresh' ? rootShell() : recordedMachine(world);

for (const name of ['sysctl', 'sockets', 'sockets-tty', 'sockets-connected', 'sockets-idle', 'clients']) {
  const { origin, world, fixtures } = recording(name);
  describe(`${name} (${origin})`, async () => {
    const machine = await byWorld(world);
    for (const fixture of fixtures) {
      // The recording ran in one shell after another: files that it prints are there for the next.
      const file = /^cat (\S+\.conf)$/.exec(fixture.command)?.[1];
      it(`${fixture.tool} ${fixture.version}${fixture.columns === undefined ? '' : `, ${fixture.columns} columns`}: ${fixture.command}`, async () => {
        if (file !== undefined) machine.host.writeText(`/tmp/${file}`, fixture.output);
        if (fixture.columns !== undefined) machine.resize(fixture.columns, 24);
        const result = await machine.run(asRecorded(fixture));
        expect(masked(result.output)).toBe(masked(fixture.output));
        expect(result.exitCode).toBe(fixture.exit);
      });
    }
  });
}

/** Without a width, the output went to a pipe: the errors too. */
function asRecorded(fixture: Fixture): string {
  if (fixture.columns !== undefined || /^(?:exec|echo) /.test(fixture.command)) return fixture.command;
  return (fixture.tool === 'ss' || fixture.tool === 'curl') && !fixture.command.includes('|') ? `{ ${fixture.command}; } > /tmp/.out 2>&1; s=$?; cat /tmp/.out; (exit $s)` : fixture.command;
}
