/** A stream is taken up again from what a reason keeps of it, and from nothing less. */

import { expect, it } from 'vitest';
import { Random } from '../../time-and-chance/random.ts';
import { stateOf, stateParameters } from './stream-state.ts';

it('a stream goes on from its parameters as it would have', () => {
  const random = new Random(7);
  const parameters = stateParameters(random.save());
  const expected = [random.uint32(), random.uint32()];
  const again = new Random(0);
  again.restore(stateOf({ ...parameters, port: 40_000 }));
  expect([again.uint32(), again.uint32()]).toEqual(expected);
});

it.each(['a', 'b', 'c', 'counter'])('a reason without %s is refused', (missing) => {
  const kept = Object.entries(stateParameters(new Random(7).save()));
  const parameters = Object.fromEntries(kept.filter(([name]) => name !== missing));
  expect(() => stateOf(parameters)).toThrow('no state');
});
