/** Runs inside the copy, as a test of its own: what the recipes added works where it is used. */

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseScenario } from '../../src/network/scenario/scenario-parser.ts';
import { World } from '../../src/network/world.ts';
import { drawVariant } from '../../src/quiz/generators/generators.ts';
import { factsOf } from '../../src/quiz/generators/practice-facts.ts';
import { famousPorts } from '../../src/schemas/famous-ports.ts';
import { testMachine } from '../golden/terminal/test-machine.ts';

function traceOf(scenario: unknown): World['trace'] {
  const world = new World(parseScenario(scenario));
  world.runToEnd();
  return world.trace;
}

it('the command answers in the machine, and has its manual page', async () => {
  const machine = await testMachine();
  expect(await machine.run('tty')).toMatchObject({ output: '/dev/pts/0\n', exitCode: 0 });
  expect((await machine.run('man tty | cat')).output).toContain('the terminal of this shell');
});

it('the generator is drawn', () => {
  const { prompt, asked } = drawVariant('needs-root/linux', 7, factsOf(famousPorts));
  expect([prompt.phrase, asked.kind]).toEqual(['prompt', 'choice']);
});

it('the scenario plays', () => {
  const scenario = JSON.parse(readFileSync('content/scenarios/one-knock.json', 'utf8')) as unknown;
  expect(JSON.stringify(traceOf(scenario))).toContain('ESTABLISHED');
});

it('the system simulates, within its range', () => {
  const trace = traceOf({
    version: 1,
    hosts: [
      { name: 'old', os: 'rhel-7', address: '10.0.0.2' },
      { name: 'web', os: 'linux', address: '10.0.0.10', listen: [{ port: 80 }] },
    ],
    actions: [{ atMs: 0, do: 'connect', from: 'old', to: '10.0.0.10:80', as: 'page' }],
  });
  const chosen = trace.flatMap((event) => (event.event === 'port-chosen' ? [event.port] : []));
  expect(chosen).toHaveLength(1);
  expect(chosen.every((port) => port >= 32768 && port <= 61000)).toBe(true);
});
