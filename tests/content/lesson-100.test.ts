/** What lesson 100 says of states and times, held against the engine and the recordings. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { linux } from '../../src/network/os-profiles/linux.ts';
import { timersOf } from '../../src/network/os-profiles/profiles.ts';
import { timetable } from '../../src/network/os-profiles/timers.ts';
import { SysctlTable } from '../../src/network/sysctl/sysctl-table.ts';
import { cells } from '../../src/simulations/state-machine/diagram.ts';
import { storyNumbers } from '../../src/simulations/state-machine/late-segment.ts';
import { plans, play } from '../../src/simulations/state-machine/conversation.ts';
import remedies from '../golden/remedies.json' with { type: 'json' };
import restart from '../golden/restart.json' with { type: 'json' };
import states from '../golden/states.json' with { type: 'json' };

interface Question {
  readonly id: string;
  readonly answer: unknown;
}

const read = (path: string): string =>
  readFileSync(new URL(`../../content/${path}`, import.meta.url), 'utf8');
const questions = parse(read('questions/100-life-of-a-connection.yaml')) as readonly Question[];
const answerOf = (id: string): unknown => questions.find((one) => one.id === id)?.answer;

const { sentMs, givenUpMs } = timetable(timersOf(linux).syn, 100);

describe('lesson 100', () => {
  it('the SYN’s times, and how many leave in the first 10 seconds', () => {
    expect(sentMs.map((ms) => ms / 1000)).toEqual([0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67]);
    expect(answerOf('syns-in-ten-seconds')).toBe(sentMs.filter((ms) => ms <= 10_000).length);
    expect(givenUpMs).toBeGreaterThan(120_000);
    const recorded = states.data.SYN_dropped_by_a_firewall.defaults;
    expect(recorded.SYN_sent_at_s[0]?.slice(-3).map(Math.round)).toEqual([20, 36, 69]);
    expect(recorded.connects[0]?.after_s).toBeCloseTo(134.5, 1);
  });

  it('TIME-WAIT’s figure does not follow tcp_fin_timeout; its real lengths are the recording’s', () => {
    const table = new SysctlTable(linux.settings);
    table.set('net.ipv4.tcp_fin_timeout', '5');
    expect(linux.timers(table)).toMatchObject({ timeWaitMs: 60_000, finWait2Ms: 5000 });
    const lasted = states.data['TIME-WAIT_lengths'].lasted_s;
    expect(lasted).toHaveLength(200);
    expect(Math.min(...lasted)).toBeGreaterThanOrEqual(60.02);
    expect(Math.max(...lasted)).toBeLessThanOrEqual(62.05);
  });

  it('the conversations end as the lesson says', () => {
    const last = (story: keyof typeof plans) =>
      play(story, plans[story])
        .filter((one) => one.atMs < 60_000)
        .at(-1);
    expect(last('client-first')).toMatchObject({
      client: { state: 'TIME-WAIT' },
      server: { state: 'CLOSED' },
    });
    expect(last('server-first')).toMatchObject({
      client: { state: 'CLOSED' },
      server: { state: 'TIME-WAIT' },
    });
    expect(last('both')).toMatchObject({
      client: { state: 'TIME-WAIT' },
      server: { state: 'TIME-WAIT' },
    });
    expect(last('reset')).toMatchObject({
      client: { state: 'CLOSED' },
      server: { state: 'CLOSED' },
    });
  });

  it('11 states, and the late copy’s clock', () => {
    expect(new Set(cells.map(([cell]) => cell)).size - 1).toBe(11);
    expect(storyNumbers.isTaken).toBe(true);
    expect(250_000 * 4e-6).toBe(1);
  });

  it('which-restart: as the recording', () => {
    const over = restart.data['restart over TIME-WAIT, options'].result['old 0.0.0.0, new 0.0.0.0'];
    const outcomes = {
      'new-only': over['old none -> new SO_REUSEADDR'],
      'both-addr': over['old SO_REUSEADDR -> new SO_REUSEADDR'],
      mixed: over['old SO_REUSEPORT -> new SO_REUSEADDR'],
      'client-first':
        restart.data['restart over other leftovers'].result['nothing (client closed first)'][
          'old none -> new none'
        ],
      'both-port': over['old SO_REUSEPORT -> new SO_REUSEPORT'],
    };
    expect(
      Object.entries(outcomes)
        .filter(([, outcome]) => outcome === 'ok')
        .map(([id]) => id),
    ).toEqual(answerOf('which-restart'));
    expect(Object.keys(over)).toHaveLength(16);
    const waited =
      restart.data['until a listener without options works'][
        'seconds until bind and listen without options work (tried every 0.25 s)'
      ]['TIME-WAIT (server closed first)'];
    expect([Math.min(...waited), Math.max(...waited)].map((s) => s.toFixed(1))).toEqual([
      '60.1',
      '61.6',
    ]);
  });

  it.each(['en', 'ja'] as const)('%s: what it quotes of the recordings', (locale) => {
    const text = read(`lessons/${locale}/100-life-of-a-connection.mdx`);
    const thrown = JSON.stringify(remedies.data.what_a_reset_throws_away);
    expect(thrown).toContain('"client_wrote":78192,"server_read":14480');
    expect(text).toContain('14,480');
    expect(text).toContain('78,192');
    const timelines = Object.values(states.data.timelines.cases);
    const forgotten = timelines.find(({ client }) => client === '10.0.0.2:45018');
    expect(forgotten?.server_states.at(-1)?.[0]).toBeGreaterThan(131_000);
    for (const row of ['CLOSE-WAIT', 'TIME-WAIT']) expect(text).toContain(row);
  });
});
