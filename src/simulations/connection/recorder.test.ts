import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseScenario } from '../../network/scenario/scenario-parser.ts';
import { act } from './learner-actions.ts';
import { Recorder } from './recorder.ts';
import { record } from './recording.ts';
import { castOf, sessionOf, type NewLearnerAction, type Session } from './session.ts';
import { socketsOf, storyOf, type Story } from './story.ts';

const scenario = (name: string) =>
  parseScenario(JSON.parse(readFileSync(`content/scenarios/${name}.json`, 'utf8')));
const base = scenario('http-and-https');
const stream = { kind: 'stream', client: 0, server: 0, port: 443, perSecond: 500 } as const;

/** The session with one more action in its present. */
function then(session: Session, atMs: number, action: NewLearnerAction, from = base): Session {
  const change = act(from, session, atMs, atMs, action, atMs === 0);
  if (!change.ok) throw new Error(change.refusal);
  return change.session;
}

/** All that is shown of it. */
const shown = (story: Story) => ({
  isWhole: story.isWhole,
  events: story.trace.length,
  ends: [story.timeline.endMs, story.timeline.shownEnd, story.timeline.next(100)],
  choices: story.choices,
  questions: story.questions,
  failures: story.failures,
  opening: story.opening,
  most: [...story.mostSockets],
  range: story.rangeOf('client', story.trace.length),
  sockets: socketsOf(story, story.trace.length),
});

const cast = castOf(base, sessionOf(base));
const whole = (session: Session): Story => storyOf(base, session, record(base, session));

describe('a recorder', () => {
  let recorder: Recorder;
  beforeEach(() => (recorder = new Recorder(base)));

  it('tells a stream before it has run to its end, and then the rest', async () => {
    const session = then(sessionOf(base), 0, { ...stream, keepsOpen: false, untilMs: null });
    await recorder.makeReady(session, true);
    const last = await new Promise<Story>((done) => {
      let endMs = -1;
      const more = (story: Story): void => {
        expect(story.timeline.endMs).toBeGreaterThanOrEqual(endMs);
        ({ endMs } = story.timeline);
        // Asked for now and then, as somebody does who is asked questions.
        expect(story.questions.length).toBeGreaterThan(0);
        if (story.isWhole) done(story);
      };
      const first = recorder.tell(session, cast, more);
      expect(first.isWhole).toBe(false);
      // What is shown below the picture has its height from the beginning.
      for (const most of first.mostSockets.values()) expect(most).toBeGreaterThanOrEqual(5);
      recorder.begin(session);
      recorder.follow(0, 10_000);
    });
    expect(shown(last)).toEqual(shown(whole(session)));
  });

  it('does so where other hosts have nothing to do with it', async () => {
    const two = scenario('two-clients');
    const session = then(sessionOf(two), 0, { ...stream, keepsOpen: true, untilMs: null }, two);
    const own = new Recorder(two);
    await own.makeReady(session, true);
    expect(own.tell(session, castOf(two, session), () => undefined).isWhole).toBe(false);
  });

  it('begins with what a press has brought about, however much there was before', async () => {
    const before = then(sessionOf(base), 0, { ...stream, keepsOpen: true, untilMs: null });
    const session = then(before, 4_100, { kind: 'close-all', by: 'clients' });
    await recorder.makeReady(session, true);
    const first = recorder.tell(session, cast, () => undefined);
    expect(first.timeline.endMs).toBeGreaterThanOrEqual(4_100);
  });

  it('has all of it at once where that is asked for', async () => {
    const session = then(sessionOf(base), 0, { ...stream, keepsOpen: true, untilMs: null });
    await recorder.makeReady(session, true);
    const told: Story[] = [];
    recorder.tell(session, cast, (story) => told.push(story));
    recorder.finish();
    expect(told.map(({ isWhole }) => isWhole)).toEqual([true]);
    expect(shown(told[0] ?? whole(sessionOf(base)))).toEqual(shown(whole(session)));
    expect(new Recorder(base).tell(session, cast).isWhole).toBe(true);
  });

  it('leaves a story that nobody is told any more', async () => {
    const session = then(sessionOf(base), 0, { ...stream, keepsOpen: true, untilMs: null });
    await recorder.makeReady(session, true);
    let count = 0;
    recorder.tell(session, cast, () => (count += 1));
    recorder.begin(sessionOf(base));
    recorder.follow(0, 10_000);
    recorder.finish();
    expect(count).toBe(0);
  });
});
