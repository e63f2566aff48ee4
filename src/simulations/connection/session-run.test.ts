import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../network/scenario/scenario-parser.ts';
import { act } from './learner-actions.ts';
import { record, SessionRun } from './recording.ts';
import { sessionOf, type NewLearnerAction, type Session } from './session.ts';

const base = parseScenario(
  JSON.parse(readFileSync('content/scenarios/http-and-https.json', 'utf8')),
);
const open = (count: number, port = 80): NewLearnerAction => ({
  kind: 'connect',
  client: 0,
  server: 0,
  port,
  count,
});
const stream: NewLearnerAction = {
  kind: 'stream',
  client: 0,
  server: 0,
  port: 443,
  perSecond: 500,
  keepsOpen: true,
  untilMs: null,
};
const closeAll: NewLearnerAction = { kind: 'close-all', by: 'clients' };

/** The session with one more action in its present. */
function then(session: Session, atMs: number, action: NewLearnerAction): Session {
  const change = act(base, session, atMs, atMs, action, session.learnerActions.length === 0);
  if (!change.ok) throw new Error(change.refusal);
  return change.session;
}

const always = (): boolean => true;

describe('a run that waits for the next action', () => {
  it('goes on as if the action had always been there', () => {
    const actions = fc.array(
      fc.record({
        afterMs: fc.integer({ min: 0, max: 90 }),
        action: fc.oneof(
          fc.constantFrom(open(1), open(10), open(1, 443), closeAll),
          fc.constant(open(60)),
        ),
      }),
      { minLength: 1, maxLength: 5 },
    );
    let continued = 0;
    fc.assert(
      fc.property(actions, fc.nat({ max: 4_000 }), (steps, events) => {
        let session = sessionOf(base);
        let atMs = 0;
        for (const { afterMs, action } of steps) {
          atMs += afterMs;
          const run = new SessionRun(base, session);
          let left = events;
          run.goTowards(atMs, () => (left -= 1) >= 0);
          session = then(session, atMs, action);
          if (!run.becomes(session)) continue;
          continued += 1;
          run.goTowards(Infinity, () => (left += 1) % 50 > 0);
          expect(isDeepStrictEqual(run.end(), record(base, session))).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
    expect(continued).toBeGreaterThan(20);
  });

  it('does so after a stream of two thousand', () => {
    const before = then(sessionOf(base), 0, stream);
    const after = then(before, 4_100, open(1));
    const run = new SessionRun(base, before);
    expect(run.goTowards(4_100, always)).toBe(true);
    expect(run.becomes(after)).toBe(true);
    expect(isDeepStrictEqual(run.end(), record(base, after))).toBe(true);
  });

  it('stops when there is no more time, and goes on later', () => {
    const session = then(sessionOf(base), 0, open(200));
    const run = new SessionRun(base, session);
    let left = 10;
    expect(run.goTowards(500, () => (left -= 1) >= 0)).toBe(false);
    expect(run.goTowards(500, always)).toBe(true);
  });

  it('becomes no other session: of the past, of another seed, with another server', () => {
    const session = then(sessionOf(base), 0, open(10));
    const next = then(session, 300, open(1));
    const run = (): SessionRun => {
      const made = new SessionRun(base, session);
      made.goTowards(300, always);
      return made;
    };
    expect(run().becomes(next)).toBe(true);
    expect(run().becomes(then(session, 5, open(1)))).toBe(false);
    expect(run().becomes({ ...next, seed: next.seed + 1 })).toBe(false);
    expect(run().becomes({ ...next, servers: 2 })).toBe(false);
    expect(run().becomes(sessionOf(base))).toBe(false);
  });
});
