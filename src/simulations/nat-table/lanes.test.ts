import { describe, expect, it } from 'vitest';
import { lanesOf } from './lanes.ts';
import { roomAfter } from './nat-room.ts';
import { clients, servers, type Action, type Client } from './setup.ts';

const [first, second] = servers;
const connect = (client: Client, server: (typeof servers)[number] = first): Action => ({
  kind: 'connect',
  client,
  server,
});
const kindsOf = (...played: Parameters<typeof roomAfter>): readonly string[] =>
  lanesOf(roomAfter(...played)).map(({ kind }) => kind);

describe('the lanes of the picture', () => {
  it('there is one for each client and server, and in the beginning nothing is on any', () => {
    const lanes = lanesOf(roomAfter('keeps', []));
    expect(lanes.map(({ client, server }) => [client, server])).toEqual(
      clients.flatMap((client) => servers.map((server) => [client, server])),
    );
    for (const lane of lanes) expect(lane).toMatchObject({ kind: 'idle', isOpen: false });
  });

  it('shows the port kept, moved, and kept again towards another server', () => {
    const actions = [connect('client1'), connect('client2', second), connect('client2')];
    expect(kindsOf('keeps', actions)).toEqual(['kept', 'idle', 'moved', 'kept']);
    const [lane, , moved] = lanesOf(roomAfter('keeps', actions));
    expect(lane).toMatchObject({ outsidePort: 40_000, clientState: 'ESTAB', serverState: 'ESTAB' });
    expect(moved).toMatchObject({ clientState: 'ESTAB', serverState: 'ESTAB', isOpen: true });
    expect(moved?.outsidePort).not.toBe(40_000);
  });

  it('a SYN that finds no port ends at the router, and its socket can be closed', () => {
    const room = roomAfter('one-port', [connect('client1'), connect('client2')]);
    expect(lanesOf(room)[2]).toEqual({
      client: 'client2',
      server: first,
      clientState: 'SYN-SENT',
      serverState: null,
      outsidePort: null,
      kind: 'full',
      isOpen: true,
    });
  });

  it('a closed connection stays in the router’s memory after both ends have forgotten it', () => {
    const actions: readonly Action[] = [
      connect('client1'),
      { kind: 'close', client: 'client1', server: first },
    ];
    const closed = lanesOf(roomAfter('keeps', actions))[0];
    expect(closed).toMatchObject({ clientState: 'TIME-WAIT', serverState: null, isOpen: false });
    const later = lanesOf(roomAfter('keeps', [...actions, { kind: 'wait' }]))[0];
    expect(later).toMatchObject({ clientState: null, outsidePort: 40_000, kind: 'kept' });
  });
});
