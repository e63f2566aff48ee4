/**
 * How long TCP waits: what a profile says of its timers. A round trip takes always the same time here,
 * so a data segment's first wait is the round trip and what the system adds to be on the safe side
 * (RFC 6298 §2: SRTT + K·RTTVAR, with a floor).
 */

/** When a segment is sent again while no answer comes, and when that ends. */
export interface Repetition {
  /** The wait after the first sending (`nth` 0), after the first repetition (1), and so on. */
  waitMs(nth: number, roundTripMs: number): number;
  /** When a wait is over: whether that was the last, after so many repetitions and so much time. */
  isOver(repeated: number, elapsedMs: number): boolean;
  /** It is given up so long after the first sending, if that is sooner; Infinity: no such limit. */
  readonly giveUpAfterMs: number;
}

export interface ProfileTimers {
  /** How long the side that closed first stays in TIME-WAIT. */
  readonly timeWaitMs: number;
  /** How long a socket that its program has closed waits in FIN-WAIT-2; null: without end. */
  readonly finWait2Ms: number | null;
  /** The SYN of connect(). */
  readonly syn: Repetition;
  /** The SYN,ACK of a listener. */
  readonly synAck: Repetition;
  /** Data and FIN; of a socket that its program has closed. */
  readonly data: Repetition;
  readonly orphan: Repetition;
}

/**
 * Waits that double each time up to `mostMs` (RFC 6298 §5.5), beginning with the `flat`+1st: that many
 * more come before which are as long as the first.
 */
export function doubling(options: {
  readonly firstMs: number | ((roundTripMs: number) => number);
  readonly flat?: number;
  readonly mostMs: number;
  readonly most?: number;
  readonly giveUpAfterMs?: number;
}): Repetition {
  const { firstMs, flat = 0, mostMs, most = Infinity, giveUpAfterMs = Infinity } = options;
  return {
    waitMs: (nth, roundTripMs) => {
      const first = typeof firstMs === 'number' ? firstMs : firstMs(roundTripMs);
      return Math.min(first * 2 ** Math.max(0, nth - flat), mostMs);
    },
    isOver: (repeated) => repeated >= most,
    giveUpAfterMs,
  };
}

/** When a segment that nobody answers is sent, and when it is given up, from its first sending on. */
export function timetable(
  repetition: Repetition,
  roundTripMs: number,
): { readonly sentMs: readonly number[]; readonly givenUpMs: number } {
  const sentMs = [0];
  let atMs = 0;
  for (let nth = 0; ; nth++) {
    atMs += repetition.waitMs(nth, roundTripMs);
    if (atMs >= repetition.giveUpAfterMs) return { sentMs, givenUpMs: repetition.giveUpAfterMs };
    if (repetition.isOver(nth, atMs)) return { sentMs, givenUpMs: atMs };
    sentMs.push(atMs);
  }
}
