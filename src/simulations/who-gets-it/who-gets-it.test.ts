import { describe, expect, it } from 'vitest';
import { arrivals } from './arrivals.ts';
import { mistakeOf, truthOf } from './judge.ts';

const all = arrivals();

describe('who gets a packet', () => {
  it('asks one of each kind: newcomer, connection, datagram, nobody in TCP and in UDP', () => {
    expect(all.map(truthOf)).toEqual([
      'listener',
      'connection',
      'listener',
      'connection',
      'datagram',
      'connection',
      'nobodyUdp',
      'nobodyTcp',
      'connection',
    ]);
  });

  it('gives each packet to the most specific socket that its four numbers and transport fit', () => {
    for (const arrival of all) {
      const fits = arrival.sockets.filter(
        (one) => one.protocol === arrival.protocol && one.localPort === arrival.destinationPort,
      );
      const exact = fits.find(
        (one) =>
          one.remoteAddress === arrival.sourceAddress && one.remotePort === arrival.sourcePort,
      );
      const open = fits.find((one) => one.remotePort === 0);
      expect(arrival.receiver).toBe((exact ?? open)?.id ?? null);
    }
  });

  it('tells two connections apart that differ in the client’s address alone', () => {
    const [first, same] = [all[1], all[3]];
    expect(first?.sourcePort).toBe(same?.sourcePort);
    expect(first?.receiver).not.toBe(same?.receiver);
  });

  it('has exactly one right answer for every packet, and a reason against every other', () => {
    for (const arrival of all) {
      const judged = [null, ...arrival.sockets].map((one) => mistakeOf(arrival, one));
      expect(judged.filter((mistake) => mistake === null)).toHaveLength(1);
    }
  });
});
