/** An attacker's guesses: runs of ports, one forged segment for each, counted until one fits. */

export interface Volley {
  /** Inclusive. */
  readonly from: number;
  readonly to: number;
  /** 1: every port; 2: every second. */
  readonly step: number;
}

export const MOST_VOLLEYS = 30;

/** How many segments a volley sends. */
export function sizeOf({ from, to, step }: Volley): number {
  return Math.floor((to - from) / step) + 1;
}

export interface Verdict {
  /** Segments sent up to the one that fits, or all of them. */
  readonly sent: number;
  readonly isHit: boolean;
}

/** @param target the port that the victim's next connection gets. */
export function judge(volleys: readonly Volley[], target: number): Verdict {
  let sent = 0;
  for (const volley of volleys) {
    const { from, to, step } = volley;
    if (target >= from && target <= to && (target - from) % step === 0) {
      return { sent: sent + (target - from) / step + 1, isHit: true };
    }
    sent += sizeOf(volley);
  }
  return { sent, isHit: false };
}
