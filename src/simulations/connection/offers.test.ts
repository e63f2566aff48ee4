import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseScenario } from '../../network/scenario/scenario-parser.ts';
import { act, scenarioOf } from './deeds.ts';
import { offersOf, requestFor } from './offers.ts';
import { record } from './recording.ts';
import { sessionOf } from './session.ts';

function scenario(name: string) {
  const url = new URL(`../../../content/scenarios/${name}.json`, import.meta.url);
  return parseScenario(JSON.parse(readFileSync(url, 'utf8')) as unknown);
}

const mail = scenario('mail-and-time');

it('offers what is listened on first, then what the lesson’s clients try', () => {
  expect(offersOf(mail)).toEqual([
    { protocol: 'tcp', port: 25 },
    { protocol: 'udp', port: 123 },
    { protocol: 'tcp', port: 110 },
  ]);
  expect(offersOf(scenario('two-servers-one-port'))).toEqual([{ protocol: 'tcp', port: 80 }]);
});

it('asks as the lesson does: the time by datagram, with its length', () => {
  expect(requestFor(mail, 123)).toEqual({ protocol: 'udp', request: 48, response: 48 });
  expect(requestFor(mail, 110)).toEqual({ protocol: 'tcp' });
  const deed = { kind: 'connect', client: 0, server: 0, port: 123, count: 1 } as const;
  const change = act(mail, sessionOf(mail), 0, 0, deed);
  if (!change.ok) throw new Error(change.refusal);
  const { trace } = record(mail, change.session);
  const sent = trace.filter((event) => event.event === 'datagram' && event.phase === 'sent');
  // The lesson's own datagram of 300 ms is put away: a learner's deeds and the script never mix.
  expect(sent.map(({ atMs }) => atMs)).toEqual([0, 10]);
  expect(scenarioOf(mail, change.session).actions.at(-1)).toMatchObject({ to: '10.0.0.10:123' });
});
