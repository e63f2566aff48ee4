/** Who is seen in a lab: at its start, beside a mistake, and at its end. */

import type { PersonPicture } from '../../site-ui/people/people.ts';

export const labPeople = {
  start: 'sensei-showing',
  mistake: 'sensei-warning',
  end: ['sensei-pleased', 'student-confident'],
} as const satisfies Record<string, PersonPicture | readonly PersonPicture[]>;
