import { expect, it } from 'vitest';
import en from '../../../content/interface/connection/en.json';
import { profileOf, profiles } from '../../network/os-profiles/profiles.ts';
import { algorithmsOf, fittingWords } from './fitting-words.ts';

it('leaves out how other systems choose', () => {
  const linux = profileOf('linux');
  const { why } = fittingWords(en, linux ? [linux] : []);
  expect(Object.keys(why.algorithm).toSorted()).toEqual(
    ['linux-bind', 'linux-connect', 'linux-udp', 'other'].toSorted(),
  );
});

it('knows the algorithms of every system', () => {
  const known = algorithmsOf(profiles);
  for (const id of ['linux-connect', 'rfc6056-1', 'traditional-up']) expect(known).toContain(id);
});
