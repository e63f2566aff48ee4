/**
 * The scenarios whose traces are kept as hashes in `trace-bytes.json`: every file that was in
 * `content/scenarios` when it was made, and 400 drawn from seeds. Run as a program, this file prints
 * the list again:
 * `node tests/golden/trace-bytes.ts > tests/golden/trace-bytes.json`. Do that only where a change of
 * the engine is meant to change a trace, and say in the commit which behaviour changed.
 */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { randomScenario } from '../../src/network/random-scenario-fixtures.ts';
import { parseScenario } from '../../src/network/scenario/scenario-parser.ts';
import type { Scenario } from '../../src/network/scenario/scenario.ts';
import { World } from '../../src/network/world.ts';

const folder = new URL('../../content/scenarios/', import.meta.url);
const seeds = 400;
/** The systems that there were when the list was made: a new one leaves the scenarios as they are. */
const systems = [
  'linux',
  'windows',
  'macos',
  'android',
  'freebsd',
  'openbsd',
  'netbsd',
  'solaris',
  'amazon-linux-2',
  'iana',
  'linux-before-4.2',
  'linux-4.2-to-4.5',
  'linux-4.6-to-5.11',
  'linux-5.12-to-5.17',
  'linux-5.18',
  'linux-7.1',
];
/** More than any of these scenarios can need; an endless exchange would pass it. */
const mostEvents = 50_000;

/** Names of the scenarios, in a fixed order. */
function scenarioNames(): readonly string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const drawn = Array.from({ length: seeds }, (_, seed) => `seed ${seed}`);
  return [...files.toSorted(), ...drawn];
}

function scenarioOf(name: string): Scenario {
  const seed = /^seed (\d+)$/.exec(name)?.[1];
  if (seed !== undefined) return randomScenario(Number(seed), systems);
  return parseScenario(JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
}

/** The first 64 bits of the SHA-256 of the trace as JSON Lines, in hexadecimal. */
export function traceHash(name: string): string {
  const hash = createHash('sha256');
  const world = new World(scenarioOf(name), {
    trace: (event) => hash.update(`${JSON.stringify(event)}\n`),
  });
  world.runWhile(() => world.eventsProcessed < mostEvents);
  return hash.digest('hex').slice(0, 16);
}

if (import.meta.main) {
  const hashes = Object.fromEntries(scenarioNames().map((name) => [name, traceHash(name)]));
  console.log(JSON.stringify(hashes, undefined, 2));
}
