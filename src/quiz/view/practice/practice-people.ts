/** Who is seen in practice: beside what is due, beside a mistake, and at the end. */

import type { PersonPicture } from '../../../site-ui/people/people.ts';

export const practicePeople = {
  opening: 'sensei-asking',
  mistake: 'sensei-warning',
  goodEnd: 'sensei-pleased',
  end: 'sensei-thinking',
} as const satisfies Record<string, PersonPicture>;

/** An end is good from this share of right answers on. */
const goodShare = 0.8;

/** The figure for how a session, a sprint or an exam went. */
export function endingOf(right: number, total: number): PersonPicture {
  return total > 0 && right / total >= goodShare ? practicePeople.goodEnd : practicePeople.end;
}
