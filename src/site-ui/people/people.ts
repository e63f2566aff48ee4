/** The two people of the course in all their moods, by the name of their picture: `sensei-calm`. */

import type { SenseiMood, StudentMood } from '../../schemas/vocabulary.ts';
import { merged, onGrid, type Part } from './brush.ts';
import { sensei } from './sensei.ts';
import { student } from './student.ts';

export type PersonPicture = `sensei-${SenseiMood}` | `student-${StudentMood}`;

/** Every picture: half a figure in a box of 120 × 140, three steps of the grid a unit. */
export const pictures: ReadonlyMap<PersonPicture, readonly Part[]> = new Map([
  ...Object.entries(sensei).map(
    ([mood, parts]) => [`sensei-${mood as SenseiMood}`, onGrid(merged(parts))] as const,
  ),
  ...Object.entries(student).map(
    ([mood, parts]) => [`student-${mood as StudentMood}`, onGrid(merged(parts))] as const,
  ),
]);

/** The picture of somebody in a mood. */
export function pictureOf(
  person: { who: 'sensei'; mood: SenseiMood } | { who: 'student'; mood: StudentMood },
): PersonPicture {
  return person.who === 'sensei' ? `sensei-${person.mood}` : `student-${person.mood}`;
}
