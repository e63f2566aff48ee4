/**
 * The states of the small widgets as words for the address: each comes back as it was written, and
 * nothing that a messenger, a hand or an attacker makes of it does more than be refused.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portRanges } from '../../src/network/port-ranges.ts';
import { contestants, loads } from '../../src/simulations/algorithm-race/contestants.ts';
import * as race from '../../src/simulations/algorithm-race/shared-state.ts';
import * as envelope from '../../src/simulations/address-and-port/shared-state.ts';
import { addresses, destinations, ports } from '../../src/simulations/address-and-port/delivery.ts';
import { ListenBoard } from '../../src/simulations/listen-board/listen-board.ts';
import * as board from '../../src/simulations/listen-board/shared-state.ts';
import { listenAddresses, programs } from '../../src/simulations/listen-board/start-request.ts';
import {
  press,
  startRound,
  type MatchOutcome,
} from '../../src/simulations/match-services/match-game.ts';
import * as match from '../../src/simulations/match-services/shared-state.ts';
import { LENS_WIDTHS } from '../../src/simulations/number-line-explorer/lens.ts';
import * as lens from '../../src/simulations/number-line-explorer/shared-state.ts';
import { rates, remedies } from '../../src/simulations/pool-and-rate/setup.ts';
import * as pool from '../../src/simulations/pool-and-rate/shared-state.ts';
import * as plan from '../../src/simulations/port-planner/shared-state.ts';
import * as comparison from '../../src/simulations/range-comparison/shared-state.ts';
import * as tuner from '../../src/simulations/range-tuner/shared-state.ts';
import * as sorter from '../../src/simulations/range-sorter/shared-state.ts';
import { guards, startingSetup } from '../../src/simulations/scan-and-firewall/server-setup.ts';
import * as scan from '../../src/simulations/scan-and-firewall/shared-state.ts';
import * as machine from '../../src/simulations/state-machine/shared-state.ts';
import { actions, stories } from '../../src/simulations/state-machine/moments.ts';
import { routers } from '../../src/simulations/nat-table/setup.ts';
import * as natTable from '../../src/simulations/nat-table/shared-state.ts';
import * as cover from '../../src/simulations/service-table/shared-state.ts';
import { arrivals } from '../../src/simulations/who-gets-it/arrivals.ts';
import { mistakeOf } from '../../src/simulations/who-gets-it/judge.ts';
import * as sorting from '../../src/simulations/who-gets-it/shared-state.ts';

const port = fc.nat(65535);
const listenPort = fc.integer({ min: 1, max: 65535 });
const packets = arrivals();
const pairs = Array.from({ length: 18 }, (_, place) => ({
  port: 20 + place,
  transport: 'tcp',
  name: `s${String(place)}`,
}));

const request = fc.record({
  program: fc.constantFrom(...programs),
  address: fc.constantFrom(...listenAddresses),
  port: listenPort,
  isRoot: fc.boolean(),
});

/** A round as it stands after some presses. */
const played = fc
  .tuple(fc.nat(20), fc.array(fc.tuple(fc.boolean(), fc.nat(5)), { maxLength: 40 }))
  .map(([number, presses]): match.MatchState => {
    let round = startRound(pairs, 7, number);
    let outcome: MatchOutcome | null = null;
    for (const [isPort, place] of presses) {
      const pressed = round.portOrder[place] ?? 0;
      const step = press(round, { kind: isPort ? 'port' : 'service', port: pressed });
      if (step.round !== round) ({ round, outcome } = step);
    }
    return { number, round, outcome };
  });

/** Wrong choices for a packet, and perhaps the right one. */
const handedOut = fc
  .tuple(fc.nat(packets.length - 1), fc.nat(), fc.array(fc.nat(9), { maxLength: 15 }), fc.boolean())
  .map(([index, tally, places, ends]): sorting.SortingState => {
    const arrival = packets[index];
    if (!arrival) throw new Error('no such packet');
    const all = [...arrival.sockets.keys(), arrival.sockets.length];
    const isRight = (place: number): boolean =>
      mistakeOf(arrival, arrival.sockets[place] ?? null) === null;
    const wrong = places.map((place) => place % all.length).filter((place) => !isRight(place));
    return {
      index,
      rightBefore: tally % (index + 1),
      choices: ends ? [...wrong, ...all.filter(isRight)] : wrong,
    };
  });

interface Widget<T> {
  readonly name: string;
  readonly states: fc.Arbitrary<T>;
  readonly write: (state: T) => string;
  readonly read: (code: string) => T | null;
}

function widget<T>(
  name: string,
  states: fc.Arbitrary<T>,
  write: (state: T) => string,
  read: (code: string) => T | null,
): Widget<unknown> {
  return { name, states, write: (state) => write(state as T), read };
}

const widgets = [
  widget(
    'address-and-port',
    fc
      .record({
        address: fc.constantFrom(...addresses),
        transport: fc.constantFrom('tcp' as const, 'udp' as const),
        port: fc.constantFrom(...ports),
        isSent: fc.boolean(),
        switches: port,
        guess: fc.constantFrom('', ...destinations),
      })
      .map((state) => ({ ...state, guess: state.isSent ? state.guess : '' })),
    envelope.writeState,
    (code) => envelope.readState(code, addresses, ports, destinations),
  ),
  widget('who-gets-it', handedOut, sorting.writeState, (code) => sorting.readState(code, packets)),
  widget(
    'number-line-explorer',
    fc.record({
      port,
      zoom: fc.nat(LENS_WIDTHS.length - 1),
      isAsking: fc.boolean(),
      guess: fc.option(port),
    }),
    lens.writeState,
    lens.readState,
  ),
  widget(
    'service-table',
    fc.tuple(fc.constantFrom(...cover.covers), fc.uniqueArray(fc.nat(17))).map(([what, open]) => ({
      cover: what,
      open: what === 'nothing' ? [] : open.toSorted((a, b) => a - b),
    })),
    cover.writeState,
    (code) => cover.readState(code, 18),
  ),
  widget(
    'state-machine',
    fc.record({
      story: fc.constantFrom(...stories),
      shown: fc.nat(500),
      done: fc
        .array(fc.record({ atMs: fc.nat(900_000), action: fc.constantFrom(...actions) }), {
          maxLength: 60,
        })
        .map((done) => done.toSorted((a, b) => a.atMs - b.atMs)),
    }),
    machine.writeState,
    machine.readState,
  ),
  widget(
    'nat-table',
    fc.record({
      router: fc.constantFrom(...routers),
      actions: fc.array(fc.constantFrom(...natTable.allActions), { maxLength: 40 }),
    }),
    natTable.writeState,
    natTable.readState,
  ),
  widget('match-services', played, match.writeState, (code) => match.readState(code, pairs, 7)),
  widget(
    'range-sorter',
    fc
      .tuple(fc.nat(9999), fc.constantFrom(null, ...portRanges.map(({ range }) => range)), fc.nat())
      .map(([index, answer, tally]) => {
        const plain = { index, answer, right: 1 };
        const isRight = sorter.writeState(plain, 1).split('~')[2] === '0';
        return { index, answer, right: (tally % (index + 1)) + (isRight ? 1 : 0) };
      }),
    (state) => sorter.writeState(state, 1),
    (code) => sorter.readState(code, 1),
  ),
  widget(
    'range-comparison',
    fc.record({
      port: fc.option(port),
      own: fc.option(
        fc.tuple(port, port).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
      ),
    }),
    comparison.writeState,
    comparison.readState,
  ),
  widget(
    'scan-and-firewall',
    fc.record({
      setup: fc
        .tuple(
          fc.array(fc.tuple(fc.boolean(), fc.constantFrom(...guards)), {
            minLength: startingSetup.ports.length,
            maxLength: startingSetup.ports.length,
          }),
          fc.boolean(),
          fc.boolean(),
        )
        .map(([settings, isStateful, isClosed]) => ({
          ports: startingSetup.ports.map((one, place) => {
            const [isRunning = true, guard = 'accept' as const] = settings[place] ?? [];
            return { ...one, isRunning, guard };
          }),
          isStateful,
          isClosed,
        })),
      isScanned: fc.boolean(),
      isFetched: fc.boolean(),
    }),
    scan.writeState,
    scan.readState,
  ),
  widget(
    'port-planner',
    fc
      .record({
        systemId: fc.constantFrom('linux', 'freebsd'),
        port: fc.option(listenPort),
        shown: fc.constantFrom('nothing' as const, 'collision' as const, 'reserved' as const),
      })
      .filter(({ port: one, shown }) => shown === 'nothing' || (one ?? 0) >= plan.LOWEST_COLLISION),
    plan.writeState,
    (code) => plan.readState(code, ['linux', 'freebsd']),
  ),
  widget(
    'listen-board',
    fc.record({
      listeners: fc.array(request, { maxLength: 8 }),
      action: fc.oneof(
        fc.constant({ kind: 'none' as const }),
        fc.record({ kind: fc.constantFrom('start' as const, 'stop' as const), request }),
        fc.record({ kind: fc.constant('knock' as const), port: listenPort }),
      ),
      form: request,
      knockPort: listenPort,
    }),
    board.writeState,
    board.readState,
  ),
  widget(
    'algorithm-race',
    fc.integer({ min: 1, max: 60 }).chain((count) =>
      fc.record({
        load: fc.constantFrom(...loads),
        count: fc.constant(count),
        pauses: fc
          .uniqueArray(fc.integer({ min: 1, max: count }), { maxLength: 5 })
          .map((list) => list.toSorted((a, b) => a - b)),
        victim: fc.constantFrom(...contestants),
        volleys: fc.array(
          fc
            .tuple(port, port, fc.integer({ min: 1, max: 2 }))
            .map(([a, b, step]) => ({ from: Math.min(a, b), to: Math.max(a, b), step })),
          { maxLength: 30 },
        ),
      }),
    ),
    race.writeState,
    race.readState,
  ),
  widget(
    'pool-and-rate',
    fc.record({
      rate: fc.constantFrom(...rates),
      remedies: fc.subarray([...remedies]),
      isRun: fc.boolean(),
    }),
    pool.writeState,
    pool.readState,
  ),
  widget(
    'range-tuner',
    fc
      .tuple(
        fc.integer({ min: 1024, max: 65535 }),
        fc.integer({ min: 1024, max: 65535 }),
        fc.uniqueArray(fc.nat(21844), { maxLength: 12 }),
      )
      .map(([a, b, places]) => ({
        low: Math.min(a, b),
        high: Math.max(a, b),
        reserved: places
          .toSorted((one, other) => one - other)
          .map((place) => [place * 3, place * 3 + (place % 2)] as const),
      })),
    tuner.writeState,
    tuner.readState,
  ),
];

describe.each(widgets)('a link to $name', ({ states, write, read }) => {
  it('restores exactly what was shared, and is safe in an address', () => {
    fc.assert(
      fc.property(states, (state) => {
        const code = write(state);
        expect(code).toMatch(/^[\w.~-]+$/);
        expect(read(code)).toEqual(state);
      }),
    );
  });

  it('is refused, or means what it says, when it is damaged', () => {
    const damage = fc.tuple(states, fc.nat(), fc.nat(3), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(damage, ([state, at, cut, put]) => {
        const code = write(state);
        const place = at % (code.length + 1);
        const damaged = code.slice(0, place) + put + code.slice(place + cut);
        const back = read(damaged);
        if (back !== null) expect(write(back)).toBe(damaged);
      }),
    );
  });

  it('is refused when it is anything else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const back = read(text);
        if (back !== null) expect(write(back)).toBe(text);
      }),
    );
    expect(read('1~<img src=x onerror=alert(1)>')).toBeNull();
  });
});

describe('a link to the listen board', () => {
  const node = { program: 'node', address: '0.0.0.0', port: 8080, isRoot: false } as const;
  const state = { listeners: [node], action: { kind: 'none' }, form: node, knockPort: 80 } as const;

  it('starts its listeners, also the one whose stopping it describes', () => {
    const fresh = new ListenBoard();
    const nginx = { program: 'nginx', address: '127.0.0.1', port: 80, isRoot: true } as const;
    expect(board.startAll(fresh, { ...state, action: { kind: 'stop', request: nginx } })).toBe(
      true,
    );
    expect(fresh.requests()).toEqual([node, nginx]);
  });

  it('cannot name a board that the engine refuses', () => {
    expect(board.startAll(new ListenBoard(), { ...state, listeners: [node, node] })).toBe(false);
  });
});
