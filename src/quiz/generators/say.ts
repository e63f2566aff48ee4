/** Turning phrases and values into one language's text. */

import type { LocaleCode } from '../../i18n/locales.ts';
import type { Phrase, Value } from './variant.ts';

/** What a language knows: a generator's phrases, and names of services and systems. */
export interface PracticeLanguage {
  /** Of the phrases. */
  readonly language: LocaleCode;
  /** Text by phrase, with places such as {port}. */
  readonly phrases: Readonly<Record<string, string>>;
  /** By port and transport, such as `22/tcp`. */
  readonly services: Readonly<Record<string, string>>;
  /** By profile's id. */
  readonly systems: Readonly<Record<string, string>>;
}

/**
 * A phrase with its places filled; values that it has no place for are left out.
 * @throws Error where the phrase, a name or a value is missing: a mistake of ours.
 */
export function say(phrase: Phrase, language: PracticeLanguage): string {
  const text = entry(language.phrases, phrase.phrase, 'phrase');
  return text.replace(/\{([a-zA-Z]+)\}/g, (_, name: string) => {
    const value = phrase.values?.[name];
    if (value === undefined) throw new Error(`No value for {${name}} in "${text}".`);
    return sayValue(value, language);
  });
}

/** A value as text. */
export function sayValue(value: Value, language: PracticeLanguage): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if ('service' in value) return entry(language.services, value.service, 'service');
  if ('system' in value) return entry(language.systems, value.system, 'system');
  return say(value, language);
}

function entry(record: Readonly<Record<string, string>>, name: string, kind: string): string {
  const found = Object.hasOwn(record, name) ? record[name] : undefined;
  if (found === undefined) throw new Error(`There is no ${kind} "${name}".`);
  return found;
}
