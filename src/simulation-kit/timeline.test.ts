import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SegmentEvent, TraceEvent } from '../network/trace/trace.ts';
import { advance, speedFactor, Timeline } from './timeline.ts';
import { speedIds } from './speeds.ts';

function timelineOf(events: readonly TraceEvent[], latencyMs: number): Timeline {
  const timeline = new Timeline(latencyMs);
  for (const event of events) timeline.take(event);
  return timeline;
}

function segment(atMs: number, arrivesAtMs: number): SegmentEvent {
  return {
    atMs,
    event: 'segment',
    id: atMs,
    phase: 'sent',
    from: '10.0.0.2:40962',
    to: '10.0.0.10:80',
    flags: ['SYN'],
    seq: 0,
    ack: 0,
    bytes: 0,
    arrivesAtMs,
  };
}

const gone: TraceEvent = {
  atMs: 60_030,
  event: 'state',
  socket: 1,
  protocol: 'tcp',
  connection: 'page',
  host: 'client',
  local: '10.0.0.2:40962',
  remote: '10.0.0.10:80',
  state: 'CLOSED',
  was: 'TIME-WAIT',
};

const trace = [
  segment(0, 10),
  segment(10, 20),
  segment(20, 30),
  { ...segment(30, 40), phase: 'arrived' as const },
  gone,
];

describe('a timeline', () => {
  it('keeps the time of flights and shortens sixty quiet seconds to a few flights', () => {
    const timeline = timelineOf(trace, 10);
    expect(timeline.toShown(25)).toBe(25);
    expect(timeline.endMs).toBe(60_030);
    expect(timeline.shownEnd).toBeLessThan(100);
    expect(timeline.shownEnd).toBeGreaterThan(50);
  });

  it('stops at events and in the middle of flights', () => {
    const timeline = timelineOf(trace, 10);
    expect(timeline.next(0)).toBe(5);
    expect(timeline.next(5)).toBe(10);
    expect(timeline.previous(10)).toBe(5);
    expect(timeline.previous(0)).toBeNull();
    expect(timeline.next(60_030)).toBeNull();
  });

  it('maps there and back, and never backwards', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 500_000 }), { maxLength: 40 }),
        fc.integer({ min: 0, max: 100 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (times, latency, part) => {
          const events = [...times].sort((a, b) => a - b).map((ms) => ({ ...gone, atMs: ms }));
          const timeline = timelineOf(events, latency);
          const ms = part * timeline.endMs;
          expect(timeline.toVirtual(timeline.toShown(ms))).toBeCloseTo(ms, 3);
          expect(timeline.toShown(ms)).toBeLessThanOrEqual(timeline.shownEnd + 1e-6);
          expect(timeline.toShown(ms + 1)).toBeGreaterThan(timeline.toShown(ms));
        },
      ),
    );
  });

  it('grows with its trace', () => {
    const growing = new Timeline(10);
    for (let count = 0; count < trace.length;) {
      const event = trace[count++];
      if (event !== undefined) growing.take(event);
      const whole = timelineOf(trace.slice(0, count), 10);
      expect([growing.endMs, growing.shownEnd]).toEqual([whole.endMs, whole.shownEnd]);
      for (const ms of [0, 12, 25, 31, 400])
        expect([growing.next(ms), growing.previous(ms), growing.toShown(ms)]).toEqual([
          whole.next(ms),
          whole.previous(ms),
          whole.toShown(ms),
        ]);
    }
  });

  it('walks every stop forwards and back again', () => {
    const timeline = timelineOf(trace, 10);
    const there: number[] = [0];
    for (let at = timeline.next(0); at !== null; at = timeline.next(at)) there.push(at);
    const back: number[] = [timeline.endMs];
    for (let at = timeline.previous(timeline.endMs); at !== null; at = timeline.previous(at)) {
      back.push(at);
    }
    expect(back.reverse()).toEqual(there);
  });
});

describe('speeds', () => {
  it('grow from slow motion to sixty times real', () => {
    const factors = speedIds.map((id) => speedFactor(id, 10));
    expect([...factors].sort((a, b) => a - b)).toEqual(factors);
    expect(factors.at(-1)).toBe(60);
  });

  it('let sixty seconds of TIME-WAIT pass in one second at 60×, and in a few in slow motion', () => {
    const timeline = timelineOf(trace, 10);
    expect(advance(timeline, 30, 1000, 'sixty', 60)).toBe(60_030);
    const slow = speedFactor('slow', 10);
    expect(advance(timeline, 30, 6000, 'slow', slow)).toBe(60_030);
    expect(advance(timeline, 30, -100_000, 'slow', slow)).toBe(0);
  });
});
