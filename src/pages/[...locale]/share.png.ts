/** The picture beside links to the site's pages, for each language. */

import type { APIRoute } from 'astro';
import type { LocaleCode } from '../../i18n/locales.ts';
import { t } from '../../i18n/messages.ts';
import { localePages } from '../../i18n/paths.ts';
import { sharePicture } from '../../site-ui/share/picture.ts';

export const getStaticPaths = localePages;

export const GET: APIRoute<{ locale: LocaleCode }> = ({ props: { locale } }) => {
  const { site, home } = t(locale);
  return sharePicture({ locale, site: site.name, title: home.title, text: home.lead });
};
