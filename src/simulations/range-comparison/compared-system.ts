/** What the comparison knows of each system, made from the engine's profiles at build time. */

import type { Evidence, OsProfile } from '../../network/os-profiles/profile.ts';
import { profiles } from '../../network/os-profiles/profiles.ts';
import { SysctlTable } from '../../network/sysctl/sysctl-table.ts';

export interface ComparedSystem {
  readonly id: string;
  readonly name: string;
  /** TCP's automatic range with untouched settings, inclusive. */
  readonly low: number;
  readonly high: number;
  readonly evidence: Evidence;
  /** null where it is a recording of ours. */
  readonly source: string | null;
  readonly see: readonly string[];
  readonly change: readonly string[];
}

function compared(profile: OsProfile): ComparedSystem {
  const { low, high } = profile.portSettings(new SysctlTable(profile.settings), 'tcp');
  const trait = profile.traits.range;
  const commands = (does: string): readonly string[] =>
    profile.commands.filter((one) => one.does === does).map((one) => one.command);
  return {
    id: profile.id,
    name: profile.name,
    low,
    high,
    evidence: trait.evidence,
    source: trait.evidence === 'measured' ? null : trait.source,
    see: commands('show-range'),
    change: commands('set-range'),
  };
}

/** One row for each system that differs for a learner: Amazon Linux 2 and Android are Linux here. */
export function comparedSystems(): readonly ComparedSystem[] {
  return profiles.filter(({ id }) => id !== 'amazon-linux-2').map(compared);
}
