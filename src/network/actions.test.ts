/** What each action of a scenario does, and what it says where there is nothing to do it to. */

import { describe, expect, it } from 'vitest';
import { clientAndWeb, linesFrom, plainConnect, statesOf } from './world-fixtures.ts';
import { parseScenario } from './scenario/scenario-parser.ts';
import { World } from './world.ts';

type Written = Readonly<Record<string, unknown>>;

/** The errors of a world in which these actions are done, and nothing else. */
function errorsOf(actions: readonly Written[], untilMs = 500): unknown[] {
  const world = clientAndWeb({ actions });
  world.runUntil(untilMs);
  return errors(world);
}

function errors(world: World): unknown[] {
  return world.trace.flatMap((event) =>
    event.event === 'error' ? [[event.host, event.do, event.connection, event.error]] : [],
  );
}

/** Adds an action as it stands, unchecked: one that only a program can have made. */
function schedule(world: World, action: Written): void {
  world.schedule(action as unknown as Parameters<World['schedule']>[0]);
}

describe('listen and unlisten', () => {
  it('start and end a server, which begins at the action and not before', () => {
    const listen = { atMs: 10, do: 'listen', host: 'web', port: 8080 };
    const world = clientAndWeb({
      actions: [listen, { atMs: 20, do: 'unlisten', host: 'web', port: 8080 }],
    });
    world.runUntil(9);
    expect(statesOf(world, 'web')).toEqual(['LISTEN']);
    world.runUntil(10);
    expect(world.host('web')?.sockets().at(-1)).toMatchObject({
      state: 'LISTEN',
      localPort: 8080,
      connection: 'tcp:8080',
    });
    world.runUntil(20);
    expect(statesOf(world, 'web')).toEqual(['LISTEN']);
    expect(errors(world)).toEqual([]);
  });

  it('take what a scenario says of a listener’s queue and program', () => {
    const listen = { atMs: 0, do: 'listen', host: 'web', port: 8080, backlog: 7, accepts: false };
    const world = clientAndWeb({
      actions: [listen, { ...plainConnect, atMs: 10, to: '10.0.0.10:8080' }],
    });
    world.runUntil(100);
    const listener = world
      .host('web')
      ?.sockets()
      .find(({ localPort, state }) => localPort === 8080 && state === 'LISTEN');
    expect(listener).toMatchObject({ sendQ: 7, recvQ: 1 });
  });
});

describe('bind and release', () => {
  const bind = { atMs: 0, do: 'bind', host: 'client', port: 6000, as: 'mine' };
  const release = { atMs: 50, do: 'release', as: 'mine' };

  it('hold a port and let it go', () => {
    const world = clientAndWeb({ actions: [bind, release] });
    world.runUntil(49);
    expect(world.host('client')?.sockets()).toMatchObject([
      { connection: 'mine', localPort: 6000, state: 'BOUND' },
    ]);
    world.runUntil(50);
    expect(world.host('client')?.sockets()).toEqual([]);
    expect(errors(world)).toEqual([]);
  });

  it('name as many sockets as are asked for by number, from 1', () => {
    const world = clientAndWeb({ actions: [{ ...bind, port: 0, count: 3 }] });
    world.runUntil(0);
    const names = world
      .host('client')
      ?.sockets()
      .map(({ connection }) => connection);
    expect(names).toEqual(['mine#1', 'mine#2', 'mine#3']);
  });

  it('end a connection too, by its name', () => {
    const world = clientAndWeb({
      actions: [plainConnect, { atMs: 100, do: 'release', as: 'page' }],
    });
    world.runUntil(100);
    expect(statesOf(world, 'client')).toEqual(['FIN-WAIT-1']);
  });

  it('say ENOENT for a name that nothing was ever to have, and name no host', () => {
    expect(errorsOf([release])).toEqual([['', 'release', 'mine', 'ENOENT']]);
  });

  it('say ENOTCONN, on its host, for what has been released or is not there yet', () => {
    const expected = ['client', 'release', 'mine', 'ENOTCONN'];
    expect(errorsOf([bind, release, { ...release, atMs: 60 }])).toEqual([expected]);
    expect(errorsOf([{ ...bind, atMs: 90 }, release])).toEqual([expected]);
  });

  it('say of a port that is taken that bind failed', () => {
    const bind = { atMs: 0, do: 'bind', host: 'client', port: 9000 };
    expect(
      errorsOf([
        { ...bind, as: 'one' },
        { ...bind, as: 'two' },
      ]),
    ).toEqual([['client', 'bind', 'two', 'EADDRINUSE']]);
  });

  it('say ENOTCONN for a connection that its program has closed already', () => {
    const actions = [plainConnect, { atMs: 100, do: 'close', connection: 'page' }];
    expect(errorsOf([...actions, { atMs: 101, do: 'release', as: 'page' }])).toEqual([
      ['client', 'release', 'page', 'ENOTCONN'],
    ]);
  });
});

describe.each(['close', 'reset'])('%s of one connection', (does) => {
  const states: Readonly<Record<string, string>> = { close: 'FIN-WAIT-1', reset: 'CLOSED' };
  const end = { atMs: 100, do: does, connection: 'page' };

  it('is done by its opener, where nobody is named', () => {
    const world = clientAndWeb({ actions: [plainConnect, end] });
    world.runUntil(100);
    expect(linesFrom(world, 100)).toContain(`100 client ${states[does]}`);
    expect(linesFrom(world, 100)).not.toContain(`100 web ${states[does]}`);
  });

  it.each(['client', 'web'])('is done by %s where it is named', (by) => {
    const world = clientAndWeb({ actions: [plainConnect, { ...end, by }] });
    world.runUntil(100);
    const other = by === 'client' ? 'web' : 'client';
    expect(linesFrom(world, 100)).toContain(`100 ${by} ${states[does]}`);
    expect(linesFrom(world, 100)).not.toContain(`100 ${other} ${states[does]}`);
    expect(errors(world)).toEqual([]);
  });

  it('says ENOENT for a name that nothing was ever to have, on the host named if one is', () => {
    expect(errorsOf([end])).toEqual([['', does, 'page', 'ENOENT']]);
    expect(errorsOf([{ ...end, by: 'web' }])).toEqual([['web', does, 'page', 'ENOENT']]);
  });

  it('says ENOTCONN, on the host that opens it, for one that is not there yet', () => {
    expect(errorsOf([end, { ...plainConnect, atMs: 200 }])).toEqual([
      ['client', does, 'page', 'ENOTCONN'],
    ]);
  });

  it('says ENOTCONN on a host that has no end of it', () => {
    expect(errorsOf([plainConnect, { ...end, by: 'web', atMs: 5 }])).toEqual([
      ['web', does, 'page', 'ENOTCONN'],
    ]);
  });

  it('says so of one that a program has made and no action planned', () => {
    const world = clientAndWeb();
    world.host('client')?.connect('tcp', '10.0.0.10', 80, { as: 'typed', request: 0 });
    world.runUntil(5);
    schedule(world, { atMs: 5, do: does, connection: 'typed', by: 'web' });
    world.runUntil(5);
    expect(errors(world)).toEqual([['web', does, 'typed', 'ENOTCONN']]);
  });

  it('says so where the answerer is all that is left of it', () => {
    const world = clientAndWeb({
      listen: [{ port: 80, answersClose: false }],
      actions: [],
    });
    const opened = world
      .host('client')
      ?.connect('tcp', '10.0.0.10', 80, { as: 'typed', request: 0 });
    if (opened?.ok !== true) throw new Error('not opened');
    world.runUntil(100);
    world.host('client')?.setFirewall({ policyIn: 'accept', policyOut: 'drop', rules: [] });
    world.host('client')?.reset(opened.value);
    schedule(world, { atMs: 100, do: does, connection: 'typed' });
    world.runUntil(100);
    expect(statesOf(world, 'web')).toEqual(['LISTEN', 'ESTABLISHED']);
    expect(errors(world)).toEqual([['', does, 'typed', 'ENOTCONN']]);
  });

  it('is said of one of a number by its number, and of no other', () => {
    const many = { ...plainConnect, localPort: undefined, count: 12 };
    const numbered = { ...end, connection: 'page#12' };
    const world = clientAndWeb({ actions: [many, numbered] });
    world.runUntil(100);
    expect(errors(world)).toEqual([]);
    expect(statesOf(world, 'client').filter((state) => state === 'ESTABLISHED')).toHaveLength(11);
    expect(errorsOf([{ ...many, atMs: 300 }, numbered])).toEqual([
      ['client', does, 'page#12', 'ENOTCONN'],
    ]);
    // Not among them, and not meant to be: no number, one that is none or too large, another word.
    const others = [
      'page',
      'page#',
      'page#0',
      'page#01',
      'page#13',
      'page#2x',
      'pager#2',
      'page-2',
    ];
    for (const connection of others) {
      const planned = clientAndWeb({ actions: [{ ...many, atMs: 300 }] });
      schedule(planned, { ...end, connection });
      planned.runUntil(100);
      expect(errors(planned)).toEqual([['', does, connection, 'ENOENT']]);
    }
  });

  it.each([1, 9, 10, 100, 150])('knows number %i of 150 that are yet to be', (number) => {
    const many = { ...plainConnect, atMs: 300, localPort: undefined, count: 150 };
    const connection = `page#${number}`;
    expect(errorsOf([many, { ...end, connection }], 100)).toEqual([
      ['client', does, connection, 'ENOTCONN'],
    ]);
  });

  it('says ENOTCONN on a third host, and leaves both ends alone', () => {
    const scenario = {
      version: 1,
      hosts: ['client', 'web', 'third'].map((name, i) => ({
        name,
        os: 'linux',
        address: `10.0.0.${[2, 10, 3][i]}`,
        listen: [{ port: 80 }],
      })),
      actions: [plainConnect, { ...end, by: 'third' }],
    };
    const world = new World(parseScenario(scenario));
    world.runUntil(200);
    expect(errors(world)).toEqual([['third', does, 'page', 'ENOTCONN']]);
    expect(statesOf(world, 'web')).toEqual(['LISTEN', 'ESTABLISHED']);
  });

  it('is said of a name with a number where only one was asked for', () => {
    const one = { ...plainConnect, atMs: 300 };
    expect(errorsOf([one, { ...end, connection: 'page#1' }])).toEqual([
      ['', does, 'page#1', 'ENOENT'],
    ]);
  });

  it('knows the host of a bound socket that is not there yet', () => {
    const bind = { atMs: 300, do: 'bind', host: 'web', port: 6000, as: 'page' };
    const listen = { atMs: 300, do: 'listen', host: 'client', port: 6001 };
    expect(errorsOf([listen, bind, end])).toEqual([['web', does, 'page', 'ENOTCONN']]);
  });
});

describe('close of all connections', () => {
  const closeAll = { atMs: 100, do: 'close', connections: 'all' };
  const second = { ...plainConnect, as: 'second', localPort: 50_001 };
  const bound = { atMs: 0, do: 'bind', host: 'client', port: 6000, as: 'mine' };

  it('is done by their openers', () => {
    const world = clientAndWeb({ actions: [plainConnect, second, bound, closeAll] });
    world.runUntil(100);
    expect(statesOf(world, 'client').sort()).toEqual(['BOUND', 'FIN-WAIT-1', 'FIN-WAIT-1']);
    expect(statesOf(world, 'web')).toEqual(['LISTEN', 'ESTABLISHED', 'ESTABLISHED']);
  });

  it('is done by the host named, at either end, and by no other', () => {
    const world = clientAndWeb({
      listen: [{ port: 80 }],
      actions: [
        { atMs: 0, do: 'listen', host: 'client', port: 90 },
        plainConnect,
        { ...plainConnect, from: 'web', to: '10.0.0.2:90', as: 'back', localPort: 50_002 },
        { ...closeAll, by: 'web' },
      ],
    });
    world.runUntil(100);
    expect(statesOf(world, 'web').sort()).toEqual(['FIN-WAIT-1', 'FIN-WAIT-1', 'LISTEN']);
    expect(statesOf(world, 'client').sort()).toEqual(['ESTABLISHED', 'ESTABLISHED', 'LISTEN']);
    expect(errors(world)).toEqual([]);
  });

  it('gives up a connection still being made, and UDP sockets that have a destination', () => {
    const world = clientAndWeb({
      actions: [
        { ...plainConnect, atMs: 95 },
        { ...second, protocol: 'udp', atMs: 0 },
        { ...bound, protocol: 'udp', port: 6001, as: 'unconnected' },
        closeAll,
      ],
    });
    world.runUntil(99);
    expect(statesOf(world, 'client').sort()).toEqual(['ESTAB', 'SYN-SENT', 'UNCONN']);
    world.runUntil(100);
    expect(statesOf(world, 'client')).toEqual(['UNCONN']);
  });

  it('closes nothing twice, and says nothing of what is closing already', () => {
    const world = clientAndWeb({ actions: [plainConnect, closeAll, { ...closeAll, atMs: 105 }] });
    world.runUntil(105);
    expect(linesFrom(world, 105)).toEqual([]);
  });

  it('says ENOENT of a host that is not there', () => {
    const world = clientAndWeb({ actions: [plainConnect] });
    schedule(world, { ...closeAll, by: 'nobody' });
    world.runUntil(100);
    expect(errors(world)).toEqual([['nobody', 'close', undefined, 'ENOENT']]);
    expect(statesOf(world, 'client')).toEqual(['ESTABLISHED']);
  });
});

describe('an action that no checked scenario holds', () => {
  it.each([
    { do: 'listen', host: 'nobody', protocol: 'tcp', address: '0.0.0.0', port: 80 },
    { do: 'unlisten', host: 'nobody', protocol: 'tcp', address: '0.0.0.0', port: 80 },
    { do: 'connect', from: 'nobody', to: '10.0.0.10:80', protocol: 'tcp', as: 'x', everyMs: 0 },
    { do: 'bind', host: 'nobody', protocol: 'tcp', address: '0.0.0.0', port: 80, as: 'x' },
    {
      do: 'firewall',
      host: 'nobody',
      firewall: { policyIn: 'drop', policyOut: 'drop', rules: [] },
    },
    { do: 'sysctl', host: 'nobody', key: 'net.ipv4.tcp_fin_timeout', value: '5' },
  ])('says ENOENT where its host is missing: $do', (action) => {
    const world = clientAndWeb();
    schedule(world, { ...action, atMs: 0 });
    world.runUntil(0);
    expect(errors(world)).toEqual([['nobody', action.do, undefined, 'ENOENT']]);
  });

  it('says EINVAL where the destination is no address and port', () => {
    const world = clientAndWeb();
    schedule(world, { ...plainConnect, to: '10.0.0.10', protocol: 'tcp', everyMs: 0 });
    world.runUntil(0);
    expect(errors(world)).toEqual([['client', 'connect', 'page', 'EINVAL']]);
  });
});

it('firewall and sysctl change their host and no other', () => {
  const firewall = { policyIn: 'drop', policyOut: 'accept', rules: [] };
  const key = 'net.ipv4.tcp_fin_timeout';
  const world = clientAndWeb({
    actions: [
      { atMs: 10, do: 'firewall', host: 'web', firewall },
      { atMs: 10, do: 'sysctl', host: 'client', key, value: '5' },
    ],
  });
  world.runUntil(9);
  expect(world.host('web')?.firewallSpec()).toBeNull();
  world.runUntil(10);
  expect(world.host('web')?.firewallSpec()).toEqual(firewall);
  expect(world.host('client')?.firewallSpec()).toBeNull();
  expect(world.host('client')?.sysctl.get(key)).toBe('5');
  expect(world.host('web')?.sysctl.get(key)).toBe('60');
});
