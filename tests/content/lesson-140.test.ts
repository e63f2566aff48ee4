/** What lesson 140 says of a NAT, held against the recording and the engine. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { conntrackSeconds } from '../../src/network/wire/conntrack.ts';
import { classOf } from '../../src/network/wire/netfilter-ports.ts';
import { roomAfter } from '../../src/simulations/nat-table/nat-room.ts';
import { servers } from '../../src/simulations/nat-table/setup.ts';
import nat from '../golden/nat.json' with { type: 'json' };
import { localeCodes, textOf } from './lesson-text.ts';

interface Question {
  readonly id: string;
  readonly answer: unknown;
}

const { data } = nat;
const questions = parse(
  readFileSync(new URL('../../content/questions/140-behind-the-nat.yaml', import.meta.url), 'utf8'),
) as readonly Question[];
const answerOf = (id: string): unknown => questions.find((one) => one.id === id)?.answer;
const [first, second] = servers;

describe('lesson 140', () => {
  it('how-many-homes: ports of the class by the size of a block', () => {
    const { low, high } = classOf(40_000);
    expect(high - low + 1).toBe(64_512);
    expect(answerOf('how-many-homes')).toBe((high - low + 1) / 1024);
  });

  it('second-client: the class, half of them odd in 2,000 draws', () => {
    const drawn = data['same_source_port_twice tcp 40000'].second_client;
    expect(drawn.n).toBe(2000);
    expect(drawn.min).toBeGreaterThanOrEqual(1024);
    expect(drawn.even / drawn.n).toBeCloseTo(1 / 2, 1);
    expect(classOf(1023).high).toBeLessThan(1024);
  });

  it('who-becomes-what and pool-of-one: as the student tells', () => {
    const one = { kind: 'connect', client: 'client1', server: first } as const;
    const two = { kind: 'connect', client: 'client2', server: first } as const;
    expect(roomAfter('keeps', [one]).outcome.kind).toBe('kept');
    expect(roomAfter('keeps', [one, two]).outcome.kind).toBe('moved');
    expect(roomAfter('keeps', [one, { ...two, server: second }]).outcome.kind).toBe('kept');
    // Without beginning again, it takes the number along that it has been given.
    const goesOn = roomAfter('keeps', [one, two, { ...two, server: second }]);
    expect(goesOn.outcome.kind).toBe('moved');
    expect(new Set(goesOn.rows.slice(1).map(({ outside }) => outside)).size).toBe(1);
    const full = roomAfter('one-port', [one, two]);
    expect(full.outcome.kind).toBe('full');
    expect(full.sockets.find(({ host }) => host === 'client2')?.state).toBe('SYN-SENT');
  });

  it('the clocks', () => {
    expect(conntrackSeconds.ESTABLISHED).toBe(5 * 24 * 3600);
    expect([conntrackSeconds.UDP, conntrackSeconds.UDP_STREAM]).toEqual([30, 120]);
    expect(conntrackSeconds.TIME_WAIT).toBe(120);
    const words = data.udp_mapping_lifetime['one exchange, then the server again after s'];
    expect(words['28']).toBe('delivered');
    expect(words['32']).toMatch(/^lost/);
  });

  it('the full pool and the coin', () => {
    const waits = data.pool_full_next_SYN.next_connects;
    expect(waits[0]?.name).toBe('ETIMEDOUT');
    expect(waits[0]?.after_s).toBeCloseTo(133.4, 1);
    const outcomes = Object.entries(data)
      .filter(([name]) => /^freed_pool (client first|server first|reset)/.test(name))
      .flatMap(([, value]) =>
        'outcome_by_sequence_number' in value
          ? Object.entries(value.outcome_by_sequence_number)
          : [],
      );
    const count = (name: RegExp): number =>
      outcomes.reduce((sum, [key, runs]) => sum + (name.test(key) ? runs : 0), 0);
    expect(count(/ahead.*connected/)).toBe(96);
    expect(count(/ahead.*no answer/)).toBe(0);
    expect(count(/behind.*no answer/)).toBe(84);
    expect(count(/behind.*connected/)).toBe(0);
  });

  it.each(localeCodes)('%s: the numbers are in the text', (locale) => {
    const text = textOf(locale, '140-behind-the-nat');
    for (const number of ['2,000', '133.4', '64,512', '55,000', '100.64.0.0/10']) {
      expect(text).toContain(number);
    }
  });
});
