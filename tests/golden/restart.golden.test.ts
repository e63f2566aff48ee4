/**
 * Who may bind which port over what is left of an old server, against the recording `restart`: a server
 * of the engine's serves one connection, something is left of it, and a new one tries.
 */

import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../src/network/scenario/scenario-parser.ts';
import { World } from '../../src/network/world.ts';
import { EngineMachine } from './machine.ts';
import restart from './restart.json' with { type: 'json' };

const optionSets: Readonly<Record<string, { reuseAddress?: boolean; reusePort?: boolean }>> = {
  none: {},
  SO_REUSEADDR: { reuseAddress: true },
  SO_REUSEPORT: { reusePort: true },
  both: { reuseAddress: true, reusePort: true },
};

function optionsOf(name: string) {
  const options = optionSets[name];
  if (!options) throw new Error(name);
  return options;
}

type Leftover = 'TIME-WAIT' | 'ESTABLISHED' | 'CLOSE-WAIT' | 'FIN-WAIT-2' | 'nothing' | 'reset';

/** A world in which a listener has gone and one connection of its is left in a state. */
function leave(old: string, options: object, leftover: Leftover): World {
  const world = new World(
    parseScenario({
      version: 1,
      latencyMs: 1,
      hosts: [
        { name: 'client', os: 'linux', address: '10.0.0.2' },
        { name: 'server', os: 'linux', addresses: ['10.0.0.10', '10.0.0.11'] },
      ],
      actions: [],
    }),
  );
  const server = world.host('server');
  const client = world.host('client');
  if (!server || !client) throw new Error('no hosts');
  const quiet = { answersClose: false, responds: false };
  expect(server.listen('tcp', old, 8001, { ...options, ...quiet }).ok).toBe(true);
  const made = client.connect('tcp', '10.0.0.10', 8001, { request: 0, answersClose: false });
  if (!made.ok) throw new Error(made.error);
  world.runUntil(100);
  const child = server.sockets().find(({ remotePort }) => remotePort !== 0)?.id ?? -1;
  if (leftover === 'TIME-WAIT' || leftover === 'FIN-WAIT-2') server.close(child);
  if (leftover === 'nothing' || leftover === 'CLOSE-WAIT') client.close(made.value);
  if (leftover === 'reset') server.reset(child);
  world.runUntil(200);
  if (leftover === 'TIME-WAIT') client.close(made.value);
  if (leftover === 'nothing') server.close(child);
  world.runUntil(300);
  server.unlisten('tcp', old, 8001);
  const left = server.sockets().map(({ state }) => state);
  expect(left).toEqual(leftover === 'nothing' || leftover === 'reset' ? [] : [leftover]);
  return world;
}

function startNew(world: World, address: string, options: object): string {
  const result = world.host('server')?.listen('tcp', address, 8001, options);
  return result?.ok === true ? 'ok' : `bind: ${result?.error ?? ''}`;
}

function withOptions(pair: string): readonly [string, string] {
  const [, old = '', fresh = ''] = /^old (\S+) -> new (\S+)$/.exec(pair) ?? [];
  return [old, fresh];
}

describe('a restart over TIME-WAIT', () => {
  it.each(
    Object.entries(restart.data['restart over TIME-WAIT, options'].result).flatMap(
      ([addresses, outcomes]) =>
        Object.entries(outcomes).map(([pair, outcome]) => [addresses, pair, outcome] as const),
    ),
  )('%s, %s: %s', (addresses, pair, outcome) => {
    const [, old = '', fresh = ''] = /^old (\S+), new (\S+)$/.exec(addresses) ?? [];
    const [oldOptions, newOptions] = withOptions(pair);
    const world = leave(old, optionsOf(oldOptions), 'TIME-WAIT');
    expect(startNew(world, fresh, optionsOf(newOptions))).toBe(outcome);
  });
});

const leftovers: Readonly<Record<string, Leftover>> = {
  'nothing (client closed first)': 'nothing',
  'ESTAB (a child still serves)': 'ESTABLISHED',
  'CLOSE-WAIT (a child has not closed)': 'CLOSE-WAIT',
  'FIN-WAIT-2 (server closed, client has not)': 'FIN-WAIT-2',
  'reset by the server': 'reset',
};

describe('a restart over other leftovers', () => {
  it.each(
    Object.entries(restart.data['restart over other leftovers'].result).flatMap(([name, outcomes]) =>
      Object.entries(outcomes).flatMap(([pair, outcome]) =>
        typeof outcome === 'string' ? [[name, pair, outcome] as const] : [],
      ),
    ),
  )('%s, %s: %s', (name, pair, outcome) => {
    const [oldOptions, newOptions] = withOptions(pair);
    const leftover = leftovers[name];
    if (!leftover) throw new Error(name);
    const world = leave('0.0.0.0', optionsOf(oldOptions), leftover);
    expect(startNew(world, '0.0.0.0', optionsOf(newOptions))).toBe(outcome);
  });

  it('without options it works when the minute is over, and over CLOSE-WAIT never', () => {
    const recorded = Object.values(
      restart.data['until a listener without options works'][
        'seconds until bind and listen without options work (tried every 0.25 s)'
      ],
    ).flat();
    expect(Math.min(...recorded)).toBeGreaterThan(60);
    for (const leftover of ['TIME-WAIT', 'FIN-WAIT-2'] as const) {
      const world = leave('0.0.0.0', {}, leftover);
      world.runUntil(59_000);
      expect(startNew(world, '0.0.0.0', {})).toBe('bind: EADDRINUSE');
      world.runUntil(61_000);
      expect(startNew(world, '0.0.0.0', {})).toBe('ok');
    }
    const forgotten = leave('0.0.0.0', {}, 'CLOSE-WAIT');
    forgotten.runUntil(600_000);
    expect(startNew(forgotten, '0.0.0.0', {})).toBe('bind: EADDRINUSE');
  });
});

describe('a second listener while the first lives', () => {
  it.each(
    Object.entries(restart.data['second listener while the first lives']).flatMap(
      ([addresses, outcomes]) =>
        Object.entries(outcomes).map(([pair, outcome]) => [addresses, pair, outcome] as const),
    ),
  )('%s, %s: %s', (addresses, pair, outcome) => {
    const [, first = '', second = ''] = /^first (\S+), second (\S+)$/.exec(addresses) ?? [];
    const [, one = '', two = ''] = /^first (\S+), second (\S+)$/.exec(pair) ?? [];
    const machine = new EngineMachine(1);
    const listen = (as: string, address: string, options: string) =>
      machine.answer(['bind', { as, address, port: 8001, listen: true, ...optionsOf(options) }]);
    expect(listen('first', first, one)).toBeTypeOf('number');
    const answer = listen('second', second, two);
    expect(typeof answer === 'number' ? 'ok' : `bind: ${String(answer)}`).toBe(outcome);
  });

  it.each(Object.entries(restart.data['second listener of another user']))(
    'of another user, with %s: %s',
    (options, outcome) => {
      const machine = new EngineMachine(1);
      const bind = { address: '0.0.0.0', port: 8001, listen: true, ...optionsOf(options) };
      expect(machine.answer(['bind', { ...bind, as: 'first', uid: 1000 }])).toBe(8001);
      const answer = machine.answer(['bind', { ...bind, as: 'second', uid: 1001 }]);
      expect(`bind: ${String(answer)}`).toBe(outcome);
    },
  );

  it.each(Object.entries(restart.data['both bind before either listens']))(
    'both bind before either listens: %s',
    (pair, steps) => {
      const [, one = '', two = ''] = /^first (\S+), second (\S+)$/.exec(pair) ?? [];
      const machine = new EngineMachine(1);
      const bind = (as: string, options: string) => {
        const answer = machine.answer(['bind', { as, port: 8001, ...optionsOf(options) }]);
        return typeof answer === 'number' ? 'ok' : String(answer);
      };
      const listen = (socket: string) => {
        const answer = machine.answer(['listen', { socket }]);
        return typeof answer === 'number' || answer === 'ok' ? 'ok' : String(answer);
      };
      const binds = [`first bind: ${bind('first', one)}`, `second bind: ${bind('second', two)}`];
      expect(binds).toEqual(steps.slice(0, 2));
      // A socket whose bind failed listens on an automatic port: another question (D4).
      if (binds[1] !== 'second bind: ok') return;
      expect([`first listen: ${listen('first')}`, `second listen: ${listen('second')}`]).toEqual(
        steps.slice(2),
      );
    },
  );
});
