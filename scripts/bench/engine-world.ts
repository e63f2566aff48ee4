/**
 * How fast the whole world is: connections with every segment and state, with and without their
 * trace; the cost of a connect as the range fills; going back in a long trace; output; memory.
 * `measureWorld` gives the rows; run as a program, the file prints them.
 */
import { parseEndpoint } from '../../src/network/addresses.ts';
import { resetSocket } from '../../src/network/system-calls/closing.ts';
import { connectTo } from '../../src/network/system-calls/connecting.ts';
import type { Host } from '../../src/network/system-calls/host.ts';
import { Replay } from '../../src/network/trace/replay.ts';
import { parseScenario } from '../../src/network/scenario/scenario-parser.ts';
import { World, type WorldOptions } from '../../src/network/world.ts';
import { inFigures } from './engine-ports.ts';
import { formatTable } from './table.ts';

export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

const SERVER = parseEndpoint('10.0.0.10:80') ?? { address: 0, port: 0 };
const RANGE_SIZE = 28_232;

function world(
  connect: Readonly<Record<string, unknown>> | undefined,
  options: WorldOptions,
): World {
  return new World(
    parseScenario({
      version: 1,
      seed: 1,
      hosts: [
        { name: 'client', os: 'linux', address: '10.0.0.2' },
        { name: 'web', os: 'linux', address: '10.0.0.10', listen: [{ port: 80 }] },
      ],
      actions:
        connect === undefined
          ? []
          : [{ atMs: 0, do: 'connect', from: 'client', to: '10.0.0.10:80', as: 'c', ...connect }],
    }),
    options,
  );
}

function seconds(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** The best of some runs: what the machine can do when nothing else wants it. */
function fastest(runs: number, measure: () => number): number {
  let best = 0;
  for (let i = 0; i < runs; i++) best = Math.max(best, measure());
  return best;
}

/** Connect, request, answer, close, TIME-WAIT and its end, 20 ms apart: 3,000 ports in use at once. */
const lives = { count: 40_000, everyMs: 20, closeAfterMs: 100 };

function liveConnections(): BenchRow[] {
  let events = 0;
  const untraced = fastest(3, () => {
    const run = world(lives, { trace: 'none' });
    return (
      lives.count /
      seconds(() => {
        run.runToEnd();
      })
    );
  });
  const traced = fastest(3, () => {
    events = 0;
    const run = world(lives, { trace: () => events++ });
    return (
      lives.count /
      seconds(() => {
        run.runToEnd();
      })
    );
  });
  const perLife = events / lives.count;
  return [
    { name: 'whole lives of connections, no trace', value: untraced, unit: 'connections/s' },
    { name: 'whole lives of connections, traced', value: traced, unit: 'connections/s' },
    { name: 'trace events of one life', value: perLife, unit: 'events' },
    { name: 'trace events', value: traced * perLife, unit: 'events/s' },
  ];
}

function connectAndForget(world: World, host: Host, times: number): void {
  for (let i = 0; i < times; i++) {
    const result = connectTo(host.kernel, 'tcp', SERVER.address, SERVER.port, { request: 0 });
    if (!result.ok) throw new Error(result.error);
    const info = host.kernel.find(result.value);
    if (info !== undefined) resetSocket(info);
    // Now and then the segments arrive, so that they do not pile up.
    if (i % 500 === 0) world.runUntil(world.nowMs + 30);
  }
}

function connectsAt(share: number): BenchRow {
  const full = world({ count: Math.floor(RANGE_SIZE * share), request: 0 }, { trace: 'none' });
  full.runToEnd();
  const host = full.host('client');
  if (host === undefined) throw new Error('no client');
  connectAndForget(full, host, 5000);
  const times = 20_000;
  const value = fastest(3, () => {
    const begun = process.cpuUsage();
    connectAndForget(full, host, times);
    const { user, system } = process.cpuUsage(begun);
    return (times * 1e6) / (user + system);
  });
  return { name: `connect() with ${share * 100} % of the range in use`, value, unit: 'calls/s' };
}

function longTrace(): BenchRow[] {
  const run = world({ ...lives, count: 34_000 }, {});
  run.runToEnd();
  const { trace } = run;
  const replay = new Replay(trace);
  replay.seekIndex(trace.length);
  const steps = 200_000;
  const back =
    steps /
    seconds(() => {
      for (let i = 0; i < steps; i++) replay.step(-1);
    });
  let bytes = 0;
  const spent = seconds(() => {
    for (const event of trace) bytes += JSON.stringify(event).length + 1;
  });
  return [
    { name: 'events in the trace', value: trace.length, unit: 'events' },
    { name: 'one step back in it', value: 1e9 / back, unit: 'ns' },
    { name: 'JSON Lines from it', value: bytes / spent / 1e6, unit: 'MB/s' },
  ];
}

function memory(): BenchRow[] {
  if (typeof globalThis.gc !== 'function') return [];
  const collect = globalThis.gc;
  const count = 20_000;
  const open = world({ count, request: 0 }, { trace: 'none' });
  collect();
  const before = process.memoryUsage().heapUsed;
  open.runToEnd();
  collect();
  const value = (process.memoryUsage().heapUsed - before) / count;
  if (open.host('web')?.sockets().length !== count + 1) throw new Error('not all are open');
  return [{ name: 'memory of an open connection, both ends', value, unit: 'bytes' }];
}

/** All rows; takes some seconds. */
export function measureWorld(): readonly BenchRow[] {
  return [...liveConnections(), ...[0.1, 0.9, 0.999].map(connectsAt), ...longTrace(), ...memory()];
}

if (import.meta.main) {
  const rows = measureWorld().map(({ name, value, unit }) => [name, inFigures(value), unit]);
  console.log(formatTable(['The world', 'measured', ''], rows));
}
