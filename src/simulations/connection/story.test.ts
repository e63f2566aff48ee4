import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import en from '../../../content/interface/connection/en.json';
import ja from '../../../content/interface/connection/ja.json';
import whyEn from '../../../content/interface/connection-why/en.json';
import whyJa from '../../../content/interface/connection-why/ja.json';
import { profiles } from '../../network/os-profiles/profiles.ts';
import { addressOf } from '../../simulation-kit/endpoint.ts';
import { parseScenario } from '../../network/scenario/scenario-parser.ts';
import { countStates, rowOf } from '../../simulation-kit/socket-rows.ts';
import { stripOf } from './port-strip.ts';
import { questionBetween } from './prediction.ts';
import { act } from './learner-actions.ts';
import { sessionOf, type NewLearnerAction, type Session } from './session.ts';
import { connectionsOf } from './connections.ts';
import { carried, record } from './recording.ts';
import { failureAt, openingMoment, socketsOf, storyOf, type Story } from './story.ts';
import { captionOf, sentenceOf } from './event-sentences.ts';
import { explain } from './why.ts';
import {
  dotsPath,
  hostPlaces,
  laneOf,
  usualSize,
  wireAt,
  wireEnds,
  type PictureSize,
} from './wire-picture.ts';

function scenario(name: string) {
  const url = new URL(`../../../content/scenarios/${name}.json`, import.meta.url);
  return parseScenario(JSON.parse(readFileSync(url, 'utf8')) as unknown);
}

const base = scenario('one-page');

const tell = (from: typeof base, session: Session): Story =>
  storyOf(from, session, record(from, session));

function at(story: Story, ms: number, isStill = false) {
  story.replay.seekTime(ms);
  return wireAt(story.replay.flights(), ms, story.cast, base.latencyMs, isStill);
}

function withAction(session: Session, atMs: number, action: NewLearnerAction): Session {
  const change = act(base, session, atMs, atMs, action);
  if (!change.ok) throw new Error(change.refusal);
  return change.session;
}

describe('the picture of one page', () => {
  const story = tell(base, sessionOf(base));
  const first = story.choices[0]?.event;
  const port = first?.event === 'port-chosen' ? first.port : 0;

  it('opens before anything has happened, when servers already listen', () => {
    expect(openingMoment(story.trace, 'before')).toBe(0);
    expect(story.trace.slice(0, story.opening)).toMatchObject([
      { state: 'LISTEN', local: '0.0.0.0:80' },
      { state: 'LISTEN', local: '0.0.0.0:443' },
    ]);
    expect(story.trace[story.opening]?.event).toBe('port-chosen');
  });

  it('opens midway where the first answer is half-way', () => {
    const halfway = at(story, openingMoment(story.trace, 'midway'));
    expect(halfway.packets).toMatchObject([
      { fromPort: 80, toPort: port, meaning: 'syn-ack', isOutward: false, along: 0.5 },
    ]);
  });

  it('lays what is sent at one moment beside one another on its lane', () => {
    const [ack, request] = at(story, 25).packets;
    expect([ack?.meaning, request?.meaning]).toEqual(['ack', 'request']);
    expect(ack?.along).toBe(request?.along);
    for (const one of [ack, request]) {
      expect(one?.across).toBeGreaterThan(0);
      expect(one?.across).toBeLessThan(0.5);
    }
    expect(Math.abs((request?.across ?? 0) - (ack?.across ?? 0))).toBeGreaterThan(0.15);
  });

  it('shows a port dark, open, waiting and dark again', () => {
    const { low, high } = story.rangeOf('client', story.replay.index);
    const look = (ms: number) => {
      story.replay.seekTime(ms);
      return stripOf(story.replay.sockets('client'), low, high);
    };
    expect([low, high]).toEqual([32768, 60999]);
    expect(look(0).marks).toMatchObject([{ port, isOpen: true, labelled: { narrow: 0, wide: 0 } }]);
    expect(look(30_000)).toMatchObject({ open: 0, waiting: 1 });
    expect(look(story.timeline.endMs).marks).toEqual([]);
    // What paper shows: all is done, and the port can still be seen.
    expect(story.doneMs).toBeLessThan(1000);
    expect(look(story.doneMs)).toMatchObject({ open: 0, waiting: 1, marks: [{ port }] });
  });

  it('keeps room for the most sockets that a host will list', () => {
    expect([...story.mostSockets]).toEqual([
      ['web', 3],
      ['client', 1],
    ]);
  });

  it('lists sockets in the words of ss', () => {
    story.replay.seekTime(90);
    const client = socketsOf(story, story.replay.index).get('client') ?? [];
    expect(client.map((socket) => rowOf(socket, 90))).toMatchObject([
      { state: 'ESTAB', localAddress: '10.0.0.2', localPort: port, peerPort: 80 },
    ]);
    const web = socketsOf(story, story.replay.index).get('web') ?? [];
    expect(countStates(web)).toEqual([
      ['LISTEN', 2],
      ['ESTAB', 1],
    ]);
    story.replay.seekTime(30_000);
    const waiting = socketsOf(story, story.replay.index).get('client')?.[0];
    expect(waiting && rowOf(waiting, 30_000)).toMatchObject({
      state: 'TIME-WAIT',
      secondsLeft: 31,
    });
    expect(connectionsOf(story.cast, socketsOf(story, story.replay.index))).toEqual([
      {
        client: `10.0.0.2:${String(port)}`,
        server: '10.0.0.10:80',
        clientState: 'TIME-WAIT',
        serverState: null,
      },
    ]);
  });

  it('asks for the reply’s ports once, and the right answer is the engine’s', () => {
    const question = questionBetween(story.questions, 0, 1000, []);
    expect(question).toMatchObject({ requestFrom: port, requestTo: 80, atMs: 15 });
    const right = question?.options.filter((option) => option.isRight) ?? [];
    expect(right).toMatchObject([{ belief: 'swapped', fromPort: 80, toPort: port }]);
    expect(new Set(question?.options.map((o) => `${o.fromPort} ${o.toPort}`)).size).toBe(4);
    expect(questionBetween(story.questions, 0, 1000, [question?.about ?? ''])).toBeNull();
    expect(questionBetween(story.questions, 15, 1000, [])).toBeNull();
  });

  it('explains the choice', () => {
    const event = story.choices[0]?.event;
    if (event === undefined) throw new Error('no choice');
    const why = explain(whyEn, event, { name: 'Linux', evidence: 'measured' }, 'the client');
    expect(why.plain).toBe(
      `It began at ${port}. That number was free for this connection, so it looked no further.`,
    );
    expect(why.details[0]).toBe('Linux picks from 32768–60999: 28,232 numbers.');
    expect(why.candidates.at(-1)).toMatchObject({ port, isChosen: true });
  });

  it('puts every event into words of both languages, with no place left open', () => {
    for (const words of [en, ja]) {
      const sentences = story.trace.map((event) => sentenceOf(words, story.cast, event));
      expect(sentences.filter((sentence) => sentence !== null).length).toBeGreaterThan(10);
      for (const sentence of sentences) expect(sentence ?? '').not.toMatch(/[{}]|undefined|NaN/);
      for (let ms = 0; ms <= 300; ms += 5) {
        const caption = captionOf(
          words,
          story.cast,
          at(story, ms),
          { open: 1, used: 1, waiting: 0 },
          'running',
        );
        expect(caption).not.toMatch(/[{}]|undefined/);
      }
    }
  });
});

describe('the systems to choose from', () => {
  it('each have words for how they choose, in both languages', () => {
    for (const { id, name, traits } of profiles) {
      const story = tell(base, { ...sessionOf(base), clients: [id] });
      const event = story.choices[0]?.event;
      if (event === undefined) throw new Error(`${id} chose nothing`);
      for (const words of [whyEn, whyJa]) {
        expect(Object.keys(words.algorithm), id).toContain(event.why.algorithm);
        const system = { name, evidence: traits['tcp-choice'].evidence };
        const { plain, details } = explain(words, event, system, id);
        expect([plain, ...details].join(' ')).not.toMatch(/[{}]|undefined/);
      }
    }
  });
});

describe('a crowd', () => {
  const burst = {
    kind: 'stream',
    client: 0,
    server: 0,
    port: 443,
    perSecond: 500,
    keepsOpen: true,
  } as const;
  const session = withAction({ ...sessionOf(base), cutMs: -1 }, 0, { ...burst, untilMs: null });
  const story = tell(base, session);

  it('is columns, counts and at most a few packets', () => {
    story.replay.seekTime(story.timeline.endMs);
    const { low, high } = story.rangeOf('client', story.replay.index);
    const strip = stripOf(story.replay.sockets('client'), low, high);
    expect(strip.open).toBe(2000);
    expect(strip.marks).toEqual([]);
    expect(strip.openColumns.length).toBeLessThan(20_000);
    for (const ms of [500, 1000, 2500])
      expect(at(story, ms).packets.length).toBeLessThanOrEqual(14);
  });

  const together = { kind: 'connect', client: 0, server: 0, port: 80, count: 200 } as const;
  const wide = tell(base, withAction({ ...sessionOf(base), cutMs: -1 }, 0, together));

  it('has packets that stay the same while segments come and go', () => {
    const ways = new Map<string, string>();
    const counts = new Set<number>();
    for (let ms = 20; ms < 60; ms += 0.5) {
      const wire = at(wide, ms);
      expect(wire.density).toBe('crowd');
      for (const { id, from, to, flags, meaning, count } of wire.packets) {
        const way = [from.split(':')[0], to.split(':')[0], flags, meaning].join(' ');
        expect(ways.get(way) ?? id).toBe(id);
        ways.set(way, id);
        counts.add(count);
      }
    }
    expect(ways.size).toBeGreaterThan(3);
    expect(Math.min(...counts)).toBe(1);
  });

  it('may keep its packets for a while, and moves its dots', () => {
    const held = at(story, 1000);
    story.replay.seekTime(1060);
    const flights = story.replay.flights();
    const wire = wireAt(flights, 1060, story.cast, 10, false, usualSize, null, () => held);
    expect(wire.packets).toBe(held.packets);
    expect(wire.form).toBe(held.form);
    expect(wire.dots.outward.length + wire.dots.back.length).toBe(flights.length);
    const few = wireAt(flights.slice(0, 3), 1060, story.cast, 10, false, usualSize, null, () => ({
      form: 'row',
      packets: [],
    }));
    expect(few.packets).not.toEqual([]);
  });

  it('draws what is sent at one moment as a few dots, and counts all of it', () => {
    const opened = withAction({ ...sessionOf(base), cutMs: -1 }, 0, together);
    const closing = tell(base, withAction(opened, 500, { kind: 'close-all', by: 'clients' }));
    const { count, dots } = at(closing, 505);
    expect(count).toBe(200);
    expect(dots.outward).toHaveLength(16);
  });

  it('draws the rest as dots', () => {
    const wire = at(wide, 45);
    expect(wire.density).toBe('crowd');
    expect(wire.packets.length).toBeLessThanOrEqual(14);
    const dots = wire.dots.outward.length + wire.dots.back.length;
    const alone = wire.packets.filter(({ count }) => count === 1).length;
    expect(dots + alone).toBe(wire.count);
    expect(wire.packets.some(({ count }) => count > 1)).toBe(true);
    expect(dotsPath(wire.dots.outward)).toMatch(/^(M\d+ -?\d+h0)+$/);
  });
});

describe('the packets of every scenario', () => {
  const names = [
    'one-page',
    'http-and-https',
    'mail-and-time',
    'two-clients',
    'two-servers-one-port',
  ];
  const rooms: readonly PictureSize[] = [
    usualSize,
    { length: 620, breadth: 168, em: 15, isUpright: false },
    { length: 90, breadth: 327, em: 14, isUpright: true },
  ];

  it.each(names)('never cover one another or leave the picture: %s', (name) => {
    const from = scenario(name);
    const ten = { kind: 'connect', client: 0, server: 0, port: 80, count: 10 } as const;
    const busy = act(from, sessionOf(from), 30, 30, ten);
    if (!busy.ok) throw new Error(busy.refusal);
    for (const session of [sessionOf(from), busy.session]) {
      const story = tell(from, session);
      for (const room of rooms) {
        for (let ms = 0; ms < 450; ms += 1.5) {
          story.replay.seekTime(ms);
          const flights = story.replay.flights();
          const wire = wireAt(flights, ms, story.cast, from.latencyMs, false, room);
          const [width, height] = room.isUpright
            ? [room.breadth, room.length]
            : [room.length, room.breadth];
          // A packet is at least so large.
          const [wide, high] = {
            words: room.isUpright ? [10, 3.7] : [13, 4.1],
            line: [15, 2.2],
            row: [10, 2.2],
            column: [4.7, 3.3],
          }[wire.form] as [number, number];
          const [w, h] = [wide * room.em, high * room.em];
          const wires = story.cast.clients.length * story.cast.servers.length;
          const places = hostPlaces(story.cast);
          for (const { from, to, isOutward, along, across } of wire.packets) {
            const ends = [from, to].map((end) => places.get(addressOf(end))?.[1] ?? 0);
            const [client = 0, server = 0] = isOutward ? ends : ends.toReversed();
            const [atClient, atServer] = wireEnds(
              client,
              server,
              story.cast.clients.length,
              story.cast.servers.length,
            );
            const middle = atClient + (atServer - atClient) * along + laneOf(isOutward, wires);
            expect(Math.abs(across - middle), `${name} at ${String(ms)}`).toBeLessThan(
              0.25 / wires,
            );
          }
          const boxes = wire.packets.map(({ along, across }) => ({
            x: (room.isUpright ? across : along) * width,
            y: (room.isUpright ? along : across) * height,
          }));
          boxes.forEach((box, index) => {
            expect(box.x).toBeGreaterThanOrEqual(w / 2);
            expect(box.x).toBeLessThanOrEqual(width - w / 2);
            expect(box.y).toBeGreaterThanOrEqual(h / 2);
            expect(box.y).toBeLessThanOrEqual(height - h / 2);
            for (const other of boxes.slice(index + 1)) {
              const isApart = Math.abs(box.x - other.x) >= w || Math.abs(box.y - other.y) >= h;
              expect(isApart, `${name} at ${String(ms)}`).toBe(true);
            }
          });
        }
      }
    }
  });

  it('goes one packet a group where ten set out together', () => {
    const from = scenario('http-and-https');
    const ten = { kind: 'connect', client: 0, server: 0, port: 80, count: 10 } as const;
    const change = act(from, sessionOf(from), 0, 0, ten, true);
    if (!change.ok) throw new Error(change.refusal);
    const story = tell(from, change.session);
    story.replay.seekTime(9.5);
    const wire = wireAt(story.replay.flights(), 9.5, story.cast, from.latencyMs, false);
    expect(wire.packets).toMatchObject([{ count: 10, fromPort: null, toPort: 80 }]);
  });
});

describe('a call that fails', () => {
  const from = scenario('two-servers-one-port');
  const story = tell(from, sessionOf(from));

  it('is the latest thing that has happened until something else does', () => {
    expect(story.failures).toMatchObject([{ event: { error: 'EADDRNOTAVAIL', atMs: 120 } }]);
    const told = (ms: number) => {
      story.replay.seekTime(ms);
      return failureAt(story.failures, story.replay.index)?.connection ?? null;
    };
    expect([119, 120, 299, 300].map(told)).toEqual([null, 'third', 'third', null]);
  });

  it('is the caption', () => {
    story.replay.seekTime(150);
    const failed = failureAt(story.failures, story.replay.index);
    if (failed === null) throw new Error('no failure');
    const counts = { open: 0, used: 0, waiting: 0 };
    const wire = wireAt([], 150, story.cast, from.latencyMs, false);
    expect(captionOf(en, story.cast, wire, counts, failed)).toContain('EADDRNOTAVAIL');
  });
});

describe('what a page carries', () => {
  it('is the whole recording of a lesson’s scenario', () => {
    const whole = record(base, sessionOf(base));
    expect(carried(whole, 'midway')).toBe(whole);
  });

  it('leads to the same resting picture where there are thousands of connections', () => {
    const big = scenario('two-thousand');
    const whole = record(big, sessionOf(big));
    const part = carried(whole, 'midway');
    expect(part.isCut).toBe(true);
    expect(JSON.stringify(part).length).toBeLessThan(100_000);
    const restMs = openingMoment(whole.trace, 'midway');
    expect(openingMoment(part.trace, 'midway')).toBe(restMs);
    expect(at(storyOf(big, sessionOf(big), part), restMs)).toEqual(
      at(storyOf(big, sessionOf(big), whole), restMs),
    );
  });
});

describe('the strip of ports', () => {
  const socket = (id: number, localPort: number) => ({
    id,
    host: 'client',
    protocol: 'tcp' as const,
    connection: `c${id}`,
    localAddress: '10.0.0.2',
    localPort,
    remoteAddress: '10.0.0.10',
    remotePort: 80,
    state: 'ESTABLISHED' as const,
    sinceMs: 0,
    expiresAtMs: null,
  });

  it('labels the newest first, neighbours on a second line, and then only what has room', () => {
    const ports = [37_356, 38_220, 37_372, 50_000];
    const { marks } = stripOf(
      ports.map((port, index) => socket(index + 1, port)),
      32_768,
      60_999,
    );
    expect(marks.map(({ port, labelled }) => [port, labelled.wide])).toEqual([
      [50_000, 0],
      [37_372, 0],
      [38_220, 1],
      [37_356, null],
    ]);
  });
});

describe('standing still', () => {
  it('puts every segment in the middle', () => {
    const story = tell(base, sessionOf(base));
    for (const ms of [1, 9, 12, 19]) expect(at(story, ms, true).packets[0]?.along).toBe(0.5);
  });
});

describe('words', () => {
  const leaves = (tree: object, path = ''): [string, string][] =>
    Object.entries(tree).flatMap(([key, value]: [string, unknown]) =>
      typeof value === 'string'
        ? [[`${path}${key}`, value] as [string, string]]
        : leaves(value as object, `${path}${key}.`),
    );

  it('are the same in both languages, with the same places', () => {
    const english = new Map(leaves(en));
    const japanese = new Map(leaves(ja));
    expect([...japanese.keys()].sort()).toEqual([...english.keys()].sort());
    const places = (text: string) =>
      [...new Set([...text.matchAll(/\{(\w+)/g)].map((m) => m[1]))].sort();
    for (const [key, text] of japanese) {
      expect(text.trim(), key).not.toBe('');
      expect(places(text), key).toEqual(places(english.get(key) ?? ''));
    }
  });
});
