import { describe, expect, it } from 'vitest';
import { roomAfter } from './nat-room.ts';
import { servers, type Client, type Action } from './setup.ts';

const [first, second] = servers;
const connect = (client: Client, server: (typeof servers)[number] = first): Action => ({
  kind: 'connect',
  client,
  server,
});
const close = (client: Client, server: (typeof servers)[number] = first): Action => ({
  kind: 'close',
  client,
  server,
});

describe('the room behind the router', () => {
  it('keeps the first client’s port and moves the second’s; to another server it is kept', () => {
    const room = roomAfter('keeps', [connect('client1'), connect('client2')]);
    expect(room.rows[0]?.outside).toBe('203.0.113.5:40000');
    expect(room.outcome).toMatchObject({ kind: 'moved', inside: '10.0.0.3:40000' });
    expect(roomAfter('keeps', [connect('client1'), connect('client2', second)]).outcome.kind).toBe(
      'kept',
    );
  });

  it('servers see the router’s address, clients their own', () => {
    const { sockets, rows } = roomAfter('keeps', [connect('client1'), connect('client2')]);
    const ofServer = sockets.filter(({ host }) => host === 'server10').map(({ peer }) => peer);
    expect(ofServer.toSorted()).toEqual(rows.map(({ outside }) => outside).toSorted());
    const ofClients = sockets.filter(({ host }) => host.startsWith('client'));
    expect(ofClients.map(({ local }) => local)).toEqual(['10.0.0.2:40000', '10.0.0.3:40000']);
  });

  it('with --random nothing is kept', () => {
    expect(roomAfter('random', [connect('client1')]).outcome.kind).toBe('moved');
  });

  it('a pool of one: the second client gets nothing at this server, and the port at another', () => {
    const one = [connect('client1'), connect('client2')];
    expect(roomAfter('one-port', one).outcome.kind).toBe('full');
    expect(roomAfter('one-port', [...one, connect('client2', second)]).outcome.kind).toBe('kept');
  });

  it('an entry outlives its connection, and time ends it', () => {
    const actions = [connect('client1'), close('client1')];
    expect(roomAfter('keeps', actions).rows).toMatchObject([{ state: 'TIME_WAIT' }]);
    expect(roomAfter('keeps', [...actions, { kind: 'wait' }, { kind: 'wait' }]).rows).toEqual([]);
  });

  it('a stranger gets in nowhere', () => {
    const room = roomAfter('keeps', [connect('client1'), { kind: 'stranger' }]);
    expect(room.outcome.kind).toBe('stranger-dropped');
    expect(room.rows).toHaveLength(1);
  });

  it('a connection that is there is not made twice', () => {
    expect(roomAfter('keeps', [connect('client1'), connect('client1')]).outcome.kind).toBe('same');
  });
});
