/**
 * The matching exercise, pure: a round of pairs, two picks at a time, mistakes counted. Rounds follow
 * from a seed and go through all services before any comes twice.
 */

import { Random } from '../../time-and-chance/random.ts';

export interface MatchPair {
  readonly port: number;
  readonly transport: string;
  readonly name: string;
  /** Where the name is of another language than the page. */
  readonly lang?: string | undefined;
}

export type Pick = { readonly kind: 'service' | 'port'; readonly port: number };

export type MatchOutcome =
  | { readonly kind: 'picked'; readonly pick: Pick }
  | { readonly kind: 'right'; readonly port: number }
  | { readonly kind: 'wrong'; readonly servicePort: number; readonly port: number };

export interface MatchRound {
  readonly pairs: readonly MatchPair[];
  /** Ports in the order in which the ports' buttons stand. */
  readonly portOrder: readonly number[];
  readonly matched: ReadonlySet<number>;
  readonly pick: Pick | null;
  readonly mistakes: number;
}

export const PAIRS_PER_ROUND = 6;

/**
 * @param pairs all pairs; ports unique, at least PAIRS_PER_ROUND of them.
 * @param round 0, 1, 2 …
 */
export function startRound(pairs: readonly MatchPair[], seed: number, round: number): MatchRound {
  const perCycle = Math.floor(pairs.length / PAIRS_PER_ROUND);
  const cycle = Math.floor(round / perCycle);
  const deck = shuffle(pairs, new Random(seed).fork(`deck ${cycle}`));
  const from = (round % perCycle) * PAIRS_PER_ROUND;
  const chosen = deck.slice(from, from + PAIRS_PER_ROUND);
  const ports = chosen.map(({ port }) => port).sort((a, b) => a - b);
  return { pairs: chosen, portOrder: ports, matched: new Set(), pick: null, mistakes: 0 };
}

/** What a press of a button does; pressing what is already matched, or the pick again, lets go. */
export function press(
  round: MatchRound,
  pick: Pick,
): { readonly round: MatchRound; readonly outcome: MatchOutcome | null } {
  if (round.matched.has(pick.port) && round.pick?.port !== pick.port)
    return { round, outcome: null };
  if (round.pick === null || round.pick.kind === pick.kind) {
    const isSame = round.pick?.port === pick.port;
    return {
      round: { ...round, pick: isSame ? null : pick },
      outcome: isSame ? null : { kind: 'picked', pick },
    };
  }
  if (round.pick.port === pick.port) {
    const matched = new Set([...round.matched, pick.port]);
    return {
      round: { ...round, matched, pick: null },
      outcome: { kind: 'right', port: pick.port },
    };
  }
  const [service, port] = pick.kind === 'port' ? [round.pick, pick] : [pick, round.pick];
  return {
    round: { ...round, pick: null, mistakes: round.mistakes + 1 },
    outcome: { kind: 'wrong', servicePort: service.port, port: port.port },
  };
}

/** Fisher–Yates. */
function shuffle<T>(items: readonly T[], random: Random): readonly T[] {
  const deck = [...items];
  for (let last = deck.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    const [a, b] = [deck[last], deck[other]];
    if (a !== undefined && b !== undefined) [deck[last], deck[other]] = [b, a];
  }
  return deck;
}
