import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../network/scenario/scenario-parser.ts';
import type { TraceEvent } from '../network/trace/trace.ts';
import { World } from '../network/world.ts';

const program = fileURLToPath(new URL('simulate.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'simulate-'));
const scenarioFile = fileURLToPath(
  new URL('../../content/scenarios/one-page.json', import.meta.url),
);

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function simulate(args: readonly string[], input = ''): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  return { status, stdout, stderr };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const many = {
  version: 1,
  hosts: [
    { name: 'client', os: 'linux', address: '10.0.0.2' },
    { name: 'web', os: 'linux', address: '10.0.0.10', listen: [{ port: 80 }] },
  ],
  actions: [{ atMs: 0, do: 'connect', from: 'client', to: '10.0.0.10:80', as: 'c', count: 2000 }],
};

describe('simulate', () => {
  it('prints the trace as JSON Lines and nothing else', () => {
    const { status, stdout, stderr } = simulate([scenarioFile]);
    expect([status, stderr]).toEqual([0, '']);
    const lines = stdout.split('\n');
    expect(lines.pop()).toBe('');
    for (const line of lines) {
      const event = JSON.parse(line) as TraceEvent;
      expect(typeof event.atMs).toBe('number');
      expect(typeof event.event).toBe('string');
    }
  });

  it('prints every byte of a large trace, the same from a file and from standard input', () => {
    const text = JSON.stringify(many);
    const fromFile = simulate([file('many.json', text)]);
    const fromInput = simulate(['-'], text);
    const world = new World(parseScenario(many));
    world.runToEnd();
    expect(fromFile.stdout).toBe(world.trace.map((event) => `${JSON.stringify(event)}\n`).join(''));
    expect(fromInput).toEqual(fromFile);
    expect(fromFile.stdout.length).toBeGreaterThan(2 ** 20);
  });

  it('says nothing when its reader goes away', async () => {
    const child = spawn(process.execPath, [program, file('many.json', JSON.stringify(many))]);
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    await new Promise((resolve) => child.on('close', resolve));
    expect(stderr).toBe('');
  });

  it.each([
    ['a broken document', '{"version": 1,', /^.*broken\.json: not JSON: .*position 14.*\n$/],
    ['an empty document', '', /^.*broken\.json: not JSON: .*position 0\n$/],
    [
      'a wrong field',
      JSON.stringify({ ...many, seed: 'x' }),
      /^.*broken\.json: seed: expected a whole number .*, found "x"\n$/,
    ],
    [
      'an unknown host',
      JSON.stringify({ ...many, actions: [{ ...many.actions[0], from: 'x' }] }),
      /broken\.json: actions\[0\]\.from: expected the name of a host.*, found "x"\n$/,
    ],
  ])('refuses %s in one line, with status 2', (_what, text, message) => {
    const { status, stdout, stderr } = simulate([file('broken.json', text)]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr.split('\n')).toHaveLength(2);
  });

  it('refuses a file that is not there, and a call without one', () => {
    expect(simulate([join(folder, 'none.json')])).toMatchObject({ status: 2, stdout: '' });
    expect(simulate([join(folder, 'none.json')]).stderr).toMatch(
      /none\.json: cannot be read: ENOENT\n$/,
    );
    expect(simulate([])).toMatchObject({ status: 2, stdout: '' });
  });
});
