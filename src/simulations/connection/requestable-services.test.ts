import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseScenario } from '../../network/scenario/scenario-parser.ts';
import { Replay } from '../../network/trace/replay.ts';
import { connectionsOf } from './connections.ts';
import { act, scenarioOf } from './learner-actions.ts';
import { requestableServices, servesHttp3, requestFor } from './requestable-services.ts';
import { record } from './recording.ts';
import { decodeMoment, encodeMoment } from './session-code.ts';
import { castOf, sessionOf } from './session.ts';

function scenario(name: string) {
  const url = new URL(`../../../content/scenarios/${name}.json`, import.meta.url);
  return parseScenario(JSON.parse(readFileSync(url, 'utf8')) as unknown);
}

const mail = scenario('mail-and-time');

it('offers what is listened on first, then what the lesson’s clients try', () => {
  expect(requestableServices(mail)).toEqual([
    { protocol: 'tcp', port: 25 },
    { protocol: 'udp', port: 123 },
    { protocol: 'tcp', port: 110 },
  ]);
  expect(requestableServices(scenario('two-servers-one-port'))).toEqual([
    { protocol: 'tcp', port: 80 },
  ]);
});

it('asks as the lesson does: the time by datagram, with its length', () => {
  expect(requestFor(mail, 123)).toEqual({ protocol: 'udp', request: 48, response: 48 });
  expect(requestFor(mail, 110)).toEqual({ protocol: 'tcp' });
  const action = { kind: 'connect', client: 0, server: 0, port: 123, count: 1 } as const;
  const change = act(mail, sessionOf(mail), 0, 0, action);
  if (!change.ok) throw new Error(change.refusal);
  const { trace } = record(mail, change.session);
  const sent = trace.filter((event) => event.event === 'datagram' && event.phase === 'sent');
  // The lesson's own datagram of 300 ms is put away: a learner's actions and the script never mix.
  expect(sent.map(({ atMs }) => atMs)).toEqual([0, 10]);
  expect(scenarioOf(mail, change.session).actions.at(-1)).toMatchObject({ to: '10.0.0.10:123' });
});

const pages = scenario('http-and-https');

/** So many pages opened over HTTP/3, one an action. */
function openedOverQuic(count: number) {
  let session = sessionOf(pages);
  for (let i = 0; i < count; i += 1) {
    const action = {
      kind: 'connect',
      client: 0,
      server: 0,
      port: 443,
      count: 1,
      isQuic: true,
    } as const;
    const change = act(pages, session, i, i, action, i === 0);
    if (!change.ok) throw new Error(change.refusal);
    ({ session } = change);
  }
  return session;
}

it('opens a page over HTTP/3 from a UDP port of its own, of either parity, and leaves nothing behind', () => {
  const opened = openedOverQuic(40);
  const { trace } = record(pages, opened);
  const chosen = trace.flatMap((event) => (event.event === 'port-chosen' ? [event] : []));
  expect(chosen).toHaveLength(40);
  expect(new Set(chosen.map(({ protocol }) => protocol))).toEqual(new Set(['udp']));
  const ports = chosen.map(({ port }) => port);
  expect(new Set(ports).size).toBe(40);
  expect(new Set(ports.map((port) => port % 2))).toEqual(new Set([0, 1]));
  const datagrams = trace.flatMap((event) =>
    event.event === 'datagram' && event.phase === 'arrived' ? [event] : [],
  );
  expect(datagrams.filter(({ to }) => to.endsWith(':443'))).toHaveLength(40);
  expect(datagrams.filter(({ from }) => from.endsWith(':443'))).toHaveLength(40);
  expect(trace.filter(({ event }) => event === 'segment' || event === 'error')).toEqual([]);
  const closing = act(pages, opened, 500, 500, { kind: 'close-all', by: 'clients' });
  if (!closing.ok) throw new Error(closing.refusal);
  const states = record(pages, closing.session).trace.flatMap((event) =>
    event.event === 'state' && event.protocol === 'udp' && event.atMs === 500 ? [event.state] : [],
  );
  expect(states).toEqual(Array.from({ length: 40 }, () => 'CLOSED'));
});

it('has a server listen for HTTP/3 only once somebody opens a page so', () => {
  const listeners = (session: typeof plain) =>
    castOf(pages, session).servers[0]?.listen.map(({ protocol, port }) => `${protocol} ${port}`);
  const plain = sessionOf(pages);
  expect(listeners(plain)).not.toContain('udp 443');
  expect(listeners(openedOverQuic(1))?.at(-1)).toBe('udp 443');
  expect([pages, mail, scenario('two-servers-one-port')].map(servesHttp3)).toEqual([
    true,
    false,
    false,
  ]);
});

it('is kept in a link, and refused where there is no https', () => {
  const shared = { session: openedOverQuic(2), nowMs: 12 };
  const text = encodeMoment(pages, shared);
  expect(text).toContain('~q1.0.0.0.cb.1~q2.1.');
  expect(decodeMoment(pages, text, ['linux'])).toEqual(shared);
  for (const wrong of [
    text.replace('.cb.1', '.28.1'),
    text.replace('~q1', '~c1').replace('~q2', '~p2'),
  ])
    expect(decodeMoment(pages, wrong, ['linux'])).toBe(null);
  const mails = encodeMoment(mail, {
    session: { ...sessionOf(mail), learnerActions: [] },
    nowMs: 0,
  });
  expect(decodeMoment(mail, `${mails}~q1.0.0.0.cb.1`, ['linux'])).toBe(null);
});

it('plays between hosts of IPv6: both ends are one connection, a further client has an address', () => {
  const six = parseScenario({
    version: 1,
    hosts: [
      { name: 'client', os: 'linux', address: 'fd00:a::2' },
      { name: 'web', os: 'linux', address: 'fd00:a::10', listen: [{ port: 80, address: '::' }] },
    ],
  });
  const plain = { ...sessionOf(six), clients: ['linux', 'linux'] };
  const change = act(six, plain, 0, 0, {
    kind: 'connect',
    client: 1,
    server: 0,
    port: 80,
    count: 1,
  });
  if (!change.ok) throw new Error(change.refusal);
  const cast = castOf(six, change.session);
  expect(cast.clients.map(({ addresses }) => addresses)).toEqual([['fd00:a::2'], ['fd00:a::3']]);
  const { trace } = record(six, change.session);
  const replay = new Replay(trace);
  replay.seekTime(45);
  const sockets = new Map(['client2', 'web'].map((host) => [host, replay.sockets(host)]));
  expect(connectionsOf(cast, sockets)).toMatchObject([
    { server: '[fd00:a::10]:80', clientState: 'ESTAB', serverState: 'ESTAB' },
  ]);
});
