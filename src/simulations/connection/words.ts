/** The words of the connection simulator, as `content/interface/connection/<locale>.json` has them. */

import type why from '../../../content/interface/connection-why/en.json';
import type en from '../../../content/interface/connection/en.json';

export type Words = typeof en;

/** Those of “why this port?”, which come with its panel. */
export type WhyWords = typeof why;
