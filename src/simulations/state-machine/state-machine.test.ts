import { describe, expect, it } from 'vitest';
import { plans, play } from './conversation.ts';
import { cellOf, cells, lineOf, ways } from './diagram.ts';
import { lateNumbers, storyNumbers } from './late-segment.ts';
import { isLate, isPossible, stories, type Moment, type Side, type Story } from './moments.ts';

const planOf = (story: Story) => (isLate(story) ? [] : plans[story]);
const run = (story: Story): readonly Moment[] => play(story, planOf(story));

/** The states an end has come into, with the times. */
const statesOf = (moments: readonly Moment[], side: Side): readonly string[] =>
  moments.filter((one) => one[side].isNew).map((one) => `${one.atMs} ${one[side].state}`);

describe('the conversations', () => {
  it('the client closes first: it keeps TIME-WAIT for 60 s, the server is gone at once', () => {
    const moments = run('client-first');
    expect(statesOf(moments, 'client')).toEqual([
      '0 SYN-SENT',
      '100 ESTABLISHED',
      '400 FIN-WAIT-1',
      '500 FIN-WAIT-2',
      '650 TIME-WAIT',
      '60650 CLOSED',
    ]);
    expect(statesOf(moments, 'server')).toEqual([
      '50 SYN-RECEIVED',
      '150 ESTABLISHED',
      '450 CLOSE-WAIT',
      '600 LAST-ACK',
      '700 CLOSED',
    ]);
  });

  it('the server closes first: the roles are exchanged', () => {
    const moments = run('server-first');
    expect(statesOf(moments, 'server').at(-2)).toBe('650 TIME-WAIT');
    expect(statesOf(moments, 'client').at(-1)).toBe('700 CLOSED');
  });

  it('both at once: CLOSING, and TIME-WAIT on both sides', () => {
    const moments = run('both');
    for (const side of ['client', 'server'] as const) {
      expect(statesOf(moments, side).slice(-4)).toEqual([
        '400 FIN-WAIT-1',
        '450 CLOSING',
        '500 TIME-WAIT',
        '60500 CLOSED',
      ]);
    }
  });

  it('half-close: the server sends while the client is in FIN-WAIT-2', () => {
    const sending = run('half-close').find((one) => one.actions.includes('server-send'));
    expect(sending?.client.state).toBe('FIN-WAIT-2');
    expect(sending?.server.state).toBe('CLOSE-WAIT');
    expect(sending?.sent[0]).toMatchObject({ isOutward: false, bytes: 480 });
  });

  it('reset: no TIME-WAIT anywhere, and the other program hears ECONNRESET', () => {
    const moments = run('reset');
    expect(moments.some((one) => one.client.state === 'TIME-WAIT')).toBe(false);
    expect(moments.at(-1)).toMatchObject({ atMs: 450, server: { error: 'ECONNRESET' } });
  });

  it('refused: one round trip', () => {
    expect(run('refused').at(-1)).toMatchObject({ atMs: 100, client: { error: 'ECONNREFUSED' } });
  });

  it('silence: every SYN is dropped, at the times that were measured, then ETIMEDOUT', () => {
    const moments = run('silence');
    const syns = moments.filter((one) => one.sent.length > 0);
    expect(syns.every((one) => one.sent[0]?.arrivesIn === null)).toBe(true);
    expect(syns.map((one) => one.atMs / 1000)).toEqual([0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67]);
    expect(moments.at(-1)?.client.error).toBe('ETIMEDOUT');
  });

  it('forgotten: the client is gone after a minute, the server stays in CLOSE-WAIT for ever', () => {
    const last = run('forgotten').at(-1);
    expect(last?.client.state).toBe('CLOSED');
    expect(last?.server).toMatchObject({ state: 'CLOSE-WAIT', expiresAtMs: null });
  });

  it('what is done instead is done, and what was planned is not', () => {
    const [opened] = plans['client-first'];
    if (!opened) throw new Error('no plan');
    const moments = play('client-first', [opened, { atMs: 150, action: 'server-reset' }]);
    expect(moments.at(-1)).toMatchObject({ atMs: 200, client: { error: 'ECONNRESET' } });
  });

  it.each(stories)('%s: arrows go forward, and every way but a reset’s is drawn', (story) => {
    const moments = run(story);
    for (const [place, one] of moments.entries()) {
      for (const { arrivesIn } of one.sent) {
        if (arrivesIn !== null) expect(arrivesIn).toBeGreaterThan(place);
      }
    }
    const taken = moments.flatMap((one) => [...one.ways.client, ...one.ways.server]);
    const undrawn = new Set(taken.filter((way) => !ways.includes(way)));
    const abrupt = ['reset', 'refused', 'silence'].includes(story);
    expect(
      [...undrawn].every((way) => way.endsWith('>CLOSED') || way === 'FIN-WAIT-2>CLOSED'),
    ).toBe(true);
    if (!abrupt && story !== 'forgotten') expect(undrawn.size).toBe(0);
  });
});

describe('the late segment', () => {
  it('has the numbers that the widget tells, and would be taken', () => {
    expect(storyNumbers).toEqual({
      late: 1_600_001,
      expected: 1_580_001,
      last: 1_645_535,
      isTaken: true,
      atByte: 100_000,
    });
  });

  it('is not taken a minute later: the clock has left it far behind', () => {
    expect(lateNumbers(600_000, 62, 80_000).isTaken).toBe(false);
  });

  it('with TIME-WAIT meets the old socket', () => {
    const moments = run('late-with');
    expect(moments.at(-1)).toMatchObject({ note: 'thrown-away', client: { state: 'TIME-WAIT' } });
    expect(moments[0]?.sent[0]?.arrivesIn).toBe(moments.length - 1);
  });
});

describe('the diagram', () => {
  it('has a place of its own for each state, and lines between places', () => {
    expect(new Set(cells.map(([, column, row]) => `${column} ${row}`)).size).toBe(cells.length);
    for (const way of ways) expect(lineOf(way).every((one) => one > 0)).toBe(true);
    expect(cellOf('CLOSED', [])).toBe('CLOSED');
    expect(cellOf('CLOSED', ['SYN-SENT>CLOSED'])).toBe('GONE');
  });
});

describe('what can be done', () => {
  it('follows the states', () => {
    const moments = run('client-first');
    const at = (ms: number) => moments.find((one) => one.atMs === ms);
    const [start, open, closing] = [at(0), at(150), at(450)];
    if (!start || !open || !closing) throw new Error('moments are missing');
    expect(isPossible('client-connect', start, plans['client-first'])).toBe(false);
    expect(isPossible('server-close', start, [])).toBe(false);
    expect(isPossible('client-shutdown', open, [])).toBe(true);
    expect(isPossible('client-send', closing, [])).toBe(false);
    expect(isPossible('server-send', closing, [])).toBe(true);
  });
});
