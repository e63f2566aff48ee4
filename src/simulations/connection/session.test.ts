import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../network/scenario/scenario.ts';
import { act, resize, scenarioOf } from './learner-actions.ts';
import {
  castOf,
  MOST_CONNECTIONS,
  runningStreams,
  sessionOf,
  STREAM_CONNECTIONS,
  type NewLearnerAction,
  type Session,
} from './session.ts';
import { decodeMoment, encodeMoment } from './session-code.ts';

const base: Scenario = {
  version: 1,
  seed: 42,
  latencyMs: 10,
  hosts: [
    { name: 'client', os: 'linux', addresses: ['10.0.0.2'], sysctl: {}, listen: [] },
    {
      name: 'web',
      os: 'linux',
      addresses: ['10.0.0.10'],
      sysctl: {},
      listen: [{ protocol: 'tcp', port: 80, address: '0.0.0.0' }],
    },
  ],
  actions: [
    {
      atMs: 0,
      do: 'connect',
      from: 'client',
      to: '10.0.0.10:80',
      protocol: 'tcp',
      as: 'page',
      everyMs: 0,
    },
    { atMs: 200, do: 'close', connection: 'page', by: 'client' },
  ],
};
const systems = ['linux', 'windows', 'macos', 'freebsd', 'iana'];
const http: NewLearnerAction = { kind: 'connect', client: 0, server: 0, port: 80, count: 1 };

function after(
  session: Session,
  atMs: number,
  seenMs: number,
  action: Parameters<typeof act>[4],
): Session {
  const change = act(base, session, atMs, seenMs, action);
  if (!change.ok) throw new Error(change.refusal);
  return change.session;
}

describe('a session', () => {
  it('without actions is the lesson’s scenario', () => {
    expect(scenarioOf(base, sessionOf(base))).toEqual(base);
  });

  it('adds hosts of the same kind with addresses of their own', () => {
    const cast = castOf(base, resize(sessionOf(base), 3, 2));
    expect(cast.clients.map((host) => [host.name, host.addresses[0]])).toEqual([
      ['client', '10.0.0.2'],
      ['client2', '10.0.0.3'],
      ['client3', '10.0.0.4'],
    ]);
    expect(cast.servers[1]).toMatchObject({ name: 'web2', addresses: ['10.0.0.11'] });
    expect(cast.servers[1]?.listen).toEqual(cast.servers[0]?.listen);
  });

  it('drops the settings of Linux where another system is chosen', () => {
    const tuned: Scenario = {
      ...base,
      hosts: base.hosts.map((host) => ({ ...host, sysctl: { 'net.ipv4.tcp_tw_reuse': '1' } })),
    };
    const session = { ...sessionOf(tuned), clients: ['windows'] };
    expect(castOf(tuned, session).clients[0]).toMatchObject({ os: 'windows', sysctl: {} });
    expect(castOf(tuned, sessionOf(tuned)).clients[0]?.sysctl).not.toEqual({});
  });

  it('puts the script’s future away as soon as the learner acts', () => {
    const session = after(sessionOf(base), 30, 30, http);
    expect(scenarioOf(base, session).actions.map((action) => [action.atMs, action.do])).toEqual([
      [0, 'connect'],
      [30, 'connect'],
    ]);
    expect(act(base, sessionOf(base), 30, 30, http)).toMatchObject({ replacedFuture: true });
    expect(act(base, session, 40, 40, http)).toMatchObject({ replacedFuture: false });
  });

  it('opens what was pressed and nothing of the script, where nothing has happened yet', () => {
    for (const count of [1, 10]) {
      const change = act(base, sessionOf(base), 0, 0, { ...http, count }, true);
      if (!change.ok) throw new Error(change.refusal);
      const { actions } = scenarioOf(base, change.session);
      expect(actions).toHaveLength(1);
      expect(actions[0]).toMatchObject({ do: 'connect', as: 'c1' });
    }
  });

  it('replaces the later future when acting in the past, and the session before brings it back', () => {
    const first = after(sessionOf(base), 300, 300, http);
    expect(first.cutMs).toBeNull();
    const change = act(base, first, 50, 300, http);
    expect(change).toMatchObject({ ok: true, replacedFuture: true });
    if (!change.ok) return;
    expect(scenarioOf(base, change.session).actions.map((action) => action.atMs)).toEqual([0, 50]);
    expect(scenarioOf(base, first).actions.map((action) => action.atMs)).toEqual([0, 200, 300]);
  });

  it('closes what a stream opened, and a stopped stream opens no more', () => {
    const stream: NewLearnerAction = {
      kind: 'stream',
      client: 0,
      server: 0,
      port: 443,
      perSecond: 20,
      keepsOpen: false,
      untilMs: null,
    };
    const running = after(sessionOf(base), 1000, 1000, stream);
    expect(runningStreams(running, 5000)).toHaveLength(1);
    const stopped = after(running, 2000, 2000, { kind: 'stop' });
    expect(runningStreams(stopped, 2000)).toHaveLength(0);
    const actions = scenarioOf(base, stopped).actions;
    expect(actions.find((action) => action.do === 'connect' && action.atMs === 1000)).toMatchObject(
      {
        count: 21,
        everyMs: 50,
      },
    );
    expect(actions.filter((action) => action.do === 'close')).toHaveLength(22);
    expect(runningStreams(after(stopped, 1500, 2000, http), 1500)).toHaveLength(1);
  });

  it('refuses more connections than it can show', () => {
    const stream: NewLearnerAction = {
      kind: 'stream',
      client: 0,
      server: 0,
      port: 80,
      perSecond: 500,
      keepsOpen: true,
      untilMs: null,
    };
    let session = sessionOf(base);
    for (let at = 0; at < MOST_CONNECTIONS / STREAM_CONNECTIONS; at += 1) {
      session = after(session, at, at, stream);
    }
    expect(act(base, session, 10, 10, http)).toEqual({ ok: false, refusal: 'too-many' });
  });

  it('forgets the actions of a client that leaves', () => {
    const two = resize(sessionOf(base), 2, 1);
    const busy = after(two, 10, 10, { ...http, client: 1 });
    expect(resize(busy, 1, 1).learnerActions).toEqual([]);
  });
});

const learnerActions = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 5000 }),
    fc.constantFrom<Parameters<typeof act>[4]>(
      http,
      { ...http, port: 443, count: 10, server: 1 } as NewLearnerAction,
      {
        kind: 'stream',
        client: 1,
        server: 0,
        port: 80,
        perSecond: 20,
        keepsOpen: true,
        untilMs: null,
      },
      {
        kind: 'stream',
        client: 0,
        server: 1,
        port: 80,
        perSecond: 500,
        keepsOpen: false,
        untilMs: null,
      },
      { kind: 'close', connection: 'c1#3', by: 'web' },
      { kind: 'close', connection: 'page', by: 'client2' },
      { kind: 'close-all', by: 'servers' },
      { kind: 'stop' },
    ),
  ),
  { maxLength: 8 },
);

describe('a link', () => {
  it('says the session and the moment again', () => {
    fc.assert(
      fc.property(
        learnerActions,
        fc.integer({ min: 0, max: 0xffff_ffff }),
        fc.integer({ min: 0, max: 100_000_00 }),
        fc.constantFrom(...systems),
        (list, seed, moment, os) => {
          let session: Session = { ...resize(sessionOf(base), 2, 2), seed, clients: ['linux', os] };
          let seen = 0;
          for (const [atMs, action] of list) {
            const change = act(base, session, atMs, seen, action);
            if (change.ok) session = change.session;
            seen = Math.max(seen, atMs);
          }
          const shared = { session, nowMs: moment / 100 };
          const text = encodeMoment(base, shared);
          expect(text).toMatch(/^[\w.~!-]+$/);
          expect(decodeMoment(base, text, systems)).toEqual(shared);
        },
      ),
    );
  });

  it('is refused when it is damaged or foreign', () => {
    const bad = [
      '',
      '1',
      '2~m0',
      '1~m',
      '1~mzzzzzzzzzzzz',
      '1~m0~',
      '1~m0~q',
      '1~m0~s',
      '1~m0~s-1',
      '1~m0~szzzzzzz',
      '1~m0~ominix',
      '1~m0~olinux.linux.linux.linux.linux',
      '1~m0~v9',
      '1~m0~c1.0.0.0.28',
      '1~m0~c1.0.5.0.28.1',
      '1~m0~c1.0.0.0.28.1~c1.0.0.0.28.1',
      '1~m0~c1.5.0.0.28.1~c2.0.0.0.28.1',
      '1~m0~t1.0.0.0.28.7.k.',
      '1~m0~x1.0.0.<b>',
      '1~m0~a1.0.q',
      '1~m00',
      '<script>',
      '1~m0~constructor',
    ];
    for (const text of bad) expect(decodeMoment(base, text, systems), text).toBeNull();
    expect(decodeMoment(base, 'x'.repeat(100_000), systems)).toBeNull();
  });

  it('is refused where it would open more connections than anybody can by hand', () => {
    const streams = (count: number): string =>
      Array.from({ length: count }, (_, at) => `t${(at + 1).toString(36)}.0.0.0.28.5.k.`).join('~');
    expect(decodeMoment(base, `1~m0~${streams(2)}`, systems)).not.toBeNull();
    expect(decodeMoment(base, `1~m0~${streams(3)}`, systems)).toBeNull();
    expect(decodeMoment(base, `1~m0~${streams(200)}`, systems)).toBeNull();
    expect(
      decodeMoment(
        base,
        `1~m0~c1.0.0.0.28.rs~${streams(1).replace('t1', 't2')}~c3.0.0.0.28.rs~c4.0.0.0.28.1`,
        systems,
      ),
    ).toBeNull();
  });

  it('stays short', () => {
    let session = sessionOf(base);
    session = after(session, 30, 30, http);
    session = after(session, 300, 300, { kind: 'close', connection: 'c1', by: 'client' });
    expect(encodeMoment(base, { session, nowMs: 312.5 }).length).toBeLessThan(40);
  });
});
