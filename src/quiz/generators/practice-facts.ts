/** The facts and words that practice needs, from what the course has already. */

import { wordsIn, type ByLanguage } from '../../i18n/by-language.ts';
import { defaultLocale, type LocaleCode } from '../../i18n/locales.ts';
import { profiles } from '../../network/os-profiles/profiles.ts';
import type { PracticeLanguage } from './say.ts';
import type { PracticeFacts } from './variant.ts';

interface FamousPort {
  readonly port: number;
  readonly transport: string;
  readonly core?: true | undefined;
  readonly sibling?: number | undefined;
  readonly name: ByLanguage<string>;
}

/** Services over transports other than TCP and UDP are left out. */
export function factsOf(famous: readonly FamousPort[]): PracticeFacts {
  return {
    services: famous.flatMap(({ port, transport, core, sibling }) =>
      transport === 'tcp' || transport === 'udp'
        ? [
            {
              port,
              transport,
              isCore: core === true,
              ...(sibling === undefined ? {} : { sibling }),
            },
          ]
        : [],
    ),
  };
}

/** Names of services in one language, by port and transport. */
export function serviceNames(
  famous: readonly FamousPort[],
  locale: LocaleCode,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    famous.map(({ port, transport, name }) => [
      `${String(port)}/${transport}`,
      wordsIn(name, locale),
    ]),
  );
}

/** Names of systems, the same in every language. */
const systemNames: Readonly<Record<string, string>> = Object.fromEntries(
  profiles.map(({ id, name }) => [id, name]),
);

/**
 * What `say` needs for an item's questions.
 * @param words phrases by generator, as the page has them.
 */
export function languageFor(
  item: string,
  words: Readonly<Record<string, Pick<PracticeLanguage, 'language' | 'phrases'>>>,
  services: Readonly<Record<string, string>>,
): PracticeLanguage {
  const generator = item.slice(0, item.indexOf('/'));
  const { language = defaultLocale, phrases = {} } = words[generator] ?? {};
  return { language, phrases, services, systems: systemNames };
}
