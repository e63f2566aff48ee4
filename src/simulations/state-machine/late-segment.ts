/**
 * What would happen if nobody kept TIME-WAIT: a segment of an old connection takes a long way round and
 * arrives when the same four numbers are in use again. The engine knows by itself to which connection
 * a segment belongs; real TCP knows only numbers, so here they are reckoned out.
 *
 * First numbers come from a clock that ticks every 4 microseconds, from a start that is the same for
 * the same four-tuple (RFC 9293 §3.4.1, RFC 6528); a segment is taken where it lies in the receive
 * window (§3.10.7.4). Times and amounts are chosen; nothing else is. Without timestamps, whose check
 * (RFC 7323 §5, PAWS) would catch this segment.
 */

import type { End, Moment, Sent } from './moments.ts';

const TICKS_PER_SECOND = 250_000;
/** The most that a window without scaling can offer. */
const WINDOW = 65_535;
const FIRST = 1_000_000;

/** The numbers that decide. Sequence numbers are absolute. */
export interface LateNumbers {
  /** Of the segment that takes the long way. */
  readonly late: number;
  /** What the new connection's receiver expects next, and the last number that it would take. */
  readonly expected: number;
  readonly last: number;
  readonly isTaken: boolean;
  /** At which byte of the new page it would be put. */
  readonly atByte: number;
}

/**
 * @param sentBytes how much the old connection had sent before the late segment.
 * @param reopenedAfterS seconds between the two connections' openings.
 * @param newBytes how much of the new page has arrived when the late segment comes.
 */
export function lateNumbers(
  sentBytes: number,
  reopenedAfterS: number,
  newBytes: number,
): LateNumbers {
  const late = FIRST + 1 + sentBytes;
  const newFirst = FIRST + Math.round(TICKS_PER_SECOND * reopenedAfterS);
  const expected = newFirst + 1 + newBytes;
  const last = expected + WINDOW - 1;
  return {
    late,
    expected,
    last,
    isTaken: late >= expected && late <= last,
    atByte: late - newFirst - 1,
  };
}

/** The numbers of the story that is shown: 600 kB sent, opened again after 2 s, 80 kB of the new page. */
export const storyNumbers = lateNumbers(600_000, 2, 80_000);

const still = (state: End['state'], expiresAtMs: number | null = null): End => ({
  state,
  isNew: false,
  error: null,
  expiresAtMs,
});
const now = (state: End['state'], expiresAtMs: number | null = null): End => ({
  ...still(state, expiresAtMs),
  isNew: true,
});

function toClient(id: number, flags: string, bytes: number, arrivesIn: number): Sent {
  return { id, isOutward: false, flags, bytes, arrivesIn };
}

function toServer(id: number, flags: string, arrivesIn: number): Sent {
  return { id, isOutward: true, flags, bytes: 0, arrivesIn };
}

const none = { client: [], server: [] };
const closings = ['ESTABLISHED>FIN-WAIT-1', 'FIN-WAIT-1>FIN-WAIT-2', 'FIN-WAIT-2>TIME-WAIT'];
const answered = ['ESTABLISHED>CLOSE-WAIT', 'CLOSE-WAIT>LAST-ACK', 'LAST-ACK>CLOSED'];

/** The story with the wait, or without it. */
export function lateSegment(story: 'late-without' | 'late-with'): readonly Moment[] {
  const isKept = story === 'late-with';
  const lateIn = isKept ? 4 : 6;
  const before: readonly Moment[] = [
    {
      atMs: 0,
      client: still('ESTABLISHED'),
      server: still('ESTABLISHED'),
      sent: [toClient(1, 'ACK', 1000, lateIn)],
      actions: [],
      ways: none,
      note: 'old-runs',
    },
    {
      atMs: 300,
      client: still('ESTABLISHED'),
      server: still('ESTABLISHED'),
      sent: [toClient(2, 'ACK', 1000, 2)],
      actions: [],
      ways: none,
      note: 'repeated',
    },
    {
      atMs: 400,
      client: now(isKept ? 'FIN-WAIT-1' : 'CLOSED'),
      server: still('ESTABLISHED'),
      sent: [toServer(3, 'FIN ACK', 3)],
      actions: ['client-close'],
      ways: { client: isKept ? closings.slice(0, 1) : [], server: [] },
      note: 'old-over',
    },
  ];
  if (isKept) {
    return [
      ...before,
      {
        atMs: 500,
        client: now('TIME-WAIT', 60_500),
        server: now('CLOSED'),
        sent: [],
        actions: ['server-close'],
        ways: { client: closings, server: answered },
        note: 'time-wait',
      },
      {
        atMs: 2500,
        client: still('TIME-WAIT', 60_500),
        server: still('CLOSED'),
        sent: [],
        actions: [],
        ways: { client: closings, server: answered },
        note: 'thrown-away',
      },
    ];
  }
  return [
    ...before,
    {
      atMs: 500,
      client: still('CLOSED'),
      server: now('CLOSED'),
      sent: [],
      actions: ['server-close'],
      ways: none,
      note: 'old-over',
    },
    {
      atMs: 2000,
      client: now('SYN-SENT'),
      server: still('LISTEN'),
      sent: [toServer(4, 'SYN', 5)],
      actions: ['client-connect'],
      ways: { client: ['CLOSED>SYN-SENT'], server: [] },
      note: 'new-opens',
    },
    {
      atMs: 2100,
      client: now('ESTABLISHED'),
      server: now('ESTABLISHED'),
      sent: [toClient(5, 'ACK', 80_000, 6)],
      actions: [],
      ways: {
        client: ['CLOSED>SYN-SENT', 'SYN-SENT>ESTABLISHED'],
        server: ['LISTEN>SYN-RECEIVED', 'SYN-RECEIVED>ESTABLISHED'],
      },
      note: 'new-runs',
    },
    {
      atMs: 2500,
      client: still('ESTABLISHED'),
      server: still('ESTABLISHED'),
      sent: [],
      actions: [],
      ways: {
        client: ['CLOSED>SYN-SENT', 'SYN-SENT>ESTABLISHED'],
        server: ['LISTEN>SYN-RECEIVED', 'SYN-RECEIVED>ESTABLISHED'],
      },
      note: 'accepted',
    },
  ];
}
