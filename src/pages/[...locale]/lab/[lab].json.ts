/** A lab and the words of its machine in one language: fetched when the lab is opened. */

import type { APIRoute } from 'astro';
import en from '../../../../content/interface/labs/en.json';
import type { LocaleCode } from '../../../i18n/locales.ts';
import { t, wordsOf } from '../../../i18n/messages.ts';
import { localePages } from '../../../i18n/paths.ts';
import { labById, labsIn } from '../../../terminal/labs-view/all-labs.ts';

export function getStaticPaths() {
  return localePages().flatMap(({ params, props: { locale } }) =>
    labsIn(locale).map(({ id }) => ({ params: { ...params, lab: id }, props: { locale, id } })),
  );
}

export const GET: APIRoute<{ locale: LocaleCode; id: string }> = ({ props: { locale, id } }) => {
  const { machine, view, open } = t(locale).terminal;
  const words = { machine, view, open, lab: wordsOf(en, locale) };
  return new Response(JSON.stringify({ lab: labById(id, locale), words }), {
    headers: { 'content-type': 'application/json' },
  });
};
