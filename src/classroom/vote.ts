/**
 * A vote by raised hands or cards: one ballot, or several where a question has several parts; at most
 * two rounds, before and after the neighbours have talked (peer instruction). Counts stay hidden until
 * they are shown.
 */

export interface Ballot {
  /** Raised hands by option, for each round that was begun: one or two. */
  readonly rounds: readonly (readonly number[])[];
  readonly isShown: boolean;
}

export interface Vote {
  readonly ballots: readonly Ballot[];
  /** The ballot that is counted. */
  readonly ballot: number;
  /** Whether the right options are marked. */
  readonly isSolved: boolean;
  /** What Backspace takes back: the counts before each change of this round, newest last. */
  readonly past: readonly (readonly number[])[];
  /** The option whose number is being typed; null for none. */
  readonly typing: { readonly option: number; readonly digits: string } | null;
}

/** What can be voted on: an option's letter is its place. */
export interface BallotPaper {
  /** What this part of the question asks; empty where the question itself does. */
  readonly title: string;
  readonly options: readonly string[];
  /** Places of the right options; none where it is only asked what people expect. */
  readonly right: readonly number[];
}

export const MOST_ROUNDS = 2;
const MOST_HANDS = 999;
const MOST_PAST = 200;

export const letterOf = (option: number): string => String.fromCharCode(65 + option);

/** A vote with nothing counted. */
export function openedVote(papers: readonly BallotPaper[]): Vote {
  return {
    ballots: papers.map(({ options }) => ({ rounds: [options.map(() => 0)], isShown: false })),
    ballot: 0,
    isSolved: false,
    past: [],
    typing: null,
  };
}

/** The counts of the present ballot's present round. */
export function countsOf(vote: Vote): readonly number[] {
  return vote.ballots[vote.ballot]?.rounds.at(-1) ?? [];
}

export const totalOf = (counts: readonly number[]): number =>
  counts.reduce((sum, count) => sum + count, 0);

function withBallot(vote: Vote, change: (ballot: Ballot) => Ballot): Vote {
  return {
    ...vote,
    ballots: vote.ballots.map((ballot, place) => (place === vote.ballot ? change(ballot) : ballot)),
  };
}

function withCounts(vote: Vote, counts: readonly number[]): Vote {
  return withBallot(vote, (ballot) => ({
    ...ballot,
    rounds: [...ballot.rounds.slice(0, -1), counts],
  }));
}

function put(vote: Vote, option: number, count: number, typing: Vote['typing']): Vote {
  const before = countsOf(vote);
  const hands = Math.min(Math.max(count, 0), MOST_HANDS);
  const counts = before.map((old, place) => (place === option ? hands : old));
  return { ...withCounts(vote, counts), past: [...vote.past, before].slice(-MOST_PAST), typing };
}

/** One more hand for an option, or one less. */
export function raise(vote: Vote, option: number, by: 1 | -1): Vote {
  const count = countsOf(vote)[option];
  if (count === undefined) return vote;
  return put(vote, option, count + by, { option, digits: '' });
}

/** A digit: the option named last gets the number that is typed. */
function typeDigit(vote: Vote, digit: string): Vote {
  if (vote.typing === null) return vote;
  const { option } = vote.typing;
  const digits = `${vote.typing.digits}${digit}`.slice(-3);
  return put(vote, option, Number(digits), { option, digits });
}

/** Takes the last change of this round back. */
export function undo(vote: Vote): Vote {
  const counts = vote.past.at(-1);
  if (counts === undefined) return vote;
  return { ...withCounts(vote, counts), past: vote.past.slice(0, -1), typing: null };
}

export function show(vote: Vote, isShown: boolean): Vote {
  return { ...withBallot(vote, (ballot) => ({ ...ballot, isShown })), typing: null };
}

/** Begins the second round with nothing counted, hidden again; a third there is not. */
export function again(vote: Vote): Vote {
  const fresh = withBallot(vote, (ballot) =>
    ballot.rounds.length >= MOST_ROUNDS
      ? ballot
      : {
          rounds: [...ballot.rounds, (ballot.rounds[0] ?? []).map(() => 0)],
          isShown: false,
        },
  );
  return { ...fresh, past: [], typing: null };
}

/** Marks the right options, or takes the marks off. */
export function solve(vote: Vote, isSolved: boolean): Vote {
  return { ...vote, isSolved, typing: null };
}

/** Turns to another ballot; the ends are ends. */
export function turnTo(vote: Vote, ballot: number): Vote {
  const last = vote.ballots.length - 1;
  return { ...vote, ballot: Math.min(Math.max(ballot, 0), last), past: [], typing: null };
}

/**
 * A key while a vote is open: a letter counts a hand, with Shift it takes one back; digits after a
 * letter type its number; Backspace undoes.
 * @returns the vote after it, or null where the key is not the vote's
 */
export function voteAfterKey(vote: Vote, key: string, isShifted: boolean): Vote | null {
  if (/^[a-z]$/i.test(key)) {
    const option = key.toUpperCase().charCodeAt(0) - 65;
    return option < countsOf(vote).length ? raise(vote, option, isShifted ? -1 : 1) : null;
  }
  if (/^\d$/.test(key)) return vote.typing === null ? null : typeDigit(vote, key);
  if (key === 'Backspace') return undo(vote);
  return null;
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_HANDS;

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length <= 26 && value.every(isCount);

function parseBallot(value: unknown): Ballot | null {
  if (typeof value !== 'object' || value === null) return null;
  const { rounds, isShown } = value as Record<string, unknown>;
  if (!Array.isArray(rounds) || rounds.length < 1 || rounds.length > MOST_ROUNDS) return null;
  if (!rounds.every(isCounts) || typeof isShown !== 'boolean') return null;
  return { rounds, isShown };
}

/** Reads a vote from another window or the storage. */
export function parseVote(value: unknown): Vote | null {
  if (typeof value !== 'object' || value === null) return null;
  const { ballots, ballot, isSolved, past, typing } = value as Record<string, unknown>;
  if (!Array.isArray(ballots) || ballots.length === 0 || ballots.length > 26) return null;
  const read = ballots.map(parseBallot);
  if (read.includes(null) || !isCount(ballot) || ballot >= ballots.length) return null;
  if (typeof isSolved !== 'boolean') return null;
  if (!Array.isArray(past) || past.length > MOST_PAST || !past.every(isCounts)) return null;
  const vote = { ballots: read.flatMap((one) => one ?? []), ballot, isSolved, past };
  if (typing === null) return { ...vote, typing };
  if (typeof typing !== 'object') return null;
  const { option, digits } = typing as Record<string, unknown>;
  if (!isCount(option) || typeof digits !== 'string' || !/^\d{0,3}$/.test(digits)) return null;
  return { ...vote, typing: { option, digits } };
}
