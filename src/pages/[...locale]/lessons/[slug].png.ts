/** The picture beside a link to a lesson, for each language. */

import type { APIRoute } from 'astro';
import type { LocaleCode } from '../../../i18n/locales.ts';
import { t } from '../../../i18n/messages.ts';
import { localePages } from '../../../i18n/paths.ts';
import { lessonsIn, type LessonPlace } from '../../../lesson-kit/lessons.ts';
import { plainWords } from '../../../site-ui/inline-marks.ts';
import { sharePicture } from '../../../site-ui/share/picture.ts';

export async function getStaticPaths() {
  const pictures = localePages().map(async ({ params, props: { locale } }) =>
    (await lessonsIn(locale)).map((lesson) => ({
      params: { ...params, slug: lesson.slug },
      props: { locale, lesson },
    })),
  );
  return (await Promise.all(pictures)).flat();
}

export const GET: APIRoute<{ locale: LocaleCode; lesson: LessonPlace }> = ({
  props: { locale, lesson },
}) => {
  const { title, theme, ranges } = lesson.entry.data;
  return sharePicture({
    locale: lesson.language,
    site: t(locale).site.name,
    number: lesson.number,
    title: plainWords(title),
    text: plainWords(theme),
    lit: ranges,
  });
};
