/** Linux of other times, one profile for each way of choosing ports. */

import { linuxHistory } from './linux.ts';
import type { OsProfile } from './profile.ts';

export const linuxHistories: readonly OsProfile[] = [
  linuxHistory('before-4.2', '3.10'),
  linuxHistory('4.2-to-4.5', '4.4'),
  linuxHistory('4.6-to-5.11', '4.19'),
  linuxHistory('5.12-to-5.17', '5.15'),
  linuxHistory('5.18', '6.12'),
  linuxHistory('7.1', '7.1'),
];
