/** What the site is called and looks like when it is installed, in one language. */

import type { APIRoute } from 'astro';
import type { LocaleCode } from '../../i18n/locales.ts';
import { t } from '../../i18n/messages.ts';
import { localePages, localizedPath, sitePath } from '../../i18n/paths.ts';

export const getStaticPaths = localePages;

export const GET: APIRoute<{ locale: LocaleCode }> = ({ props: { locale } }) => {
  const { site, home } = t(locale);
  const icon = (size: number, purpose: 'any' | 'maskable') => ({
    src: sitePath(`/icons/${purpose === 'any' ? 'icon' : 'maskable'}-${size}.png`),
    sizes: `${size}x${size}`,
    type: 'image/png',
    purpose,
  });
  const screenshot = (form: 'wide' | 'narrow', sizes: string) => ({
    src: sitePath(`/screenshots/${form}-${locale}.png`),
    sizes,
    type: 'image/png',
    form_factor: form,
    label: home.title,
  });
  const manifest = {
    id: localizedPath(locale, '/'),
    name: site.name,
    short_name: site.name,
    description: home.lead,
    lang: locale,
    dir: 'ltr',
    start_url: localizedPath(locale, '/'),
    scope: sitePath('/'),
    display: 'standalone',
    background_color: '#f8f4eb',
    theme_color: '#f8f4eb',
    icons: [icon(192, 'any'), icon(512, 'any'), icon(512, 'maskable')],
    screenshots: [screenshot('wide', '1280x800'), screenshot('narrow', '390x844')],
  };
  return new Response(JSON.stringify(manifest), {
    headers: { 'content-type': 'application/manifest+json' },
  });
};
