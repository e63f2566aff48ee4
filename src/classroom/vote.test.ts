import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  again,
  countsOf,
  openedVote,
  parseVote,
  show,
  totalOf,
  turnTo,
  undo,
  voteAfterKey,
  type BallotPaper,
  type Vote,
} from './vote.ts';

const paper = (title: string): BallotPaper => ({ title, options: ['x', 'y', 'z'], right: [1] });
const type = (vote: Vote, keys: string): Vote =>
  keys.split(' ').reduce((now, key) => voteAfterKey(now, key, /^[A-Z]$/.test(key)) ?? now, vote);

describe('a vote', () => {
  const fresh = openedVote([paper('')]);

  it('counts a hand for each letter, and takes one back with Shift', () => {
    expect(countsOf(type(fresh, 'a b b c b'))).toEqual([1, 3, 1]);
    expect(countsOf(type(fresh, 'a b b B'))).toEqual([1, 1, 0]);
    expect(countsOf(type(fresh, 'A'))).toEqual([0, 0, 0]);
  });

  it('takes a number typed after a letter for its count', () => {
    expect(countsOf(type(fresh, 'a 1 2 b 7'))).toEqual([12, 7, 0]);
    expect(voteAfterKey(fresh, '7', false)).toBeNull();
  });

  it('leaves letters that are no option, and other keys, to others', () => {
    expect(voteAfterKey(fresh, 'd', false)).toBeNull();
    expect(voteAfterKey(fresh, 'PageDown', false)).toBeNull();
  });

  it('undoes key by key, to the beginning and no further', () => {
    const counted = type(fresh, 'a b 1 5');
    const counts = [counted];
    for (let step = 0; step < 6; step += 1) counts.push(undo(counts.at(-1) ?? counted));
    expect(counts.map((vote) => countsOf(vote).join(''))).toEqual([
      '1150',
      '110',
      '110',
      '100',
      '000',
      '000',
      '000',
    ]);
  });

  it('keeps the first round beside the second, which begins hidden and empty', () => {
    const second = type(again(show(type(fresh, 'a a b'), true)), 'b b b');
    expect(second.ballots[0]?.rounds).toEqual([
      [2, 1, 0],
      [0, 3, 0],
    ]);
    expect(second.ballots[0]?.isShown).toBe(false);
    expect(again(show(second, true)).ballots[0]?.rounds).toHaveLength(2);
    expect(undo(again(show(type(fresh, 'a'), true))).ballots[0]?.rounds[0]).toEqual([1, 0, 0]);
  });

  it('counts each part of a question by itself', () => {
    const two = openedVote([paper('80'), paper('443')]);
    const counted = type(turnTo(type(two, 'a a'), 1), 'c');
    expect(counted.ballots.map(({ rounds }) => totalOf(rounds[0] ?? []))).toEqual([2, 1]);
    expect(turnTo(counted, 9).ballot).toBe(1);
    expect(turnTo(counted, -9).ballot).toBe(0);
  });

  it('is the same after a journey to another window, whatever was typed', () => {
    const keys = fc.constantFrom('a', 'b', 'C', '1', '9', 'Backspace', 'show', 'again', 'turn');
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 60 }), (typed) => {
        let vote = openedVote([paper('1'), paper('2')]);
        for (const key of typed) {
          if (key === 'show') vote = show(vote, true);
          else if (key === 'again') vote = again(vote);
          else if (key === 'turn') vote = turnTo(vote, 1 - vote.ballot);
          else vote = voteAfterKey(vote, key, key === 'C') ?? vote;
        }
        expect(parseVote(JSON.parse(JSON.stringify(vote)))).toEqual(vote);
        for (const count of countsOf(vote)) expect(count).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('is not read from anything else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parseVote(value)).toBeNull();
      }),
    );
    expect(parseVote({ ...fresh, ballots: [{ rounds: [[-1]], isShown: true }] })).toBeNull();
    expect(parseVote({ ...fresh, ballot: 1 })).toBeNull();
  });
});
