/** The words of the connection simulator, as `content/interface/connection/<locale>.json` has them. */

import type en from '../../../content/interface/connection/en.json';

export type Words = typeof en;
