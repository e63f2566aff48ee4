/** Addresses of both families in the socket tables, as `ss` writes them. */

import { expect, it } from 'vitest';
import { Replay, type ReplaySocket } from '../network/trace/replay.ts';
import { parseScenario } from '../network/scenario/scenario-parser.ts';
import { World } from '../network/world.ts';
import { addressOf, bracketed, portOf } from './endpoint.ts';
import { rowMemory, rowOf, visibleSockets } from './socket-rows.ts';

it('has IPv6 in brackets, and * for a wildcard that takes both families', () => {
  const world = new World(
    parseScenario({
      version: 1,
      hosts: [
        { name: 'client', os: 'linux', addresses: ['10.0.0.2', 'fd00:a::2'] },
        {
          name: 'web',
          os: 'linux',
          addresses: ['10.0.0.10', 'fd00:a::10'],
          listen: [
            { port: 22 },
            { port: 80, address: '::' },
            { port: 443, address: '::', ipv6Only: true },
            { port: 8080, address: '::1' },
          ],
        },
      ],
      actions: [
        { atMs: 0, do: 'connect', from: 'client', to: '[fd00:a::10]:443', localPort: 50_000 },
        { atMs: 0, do: 'connect', from: 'client', to: '10.0.0.10:80', localPort: 50_001 },
      ],
    }),
  );
  world.runUntil(100);
  const replay = new Replay(world.trace);
  replay.seekTime(100);
  const rows = visibleSockets(replay.sockets('web')).map((socket) => {
    const { localAddress, localPort, peerAddress, peerPort } = rowOf(socket, 100);
    return `${localAddress}:${String(localPort)} ${peerAddress}:${String(peerPort ?? '*')}`;
  });
  expect(rows).toEqual([
    '0.0.0.0:22 0.0.0.0:*',
    '*:80 *:*',
    '[::]:443 [::]:*',
    '[::1]:8080 [::]:*',
    '[::ffff:10.0.0.10]:80 [::ffff:10.0.0.2]:50001',
    '[fd00:a::10]:443 [fd00:a::2]:50000',
  ]);
});

it('takes endpoints of both families apart', () => {
  expect(['10.0.0.2:80', '[fd00:a::2]:443', '[::]:*'].map(addressOf)).toEqual([
    '10.0.0.2',
    'fd00:a::2',
    '::',
  ]);
  expect(['10.0.0.2:80', '[fd00:a::2]:443', '[::]:*'].map(portOf)).toEqual([80, 443, 0]);
  expect(['10.0.0.2', 'fd00:a::2'].map(bracketed)).toEqual(['10.0.0.2', '[fd00:a::2]']);
});

it('keeps the same object for a line that is the same; a timer makes a new one each second', () => {
  const open: ReplaySocket = {
    id: 1,
    host: 'client',
    protocol: 'tcp',
    connection: 'page',
    localAddress: '10.0.0.2',
    localPort: 50_000,
    remoteAddress: '10.0.0.10',
    remotePort: 443,
    state: 'ESTABLISHED',
    sinceMs: 0,
    expiresAtMs: null,
  };
  const waiting: ReplaySocket = { ...open, id: 2, state: 'TIME-WAIT', expiresAtMs: 60_000 };
  const rowsAt = rowMemory();
  const [openRow, waitingRow] = rowsAt([open, waiting], 100);
  expect(waitingRow?.secondsLeft).toBe(60);
  const [sameOpen, sameWaiting] = rowsAt([open, waiting], 999);
  expect(sameOpen).toBe(openRow);
  expect(sameWaiting).toBe(waitingRow);
  const [stillOpen, later] = rowsAt([open, waiting], 1001);
  expect(stillOpen).toBe(openRow);
  expect(later?.secondsLeft).toBe(59);
  // The same socket in another state is another line.
  expect(rowsAt([{ ...open, state: 'CLOSE-WAIT' }], 1001)[0]?.state).toBe('CLOSE-WAIT');
});
