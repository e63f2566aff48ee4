import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListenBoard, type Place } from './listen-board.ts';
import { listenAddresses, programs } from './start-request.ts';

const places: readonly Place[] = ['loopback', 'own', 'other', 'loopback6'];

function hears(address: (typeof listenAddresses)[number]): readonly boolean[] {
  const board = new ListenBoard();
  board.start({ program: 'node', address, port: 8080, isRoot: false });
  return places.map((place) => board.knock(place, 8080).kind === 'connected');
}

describe('the listen board', () => {
  it('lets a program hear exactly the address it listens on', () => {
    expect(hears('0.0.0.0')).toEqual([true, true, true, false]);
    expect(hears('127.0.0.1')).toEqual([true, false, false, false]);
    expect(hears('10.0.0.10')).toEqual([false, true, true, false]);
    expect(hears('::1')).toEqual([false, false, false, true]);
    expect(hears('::')).toEqual([true, true, true, true]);
  });

  it('says who answered', () => {
    const board = new ListenBoard();
    board.start({ program: 'nginx', address: '127.0.0.1', port: 8080, isRoot: false });
    board.start({ program: 'node', address: '10.0.0.10', port: 8080, isRoot: false });
    expect(board.knock('loopback', 8080)).toEqual({ kind: 'connected', program: 'nginx' });
    expect(board.knock('other', 8080)).toEqual({ kind: 'connected', program: 'node' });
  });

  it('refuses a port that is taken, with the reason', () => {
    const board = new ListenBoard();
    const start = (address: (typeof listenAddresses)[number], isRoot = true) =>
      board.start({ program: 'node', address, port: 80, isRoot });
    expect(start('0.0.0.0', false)).toMatchObject({ ok: false, error: 'EACCES', why: 'privilege' });
    expect(start('127.0.0.1')).toMatchObject({ ok: true });
    expect(start('127.0.0.1')).toMatchObject({ ok: false, error: 'EADDRINUSE', why: 'same' });
    expect(start('0.0.0.0')).toMatchObject({
      ok: false,
      why: 'blocksWildcard',
      holder: '127.0.0.1',
    });
    expect(start('10.0.0.10')).toMatchObject({ ok: true });
  });

  it('refuses a single address when the wildcard has the port', () => {
    const board = new ListenBoard();
    board.start({ program: 'nginx', address: '0.0.0.0', port: 80, isRoot: true });
    const second = board.start({ program: 'node', address: '127.0.0.1', port: 80, isRoot: true });
    expect(second).toMatchObject({ ok: false, error: 'EADDRINUSE', why: 'wildcardBlocks' });
  });

  it('lets :: share no port with IPv4, and says which of two wildcards is the wider', () => {
    const second = (
      first: (typeof listenAddresses)[number],
      address: (typeof listenAddresses)[number],
    ) => {
      const board = new ListenBoard();
      board.start({ program: 'nginx', address: first, port: 8080, isRoot: false });
      return board.start({ program: 'node', address, port: 8080, isRoot: false });
    };
    expect(second('::', '127.0.0.1')).toMatchObject({ why: 'wildcardBlocks', holder: '::' });
    expect(second('::', '0.0.0.0')).toMatchObject({ why: 'wildcardBlocks', holder: '::' });
    expect(second('0.0.0.0', '::')).toMatchObject({ why: 'blocksWildcard', holder: '0.0.0.0' });
    expect(second('10.0.0.10', '::')).toMatchObject({ why: 'blocksWildcard', holder: '10.0.0.10' });
    expect(second('::1', '::')).toMatchObject({ why: 'blocksWildcard', holder: '::1' });
    expect(second('0.0.0.0', '::1')).toMatchObject({ ok: true });
  });

  it('frees the port when a program stops, and nobody answers any more', () => {
    const board = new ListenBoard();
    const first = board.start({ program: 'node', address: '0.0.0.0', port: 3000, isRoot: false });
    if (!first.ok) throw new Error('refused');
    board.stop(first.id);
    expect(board.knock('other', 3000)).toEqual({ kind: 'ECONNREFUSED' });
    expect(
      board.start({ program: 'nginx', address: '0.0.0.0', port: 3000, isRoot: false }).ok,
    ).toBe(true);
  });

  it('never has two listeners that hear the same knock, whatever is started and stopped', () => {
    const step = fc.record({
      program: fc.constantFrom(...programs),
      address: fc.constantFrom(...listenAddresses),
      port: fc.constantFrom(80, 3000, 8080),
      isRoot: fc.boolean(),
      stopFirst: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const board = new ListenBoard();
        for (const { stopFirst, ...request } of steps) {
          const first = board.listeners()[0];
          if (stopFirst && first) board.stop(first.id);
          board.start(request);
          const held = board.listeners().map((one) => `${one.localAddress}:${one.localPort}`);
          expect(new Set(held).size).toBe(held.length);
          for (const port of [80, 3000, 8080]) {
            const onPort = held.filter((one) => one.endsWith(`:${port}`));
            if (held.includes(`:::${port}`)) expect(onPort).toHaveLength(1);
            if (held.includes(`0.0.0.0:${port}`)) {
              expect(onPort.filter((one) => one !== `::1:${port}`)).toHaveLength(1);
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
