import { describe, expect, it } from 'vitest';
import en from '../../../content/interface/connection-why/en.json';
import ja from '../../../content/interface/connection-why/ja.json';
import { profiles } from '../../network/os-profiles/profiles.ts';
import { parseScenario } from '../../network/scenario/scenario-parser.ts';
import type { SkipReason } from '../../network/trace/trace.ts';
import { candidatesAt } from './candidate-list.ts';
import { record } from './recording.ts';
import { sessionOf } from './session.ts';
import { storyOf } from './story.ts';
import { explain } from './why.ts';

/** Ten ports, one of them reserved, one a listener's; twelve connections to one listener, some closed again. */
const crowded = (seed: number) =>
  parseScenario({
    version: 1,
    seed,
    hosts: [
      {
        name: 'client',
        os: 'linux',
        address: '10.0.0.2',
        sysctl: {
          'net.ipv4.ip_local_port_range': '40000 40009',
          'net.ipv4.ip_local_reserved_ports': '40003',
        },
      },
      { name: 'web', os: 'linux', address: '10.0.0.10', listen: [{ port: 80 }] },
    ],
    actions: [
      { atMs: 0, do: 'bind', host: 'client', port: 40006, as: 'own' },
      { atMs: 1, do: 'connect', from: 'client', to: '10.0.0.10:80', count: 4, everyMs: 1, as: 'a' },
      { atMs: 500, do: 'close', connection: 'a#1', by: 'client' },
      {
        atMs: 900,
        do: 'connect',
        from: 'client',
        to: '10.0.0.10:80',
        count: 8,
        everyMs: 1,
        as: 'b',
      },
    ],
  });

describe('every candidate of a choice', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const base = crowded(seed);
    const session = sessionOf(base);
    const story = storyOf(base, session, record(base, session));

    it(`agrees with what the choice itself recorded, failed ones too (seed ${String(seed)})`, () => {
      expect(story.choices.length).toBe(12);
      for (const { index, event } of story.choices) {
        const list = candidatesAt(base, session, index);
        expect(list.length).toBe(event.why.considered);
        expect(list[0]?.port).toBe(event.why.start);
        expect(new Set(list.map(({ port }) => port)).size).toBe(list.length);
        const reasons: Partial<Record<SkipReason, number>> = {};
        for (const { skipped } of list) {
          if (skipped !== null) reasons[skipped] = (reasons[skipped] ?? 0) + 1;
        }
        expect(reasons).toEqual(event.why.skipped);
        const taken = list.filter(({ skipped }) => skipped === null).map(({ port }) => port);
        expect(taken).toEqual(event.event === 'port-chosen' ? [event.port] : []);
      }
    });

    it(`says of a failure how many fell away and why (seed ${String(seed)})`, () => {
      const failed = story.choices.find(({ event }) => event.event === 'error')?.event;
      if (failed === undefined) throw new Error('nothing failed');
      expect(failed).toMatchObject({ error: 'EADDRNOTAVAIL', why: { considered: 10 } });
      for (const words of [en, ja]) {
        const why = explain(words, failed, { name: 'Linux', evidence: 'measured' }, 'x');
        expect([why.plain, ...why.details].join(' ')).not.toMatch(/[{}]|undefined/);
        expect(why.candidates.some(({ isChosen }) => isChosen)).toBe(false);
      }
      const { details } = explain(en, failed, { name: 'Linux', evidence: 'measured' }, 'x');
      expect(details).toContain('Passed over 1: reserved.');
      expect(details).toContain('Passed over 1: bound by a program.');
    });
  }

  it('is listed for every system', () => {
    for (const { id } of profiles) {
      const base = crowded(1);
      const session = { ...sessionOf(base), clients: [id] };
      const story = storyOf(base, session, record(base, session));
      const { index, event } = story.choices.at(-1) ?? {};
      const list = candidatesAt(base, session, index ?? -1);
      expect(list.length, id).toBe(event?.why.considered);
      expect(list.at(-1)?.skipped === null, id).toBe(event?.event === 'port-chosen');
    }
  });

  it('is empty where nothing was chosen', () => {
    const base = crowded(1);
    expect(candidatesAt(base, sessionOf(base), 0)).toEqual([]);
    expect(candidatesAt(base, sessionOf(base), 1e6)).toEqual([]);
  });
});
