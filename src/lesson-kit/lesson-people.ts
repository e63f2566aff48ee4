/** The people that a lesson shows, read off the author's text. */

import { senseiMoods, studentMoods } from '../schemas/vocabulary.ts';
import { pictureOf, type PersonPicture } from '../site-ui/people/people.ts';
import { labPeople } from '../terminal/labs-view/lab-people.ts';

/** Said without a mood. */
const usual = { Sensei: 'calm', Student: 'curious' } as const;

interface WrittenTurn {
  readonly id: string | undefined;
  readonly picture: PersonPicture;
}

function turnsOf(body: string): readonly WrittenTurn[] {
  return [...body.matchAll(/<(Sensei|Student)\b([^>]*)>/g)].flatMap(([, name, props = '']) => {
    const mood = /\bmood="([^"]*)"/.exec(props)?.[1];
    const id = /\bid="([^"]*)"/.exec(props)?.[1];
    if (name === 'Sensei') {
      const known = senseiMoods.find((one) => one === (mood ?? usual.Sensei));
      return known ? [{ id, picture: pictureOf({ who: 'sensei', mood: known }) }] : [];
    }
    const known = studentMoods.find((one) => one === (mood ?? usual.Student));
    return known ? [{ id, picture: pictureOf({ who: 'student', mood: known }) }] : [];
  });
}

/** The ids of the first and the last turn of a lesson's text. */
export function openingAndEnd(body: string): readonly string[] {
  const ids = turnsOf(body).flatMap(({ id }) => id ?? []);
  return [...new Set([ids[0], ids.at(-1)])].filter((id) => id !== undefined);
}

/** The pictures that a lesson's turns and its labs need, each once. */
export function picturesIn(body: string): readonly PersonPicture[] {
  const inLabs = /<Lab\b/.test(body) ? Object.values(labPeople).flat() : [];
  return [...new Set([...turnsOf(body).map(({ picture }) => picture), ...inLabs])];
}
