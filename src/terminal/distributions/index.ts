/** The machines that the terminal can be. The first is the course's own. */

import type { Distribution } from '../linux/distribution.ts';
import { amazonLinux2 } from './amazon-linux-2.ts';
import { debian12 } from './debian-12.ts';
import { genericLinux } from './generic-linux.ts';

export const distributions: readonly Distribution[] = [amazonLinux2, debian12, genericLinux];

export function findDistribution(id: string): Distribution | undefined {
  return distributions.find((distribution) => distribution.id === id);
}
