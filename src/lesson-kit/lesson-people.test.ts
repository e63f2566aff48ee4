import { expect, it } from 'vitest';
import { openingAndEnd, picturesIn } from './lesson-people.ts';

const body = `
<Sensei id="begin" mood="asking">Where?</Sensei>
<Choice id="which"><Reply id="a" says="Here."><Sensei mood="warning">No.</Sensei></Reply></Choice>
<Student id="oh">Oh.</Student>
<Sensei id="end">Enough.</Sensei>`;

it('finds the first and the last turn that has an id', () => {
  expect(openingAndEnd(body)).toEqual(['begin', 'end']);
  expect(openingAndEnd('<Student id="one">Alone.</Student>')).toEqual(['one']);
  expect(openingAndEnd('No turn at all.')).toEqual([]);
});

it('finds who is seen in a lab too', () => {
  expect(picturesIn('<Lab id="range" />')).toEqual([
    'sensei-showing',
    'sensei-warning',
    'sensei-pleased',
    'student-confident',
  ]);
  expect(picturesIn('<Label />')).toEqual([]);
});

it('finds each picture once, the usual mood where none is written', () => {
  expect(picturesIn(body + body)).toEqual([
    'sensei-asking',
    'sensei-warning',
    'student-curious',
    'sensei-calm',
  ]);
});
