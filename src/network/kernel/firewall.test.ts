import { describe, expect, it } from 'vitest';
import { Replay } from '../trace/replay.ts';
import { parseScenario } from '../scenario/scenario-parser.ts';
import { World } from '../world.ts';
import { line, linesFrom, plainConnect } from '../world-fixtures.ts';

type Fields = Readonly<Record<string, unknown>>;

function guarded(web: Fields | undefined, actions: readonly Fields[], client?: Fields): World {
  const firewall = (spec: Fields | undefined): Fields =>
    spec === undefined ? {} : { firewall: spec };
  return new World(
    parseScenario({
      version: 1,
      hosts: [
        { name: 'client', os: 'linux', address: '10.0.0.2', ...firewall(client) },
        {
          name: 'web',
          os: 'linux',
          address: '10.0.0.10',
          listen: [{ port: 80 }, { port: 22 }],
          ...firewall(web),
        },
      ],
      actions,
    }),
  );
}

const verdicts = (world: World): unknown[] =>
  world.trace.flatMap((event) =>
    event.event === 'firewall'
      ? [[event.atMs, event.host, event.chain, event.verdict, event.rule]]
      : [],
  );

describe('a packet filter', () => {
  it('drop: silence, and the client goes on asking', () => {
    const world = guarded({ policyIn: 'drop' }, [plainConnect]);
    world.runUntil(4500);
    expect(linesFrom(world, 0).filter((text) => text.includes('SYN '))).toEqual([]);
    expect(verdicts(world)).toEqual(
      [0, 1000, 2000, 3000, 4000].map((ms) => [ms + 10, 'web', 'in', 'drop', null]),
    );
    expect(world.host('client')?.sockets()).toMatchObject([{ state: 'SYN-SENT' }]);
  });

  it('reject with a reset looks like a closed port', () => {
    const rules = [{ protocol: 'tcp', localPort: 80, action: 'reject', rejectWith: 'tcp-reset' }];
    const world = guarded({ rules }, [plainConnect]);
    world.runToEnd();
    expect(linesFrom(world, 10)).toEqual([
      '10 firewall',
      '10 80>50000 RST ACK',
      '20 client connect ECONNREFUSED',
      '20 client CLOSED',
    ]);
  });

  it.each([
    ['icmp-port-unreachable', 'ECONNREFUSED'],
    ['icmp-admin-prohibited', 'EHOSTUNREACH'],
  ])('reject with %s is %s', (rejectWith, error) => {
    const world = guarded({ rules: [{ action: 'reject', rejectWith }] }, [plainConnect]);
    world.runToEnd();
    expect(world.trace.map(line)).toContain(`20 client connect ${error}`);
  });

  it('the first rule that matches decides: by address, prefix and range of ports', () => {
    const rules = [
      { remote: '10.0.0.0/24', localPort: '1-79', action: 'drop' },
      { remote: '10.0.0.2', localPort: 80, action: 'accept' },
      { action: 'drop' },
    ];
    const ssh = { ...plainConnect, to: '10.0.0.10:22', as: 'ssh', localPort: 50_001 };
    const world = guarded({ rules }, [plainConnect, ssh]);
    world.runUntil(500);
    expect(verdicts(world)).toEqual([
      [10, 'web', 'in', 'accept', 1],
      [10, 'web', 'in', 'drop', 0],
    ]);
    expect(
      world
        .host('client')
        ?.sockets()
        .map(({ state }) => state),
    ).toEqual(['ESTABLISHED', 'SYN-SENT']);
  });

  it('lets answers to its own connections in with `established`, and nothing else', () => {
    const rules = [{ state: 'established', action: 'accept' }];
    const world = guarded(
      undefined,
      [
        { ...plainConnect, request: 5, response: 5 },
        { ...plainConnect, from: 'web', to: '10.0.0.2:9', as: 'back', localPort: 50_009 },
      ],
      {
        policyIn: 'drop',
        rules,
      },
    );
    world.runUntil(900);
    expect(world.host('client')?.sockets()).toMatchObject([{ state: 'ESTABLISHED' }]);
    expect(world.host('web')?.sockets().at(-1)).toMatchObject({ state: 'ESTABLISHED' });
    expect(verdicts(world)).toContainEqual([10, 'client', 'in', 'drop', null]);
  });

  it('lets the answer to a datagram in for thirty seconds', () => {
    const world = guarded({ rules: [] }, [], {
      policyIn: 'drop',
      rules: [{ state: 'established', action: 'accept' }],
    });
    const [client, web] = [world.host('client'), world.host('web')];
    web?.listen('udp', '0.0.0.0', 53);
    const socket = client?.connect('udp', '10.0.0.10', 53, {
      localPort: 50_053,
      request: 10,
      response: 10,
    });
    expect(socket?.ok).toBe(true);
    world.runUntil(100);
    expect(verdicts(world).filter((verdict) => String(verdict).includes('drop'))).toEqual([]);
    world.runUntil(40_000);
    const server = web?.sockets().find(({ protocol }) => protocol === 'udp');
    web?.sendTo(server?.id ?? 0, '10.0.0.2', 50_053, 10);
    world.runUntil(40_100);
    expect(verdicts(world).at(-1)).toEqual([40_010, 'client', 'in', 'drop', null]);
  });

  it('on the way out: a dropped SYN never leaves, a dropped datagram is EPERM', () => {
    const world = guarded(
      undefined,
      [plainConnect, { ...plainConnect, protocol: 'udp', as: 'dns', request: 9 }],
      { policyOut: 'drop' },
    );
    world.runUntil(500);
    expect(world.trace.filter(({ event }) => event === 'segment' || event === 'datagram')).toEqual(
      [],
    );
    expect(world.trace.map(line)).toContain('0 client send EPERM');
    expect(verdicts(world)).toHaveLength(2);
  });

  it('never stands between a host and itself', () => {
    const world = guarded({ policyIn: 'drop', policyOut: 'drop' }, []);
    world.host('web')?.connect('tcp', '127.0.0.1', 80);
    world.runUntil(1);
    expect(world.host('web')?.sockets().at(-1)).toMatchObject({ state: 'ESTABLISHED' });
  });

  it('changed at run time, keeps what is open and stops what is new', () => {
    const world = guarded(undefined, [
      plainConnect,
      {
        atMs: 100,
        do: 'firewall',
        host: 'web',
        firewall: { policyIn: 'drop', rules: [{ state: 'established', action: 'accept' }] },
      },
      { ...plainConnect, atMs: 200, as: 'late', localPort: 50_001 },
      { atMs: 300, do: 'close', connection: 'page' },
    ]);
    world.runUntil(500);
    expect(
      world
        .host('client')
        ?.sockets()
        .map(({ state }) => state),
    ).toEqual(['TIME-WAIT', 'SYN-SENT']);
    const replay = new Replay(world.trace);
    replay.seekIndex(world.trace.length);
    replay.seekIndex(0);
    expect(replay.sockets('web')).toEqual([]);
  });

  it('with the way closed in mid-connection: FIN is repeated, then given up', () => {
    const world = guarded(undefined, [
      plainConnect,
      { atMs: 100, do: 'firewall', host: 'web', firewall: { policyIn: 'drop' } },
      { atMs: 200, do: 'close', connection: 'page' },
    ]);
    world.runToEnd();
    const fins = world.trace.filter(
      (event) => event.event === 'segment' && event.phase === 'sent' && event.flags.includes('FIN'),
    );
    expect(fins).toHaveLength(9);
    expect(world.host('client')?.sockets()).toEqual([]);
    expect(world.host('web')?.sockets().at(-1)).toMatchObject({ state: 'ESTABLISHED' });
  });
});
