/** What widgets say besides single messages: virtual time. */

import { formatNumber } from '../i18n/numbers.ts';
import type { LocaleCode } from '../i18n/locales.ts';

export { fill, inARow } from '../i18n/format.ts';
export { formatCount } from '../i18n/numbers.ts';

/** Virtual time as a learner reads it: `12.5 ms`, `1.240 s`, `58.000 s`. */
export function formatTime(ms: number, locale?: LocaleCode): string {
  const [value, unit, places] = ms < 1000 ? [ms, 'ms', ms % 1 === 0 ? 0 : 1] : [ms / 1000, 's', 3];
  const options = {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
    useGrouping: false,
  };
  return `${formatNumber(value, locale, options)} ${unit}`;
}
