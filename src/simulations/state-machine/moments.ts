/**
 * What the widget shows, moment by moment, and what can be done at each end. Words and pictures only
 * know these shapes; `conversation.ts` reads them off the engine, `late-segment.ts` computes its own.
 */

import type { Errno } from '../../network/errors.ts';
import type { TcpState } from '../../network/trace/trace.ts';

export type Side = 'client' | 'server';
export const sides: readonly Side[] = ['client', 'server'];

/** What a program can be told to do, as the call it makes. `reset` is close() with SO_LINGER 0. */
export const actions = [
  'client-connect',
  'client-send',
  'server-send',
  'client-shutdown',
  'client-close',
  'server-close',
  'client-reset',
  'server-reset',
] as const;
export type Action = (typeof actions)[number];

export interface Done {
  /** Virtual milliseconds since the start. */
  readonly atMs: number;
  readonly action: Action;
}

/** Conversations to begin with; each can be left at any moment by doing something else. */
export const stories = [
  'client-first',
  'server-first',
  'both',
  'half-close',
  'reset',
  'refused',
  'silence',
  'forgotten',
  'late-without',
  'late-with',
] as const;
export type Story = (typeof stories)[number];

/** The two that are computed from sequence numbers, where nothing can be done. */
export function isLate(story: Story): story is 'late-without' | 'late-with' {
  return story === 'late-without' || story === 'late-with';
}

export interface Sent {
  readonly id: number;
  /** From the client to the server. */
  readonly isOutward: boolean;
  /** `SYN ACK` and the like. */
  readonly flags: string;
  readonly bytes: number;
  /** The moment, counted from 0, in which it arrives; null where it never does. */
  readonly arrivesIn: number | null;
}

export interface End {
  /** The socket's state; LISTEN or CLOSED where there is none. */
  readonly state: TcpState;
  /** Whether it came into this state now. */
  readonly isNew: boolean;
  /** What the program is told now: an error of a call. */
  readonly error: Errno | null;
  /** Virtual time at which the state ends by itself, or null. */
  readonly expiresAtMs: number | null;
}

export const lateNotes = [
  'old-runs',
  'repeated',
  'old-over',
  'time-wait',
  'new-opens',
  'new-runs',
  'accepted',
  'thrown-away',
] as const;

export interface Moment {
  readonly atMs: number;
  readonly client: End;
  readonly server: End;
  readonly sent: readonly Sent[];
  readonly actions: readonly Action[];
  /** Transitions made by now, as `from>to`, for each end. */
  readonly ways: Readonly<Record<Side, readonly string[]>>;
  /** Of the late segment's stories: which sentence says what happens. */
  readonly note?: (typeof lateNotes)[number];
}

/** RFC 9293 §3.10: what a program at that end can do in that state. */
const possibleIn: Readonly<Record<Action, readonly TcpState[]>> = {
  'client-connect': ['CLOSED'],
  'client-send': ['ESTABLISHED', 'CLOSE-WAIT'],
  'server-send': ['ESTABLISHED', 'CLOSE-WAIT'],
  'client-shutdown': ['ESTABLISHED', 'CLOSE-WAIT'],
  'client-close': ['SYN-SENT', 'ESTABLISHED', 'CLOSE-WAIT'],
  'server-close': ['ESTABLISHED', 'CLOSE-WAIT'],
  'client-reset': ['ESTABLISHED', 'CLOSE-WAIT'],
  'server-reset': ['ESTABLISHED', 'CLOSE-WAIT'],
};

/** Whether something can be done at a moment; `before` is what has been done until then. */
export function isPossible(action: Action, moment: Moment, before: readonly Done[]): boolean {
  if (action === 'client-connect' && before.some((done) => done.action === action)) return false;
  const end = action.startsWith('client') ? moment.client : moment.server;
  return possibleIn[action].includes(end.state);
}
