/** The words of practice's interface, in every language. */

import en from '../../../../content/interface/practice/en.json';
import ja from '../../../../content/interface/practice/ja.json';
import type { LocaleCode } from '../../../i18n/locales.ts';

export const practiceInterface: Readonly<Record<LocaleCode, typeof en>> = { en, ja };
