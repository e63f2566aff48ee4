/** A round of the exercise as a word for the address; its pairs follow from seed and number. */

import { readCode, Unreadable, writeCode } from '../../simulation-kit/state-code.ts';
import { startRound, type MatchOutcome, type MatchPair, type MatchRound } from './match-game.ts';

export interface MatchState {
  /** 0, 1, 2 … */
  readonly number: number;
  readonly round: MatchRound;
  /** What the last press did; null for nothing worth a word. */
  readonly outcome: MatchOutcome | null;
}

const MOST = 9999;
const outcomes = ['none', 'picked-service', 'picked-port', 'right', 'wrong'] as const;

function outcomeFields(outcome: MatchOutcome | null): readonly [string, number, number] {
  if (outcome === null) return ['none', 0, 0];
  if (outcome.kind === 'picked') return [`picked-${outcome.pick.kind}`, outcome.pick.port, 0];
  return outcome.kind === 'right'
    ? ['right', outcome.port, 0]
    : ['wrong', outcome.servicePort, outcome.port];
}

export function writeState({ number, round, outcome }: MatchState): string {
  const matched = [...round.matched].sort((a, b) => a - b);
  return writeCode(number, round.mistakes, matched, ...outcomeFields(outcome));
}

/** @returns null for what `writeState` would not write for these pairs and this seed. */
export function readState(
  code: string,
  pairs: readonly MatchPair[],
  seed: number,
): MatchState | null {
  return readCode(code, (fields) => {
    const number = fields.number(0, MOST);
    const fresh = startRound(pairs, seed, number);
    const mistakes = fields.number(0, MOST);
    const ports = fields.numbers(0, 65535);
    const matched = new Set(ports);
    const isOrdered = ports.every((port, place) => port > (ports[place - 1] ?? -1));
    if (!isOrdered || ports.some((port) => !fresh.portOrder.includes(port))) {
      throw new Unreadable('ports');
    }
    const kind = fields.oneOf(outcomes);
    const [first, second] = [fields.number(0, 65535), fields.number(0, 65535)];
    const outcome = outcomeOf(kind, first, second);
    const isOpen = (port: number): boolean => fresh.portOrder.includes(port) && !matched.has(port);
    const isPossible =
      outcome === null
        ? first === 0 && second === 0
        : outcome.kind === 'picked'
          ? isOpen(first) && second === 0
          : outcome.kind === 'right'
            ? matched.has(first) && second === 0
            : mistakes > 0 && first !== second && isOpen(first) && isOpen(second);
    if (!isPossible) throw new Unreadable('outcome');
    const pick = outcome?.kind === 'picked' ? outcome.pick : null;
    return { number, round: { ...fresh, matched, mistakes, pick }, outcome };
  });
}

function outcomeOf(
  kind: (typeof outcomes)[number],
  first: number,
  second: number,
): MatchOutcome | null {
  switch (kind) {
    case 'none':
      return null;
    case 'picked-service':
      return { kind: 'picked', pick: { kind: 'service', port: first } };
    case 'picked-port':
      return { kind: 'picked', pick: { kind: 'port', port: first } };
    case 'right':
      return { kind: 'right', port: first };
    case 'wrong':
      return { kind: 'wrong', servicePort: first, port: second };
  }
}
