/** A world that was given back from its snapshot has lived through the same, whatever was called. */

import { expect, it } from 'vitest';
import { plainConnect, clientAndWeb } from './world-fixtures.ts';
import { World, type WorldSnapshot } from './world.ts';

function again(world: World): World {
  return World.restore(JSON.parse(JSON.stringify(world.snapshot())) as WorldSnapshot);
}

it('every call on a host is repeated, at its moment', () => {
  const world = clientAndWeb({ actions: [{ ...plainConnect, atMs: 30 }] });
  const [client, web] = [world.host('client'), world.host('web')];
  if (client === undefined || web === undefined) throw new Error('no host');
  const value = <T>(
    result:
      | { readonly ok: true; readonly value: T }
      | { readonly ok: false; readonly error: string },
  ): T => {
    if (!result.ok) throw new Error(result.error);
    return result.value;
  };
  const calls: (() => void)[] = [
    () => web.sysctl.set('net.ipv4.tcp_fin_timeout', '7'),
    () => web.listen('tcp', '0.0.0.0', 8080, { accepts: false, backlog: 3 }),
    () => web.listen('udp', '0.0.0.0', 53),
    () => client.bind('udp', '0.0.0.0', 5000, { as: 'talk' }),
    () => client.connect('tcp', '10.0.0.10', 8080, { request: 0, as: 'one' }),
    () => client.connect('tcp', '10.0.0.10', 80, { request: 0, as: 'two' }),
    () => client.connect('tcp', '10.0.0.10', 80, { request: 0, as: 'three' }),
    () => client.connect('tcp', '10.0.0.10', 80, { request: 0, as: 'four' }),
    () => {
      const listener = web
        .sockets()
        .find(({ localPort, state }) => localPort === 8080 && state === 'LISTEN');
      value(web.accept(listener?.id ?? 0));
    },
    () => {
      const talk = client.sockets().find(({ connection }) => connection === 'talk');
      value(client.sendTo(talk?.id ?? 0, '10.0.0.10', 53, 12, 30));
    },
    ...(['send', 'shutdown', 'close', 'reset'] as const).map((call, i) => () => {
      const name = ['one', 'two', 'three', 'four'][i];
      const socket = client.sockets().find(({ connection }) => connection === name);
      const id = socket?.id ?? 0;
      value(call === 'send' ? client.send(id, 5, 6) : client[call](id));
    }),
    () => {
      web.setFirewall({ policyIn: 'drop', policyOut: 'accept', rules: [] });
    },
    () => {
      web.setFirewall(null);
    },
    () => web.unlisten('udp', '0.0.0.0', 53),
    () => value(client.echo('10.0.0.10', { identifier: 7, number: 1, bytes: 56 })),
  ];
  for (const [i, call] of calls.entries()) {
    world.runUntil(100 * i);
    const before = world.trace.length;
    call();
    const kept = again(world);
    expect(kept.trace).toStrictEqual([...world.trace]);
    expect(kept.nowMs).toBe(world.nowMs);
    for (const name of ['client', 'web']) {
      expect(kept.host(name)?.sockets()).toStrictEqual(world.host(name)?.sockets());
      expect(kept.host(name)?.firewallSpec()).toStrictEqual(world.host(name)?.firewallSpec());
    }
    expect(kept.host('web')?.sysctl.get('net.ipv4.tcp_fin_timeout')).toBe('7');
    // Each call but accept() and the filter's does something that shows.
    if (i < 14 && i !== 8) expect(world.trace.length).toBeGreaterThan(before);
  }
  world.runUntil(100_000);
  const kept = again(world);
  expect(kept.host('client')?.echoAnswers(7)).toHaveLength(1);
  expect(kept.trace).toStrictEqual([...world.trace]);
  expect(kept.snapshot()).toStrictEqual(world.snapshot());
});

it('actions scheduled, and steps counted in events, are repeated too', () => {
  const world = clientAndWeb();
  world.schedule({ ...plainConnect, protocol: 'tcp', response: 0, count: 1, everyMs: 0 });
  world.runWhile(() => world.eventsProcessed < 3);
  world.host('client')?.bind('tcp', '0.0.0.0', 9000);
  const kept = again(world);
  expect(kept.trace).toStrictEqual([...world.trace]);
  kept.runToEnd();
  world.runToEnd();
  expect(kept.trace).toStrictEqual([...world.trace]);
});
