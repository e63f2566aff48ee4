/** Words on their way to a page: without how systems choose that a simulator cannot show. */

import type { OsProfile } from '../../network/os-profiles/profile.ts';
import { SysctlTable } from '../../network/sysctl/sysctl-table.ts';
import { Random } from '../../time-and-chance/random.ts';
import type { Words } from './words.ts';

/** The ids of the algorithms by which systems choose ports. */
export function algorithmsOf(profiles: readonly OsProfile[]): ReadonlySet<string> {
  return new Set(
    profiles.flatMap((profile) =>
      (['tcp', 'udp'] as const).flatMap((protocol) => {
        const settings = new SysctlTable(profile.settings);
        const { connect, bind } = profile.algorithms(new Random(1), protocol, settings);
        return [connect.id, bind.id];
      }),
    ),
  );
}

/** The words with those algorithms alone, and the sentence for any other. */
export function fittingWords(words: Words, profiles: readonly OsProfile[]): Words {
  const known = algorithmsOf(profiles);
  const kept = Object.entries(words.why.algorithm).filter(
    ([id]) => known.has(id) || id === 'other',
  );
  return {
    ...words,
    why: { ...words.why, algorithm: Object.fromEntries(kept) as Words['why']['algorithm'] },
  };
}
