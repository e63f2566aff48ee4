/** Questions about a new number for a server: what speaks against it, if anything. */

import { profileOf } from '../../network/os-profiles/profiles.ts';
import { rangeOf } from '../../network/port-ranges.ts';
import { SysctlTable } from '../../network/sysctl/sysctl-table.ts';
import { between, choiceInOrder, item, oneOf, phrase } from './drawing.ts';
import type { Generator, VariantOption } from './variant.ts';

const VERDICTS = ['fine', 'taken', 'well-known', 'ephemeral'] as const;
type Verdict = (typeof VERDICTS)[number];

/** What may speak against a number on a Linux machine: a listener, its range, the machine's own choice. */
function verdictOn(port: number, listening: readonly number[], system: string): Verdict {
  if (listening.includes(port)) return 'taken';
  if (rangeOf(port) === 'well-known') return 'well-known';
  const profile = profileOf(system);
  if (!profile) throw new RangeError(`there is no system "${system}".`);
  const { low, high } = profile.portSettings(new SysctlTable(profile.settings), 'tcp');
  return port >= low && port <= high ? 'ephemeral' : 'fine';
}

/** Is this number good for sshd, and if not, what is against it? */
export const sshVerdict: Generator = {
  name: 'ssh-verdict',
  items: () =>
    VERDICTS.map((verdict) => item(`ssh-verdict/${verdict}`, '130-moving-ssh', 'three-verdicts')),
  draw: (name, random) => {
    const listening = [
      22,
      oneOf(random, [8080, 9090, 10_022, 3000]),
      oneOf(random, [5432, 3306, 6379]),
    ];
    const draws: Readonly<Record<Verdict, () => number>> = {
      fine: () => oneOf(random, [20_022, 12_022, 10_122, 22_022, 30_022, 11_022]),
      taken: () => listening[1] ?? 8080,
      'well-known': () => between(random, 600, 1023),
      ephemeral: () => between(random, 32_768, 60_999),
    };
    if (!Object.hasOwn(draws, name)) throw new RangeError(`there is no item "${name}".`);
    const port = draws[name as Verdict]();
    const right = verdictOn(port, listening, 'linux');
    const values = { port };
    const mistaken: Readonly<Record<Verdict, string>> = {
      fine: right === 'ephemeral' ? 'range-limits-servers' : 'any-free-number-will-do',
      taken: 'ports-are-taken-by-name',
      'well-known': 'registered-is-reserved',
      ephemeral: 'ephemeral-is-49152',
    };
    const option = (id: Verdict): VariantOption => ({
      id,
      label: phrase(id),
      feedback: phrase(id === right ? `right-${right}` : `wrong-${id}`, values),
      ...(id === right ? {} : { misconception: mistaken[id] }),
    });
    return {
      prompt: phrase('prompt', values),
      screen: [
        ...listening.map((one) => `LISTEN  0.0.0.0:${String(one)}`),
        'net.ipv4.ip_local_port_range = 32768\t60999',
      ],
      asked: choiceInOrder(VERDICTS.map(option), right),
      because: phrase(`right-${right}`, values),
    };
  },
};
