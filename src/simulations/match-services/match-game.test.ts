import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PAIRS_PER_ROUND, press, startRound } from './match-game.ts';

const pairs = Array.from({ length: 18 }, (_, index) => ({
  port: 20 + index,
  transport: 'tcp',
  name: `s${index}`,
}));

describe('matching services and ports', () => {
  it('goes through all services before one comes twice', () => {
    for (const seed of [1, 2, 3]) {
      const ports = [0, 1, 2].flatMap((round) => startRound(pairs, seed, round).portOrder);
      expect(new Set(ports).size).toBe(18);
    }
  });

  it('gives a class with one seed the same rounds', () => {
    expect(startRound(pairs, 7, 4)).toEqual(startRound(pairs, 7, 4));
    expect(startRound(pairs, 7, 0).portOrder).not.toEqual(startRound(pairs, 8, 0).portOrder);
  });

  it('is right in either order, wrong for any other pair, and counts mistakes', () => {
    let round = startRound(pairs, 1, 0);
    const [a, b] = round.pairs;
    if (!a || !b) throw new Error('a round without pairs');
    round = press(round, { kind: 'service', port: a.port }).round;
    let step = press(round, { kind: 'port', port: b.port });
    expect(step.outcome).toEqual({ kind: 'wrong', servicePort: a.port, port: b.port });
    expect(step.round.mistakes).toBe(1);
    step = press(step.round, { kind: 'port', port: a.port });
    step = press(step.round, { kind: 'service', port: a.port });
    expect(step.outcome).toEqual({ kind: 'right', port: a.port });
    expect([...step.round.matched]).toEqual([a.port]);
    expect(press(step.round, { kind: 'port', port: a.port }).outcome).toBeNull();
  });

  it('whatever is pressed: only true pairs are ever matched, and all can be', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(5)), { maxLength: 60 }), (presses) => {
        let round = startRound(pairs, 5, 0);
        for (const [isPort, index] of presses) {
          const pair = round.pairs[index];
          if (!pair) continue;
          const before = round.pick;
          const step = press(round, { kind: isPort ? 'port' : 'service', port: pair.port });
          if (step.round.matched.size > round.matched.size) {
            expect(before?.port).toBe(pair.port);
            expect(before?.kind).not.toBe(isPort ? 'port' : 'service');
          }
          round = step.round;
        }
        for (const { port } of round.pairs) {
          if (round.matched.has(port)) continue;
          round = press({ ...round, pick: null }, { kind: 'service', port }).round;
          round = press(round, { kind: 'port', port }).round;
        }
        expect(round.matched.size).toBe(PAIRS_PER_ROUND);
      }),
    );
  });
});
