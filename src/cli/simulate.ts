/**
 * Runs a scenario and prints its trace as JSON Lines: `simulate FILE`, or `-` for standard input.
 * Exit status 0 when it ran; 2, with one line on standard error, when it is not a valid scenario or
 * cannot be read. Nothing else is printed.
 */

import { readFileSync, writeSync } from 'node:fs';
import { parseScenario, ScenarioError } from '../network/scenario/scenario-parser.ts';
import type { TraceEvent } from '../network/trace/trace.ts';
import { World } from '../network/world.ts';
import { explain } from './scenario-problems.ts';

/** What writing says once nobody reads any more; `head` has had enough. */
const READER_GONE: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET']);
const FLUSH_AT_CHARACTERS = 65_536;

class Refusal extends Error {}

function isErrno(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

/** Writes all of it, also into a pipe that is full just now. */
function writeFully(text: string): void {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(1, bytes));
    } catch (error) {
      if (!isErrno(error) || error.code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

function readDocument(file: string, name: string): unknown {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new Refusal(`${name}: cannot be read: ${isErrno(error) ? error.code : String(error)}`);
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const place = reason.includes('position') ? '' : ` at position ${text.length}`;
    throw new Refusal(`${name}: not JSON: ${reason.replaceAll(/\s+/g, ' ')}${place}`);
  }
}

function run(file: string): void {
  const name = file === '-' ? 'standard input' : file;
  const document = readDocument(file, name);
  let world: World;
  let pending = '';
  const print = (event: TraceEvent): void => {
    pending += `${JSON.stringify(event)}\n`;
    if (pending.length < FLUSH_AT_CHARACTERS) return;
    writeFully(pending);
    pending = '';
  };
  try {
    world = new World(parseScenario(document), { trace: print });
  } catch (error) {
    if (error instanceof ScenarioError) throw new Refusal(`${name}: ${explain(error)}`);
    throw error;
  }
  world.runToEnd();
  writeFully(pending);
}

const [file, ...rest] = process.argv.slice(2);
try {
  if (file === undefined || rest.length > 0)
    throw new Refusal('usage: npm run -s simulate -- FILE (or - for standard input)');
  run(file);
} catch (error) {
  if (error instanceof Refusal) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  } else if (!isErrno(error) || !READER_GONE.has(error.code)) {
    throw error;
  }
}
