/**
 * What helps when ports run out, against the recording `remedies`: every row of its table that names
 * an option of the client's sockets, an address more, or a setting. The rest of the rows is run by the
 * widget of lesson 110 (src/simulations/pool-and-rate/load-run.test.ts).
 */

import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../src/network/scenario/scenario-parser.ts';
import type { HostInterface } from '../../src/network/world.ts';
import { World } from '../../src/network/world.ts';
import remedies from './remedies.json' with { type: 'json' };

interface Setup {
  readonly sources?: 1 | 2;
  readonly addresses?: 1 | 2;
  readonly ports?: 1 | 2;
  /** bind() to the source before connect(): with port 0, without a port, or with each port in turn. */
  readonly binds?: 'zero' | 'no-port' | 'in-turn';
  readonly reuseAddress?: boolean;
  readonly reusePort?: boolean;
  readonly serverCloses?: boolean;
  readonly client?: Readonly<Record<string, string>>;
  readonly server?: Readonly<Record<string, string>>;
}

const noStamps = { 'net.ipv4.tcp_timestamps': '0' };
const rows: Readonly<Record<string, Setup>> = {
  'none (client closes first)': {},
  'second destination address': { addresses: 2 },
  'second destination address and port (2 x 2)': { addresses: 2, ports: 2 },
  'second source address, bind(address, 0) then connect': { sources: 2, binds: 'zero' },
  'second source address, IP_BIND_ADDRESS_NO_PORT': { sources: 2, binds: 'no-port' },
  'one source address, bind(address, 0), two destination ports': { ports: 2, binds: 'zero' },
  'one source address, IP_BIND_ADDRESS_NO_PORT, two destination ports': {
    ports: 2,
    binds: 'no-port',
  },
  'server closes first, tcp_timestamps=0 on both': {
    serverCloses: true,
    client: noStamps,
    server: noStamps,
  },
  'tcp_tw_reuse=1, tcp_timestamps=0': { client: { 'net.ipv4.tcp_tw_reuse': '1', ...noStamps } },
  'SO_REUSEADDR on the client, bind(address, 0) then connect': {
    binds: 'zero',
    reuseAddress: true,
  },
  'SO_REUSEADDR on the client, bind(address, 0) then connect, ip_autobind_reuse=1': {
    binds: 'zero',
    reuseAddress: true,
    client: { 'net.ipv4.ip_autobind_reuse': '1' },
  },
  'SO_REUSEPORT on the client, bind(address, 0) then connect': { binds: 'zero', reusePort: true },
  'SO_REUSEADDR and IP_BIND_ADDRESS_NO_PORT, bind(address, 0) then connect': {
    binds: 'no-port',
    reuseAddress: true,
  },
  'SO_REUSEADDR, the program binds each port of the range in turn': {
    binds: 'in-turn',
    reuseAddress: true,
  },
  'SO_REUSEADDR, the program binds each port in turn, tcp_timestamps=0': {
    binds: 'in-turn',
    reuseAddress: true,
    client: noStamps,
  },
  'tcp_max_tw_buckets=20': { client: { 'net.ipv4.tcp_max_tw_buckets': '20' } },
  'tcp_max_tw_buckets=0': { client: { 'net.ipv4.tcp_max_tw_buckets': '0' } },
};

interface Outcome {
  readonly ok: number;
  readonly firstFailed: number | null;
  readonly error: string;
  readonly left: string;
}

const waiting = (host: HostInterface): number =>
  host.sockets().filter(({ state }) => state === 'TIME-WAIT').length;

/** One load, as the recording's procedure says. */
function run(setup: Setup, perSecond: number, seconds: number): Outcome {
  const { sources = 1, addresses = 1, ports = 1, binds, reuseAddress, reusePort } = setup;
  const world = new World(
    parseScenario({
      version: 1,
      seed: 11,
      latencyMs: 0,
      hosts: [
        {
          name: 'client',
          os: 'linux',
          timerHz: remedies.HZ,
          addresses: ['10.0.0.2', '10.0.0.3'].slice(0, sources),
          sysctl: {
            'net.ipv4.ip_local_port_range': '40000 40099',
            'net.ipv4.tcp_tw_reuse': '0',
            ...setup.client,
          },
        },
        {
          name: 'server',
          os: 'linux',
          timerHz: remedies.HZ,
          addresses: ['10.0.0.10', '10.0.0.11'].slice(0, addresses),
          sysctl: { ...setup.server },
          listen: [80, 81].map((port) => ({ port })),
        },
      ],
    }),
    { trace: () => undefined },
  );
  const [client, server] = [world.host('client'), world.host('server')];
  if (client === undefined || server === undefined) throw new Error('no host');
  let ok = 0;
  let firstFailed: number | null = null;
  let error = 'none';
  for (let attempt = 0; attempt < perSecond * seconds; attempt++) {
    world.runUntil((attempt * 1000) / perSecond);
    const to = `10.0.0.${String(10 + (attempt % addresses))}`;
    const port = 80 + (Math.floor(attempt / addresses) % ports);
    const result = client.connect('tcp', to, port, {
      ...(binds !== undefined && { localAddress: `10.0.0.${String(2 + (attempt % sources))}` }),
      ...(binds === 'in-turn' && { localPort: 40_000 + (attempt % 100) }),
      ...(binds === 'no-port' && { noPort: true }),
      ...(reuseAddress !== undefined && { reuseAddress }),
      ...(reusePort !== undefined && { reusePort }),
    });
    if (!result.ok) {
      firstFailed ??= attempt + 1;
      if (error === 'none') error = result.error;
      continue;
    }
    world.runUntil(world.nowMs);
    ok++;
    if (setup.serverCloses === true) {
      const localPort = client.socket(result.value)?.localPort;
      for (const { id, state, remotePort } of server.sockets())
        if (state === 'ESTABLISHED' && remotePort === localPort) server.close(id);
      world.runUntil(world.nowMs);
    }
    client.close(result.value);
    world.runUntil(world.nowMs);
  }
  return { ok, firstFailed, error, left: `${waiting(client)} / ${waiting(server)}` };
}

describe.each(Object.entries(rows))('%s', (name, setup) => {
  const row = remedies.table.find(([remedy]) => remedy === name) as
    readonly [string, number, number, string, string] | undefined;
  if (row === undefined) throw new Error(`the recording has no row "${name}"`);
  const [, steady, burst, firstError, left] = row;
  const errno = firstError.replace(/^\w+: /, '');
  const cases = remedies.data.burst.cases as unknown as Readonly<
    Record<string, { readonly first_failed_attempt: readonly (number | null)[] }>
  >;

  it('200 a second for 10 s: as many, the same first failure, the same left behind', () => {
    expect(run(setup, 200, 10)).toEqual({
      ok: burst,
      firstFailed: cases[name]?.first_failed_attempt[0],
      error: errno,
      left,
    });
  });

  it('10 a second for 130 s: as many, TIME-WAIT ending in lumps', () => {
    const { ok } = run(setup, 10, 130);
    // One more or less: where in its lumps the wheel was.
    expect(Math.abs(ok - steady)).toBeLessThanOrEqual(1);
  });
});
