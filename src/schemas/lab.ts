/**
 * content/labs/<id>.yaml: a staged machine, steps judged by its state, foreseen mistakes with their
 * hints, a solution, and wrong attempts that the tests play. Words by language, side by side.
 */

import { z } from 'astro/zod';
import { languageOf, languagesOf, wordsIn, type ByLanguage } from '../i18n/by-language.ts';
import { defaultLocale, type LocaleCode } from '../i18n/locales.ts';
import type { Action, Condition, Lab } from '../terminal/labs/lab.ts';
import { identifier, lessonSlug, portNumber, words } from './identifier.ts';
import { inLanguages } from './in-languages.ts';

const worded = z.strictObject(inLanguages(words), 'Words by language: en and ja.');

const path = z.string().startsWith('/', 'A path begins with a slash.');
const key = z.string().regex(/^[a-z0-9_.-]+$/i, 'A kernel parameter is written with dots.');
const pattern = z.string().refine((text) => {
  try {
    new RegExp(text, 'm');
    return true;
  } catch {
    return false;
  }
}, 'This is not a regular expression.');
const ports = z.union([
  portNumber,
  z.string().regex(/^\d{1,5}-\d{1,5}$/, 'A range is written 49152-65535, with quotes or without.'),
]);

const members = {
  running: z.strictObject({ key, is: z.string() }).optional(),
  sets: z.strictObject({ path, key, value: z.string().optional() }).optional(),
  original: path.optional(),
  'keeps-original': path.optional(),
  backup: path.optional(),
  exists: path.optional(),
  matches: z.strictObject({ path, pattern }).optional(),
  listening: z.strictObject({ port: ports, by: z.string().optional() }).optional(),
  service: z
    .strictObject({ name: z.string(), is: z.enum(['active', 'inactive', 'failed']) })
    .optional(),
  connection: z
    .strictObject({
      from: ports.optional(),
      to: ports.optional(),
      at: z.string().optional(),
      parity: z.enum(['even', 'odd']).optional(),
      fresh: z.boolean().optional(),
      seen: z.boolean().optional(),
      on: z.string().optional(),
      count: z.int().min(1).optional(),
    })
    .optional(),
  'lets-in': portNumber.optional(),
  'keeps-open': portNumber.optional(),
  reachable: portNumber.optional(),
  'never-picks': portNumber.optional(),
  serves: z
    .strictObject({
      service: z.string(),
      seconds: z.int().min(1),
      booted: z.boolean().optional(),
    })
    .optional(),
  user: z.string().optional(),
  'seen-running': key.optional(),
  'seen-listener': portNumber.optional(),
  shown: pattern.optional(),
  printed: pattern.optional(),
  typed: pattern.optional(),
};

const condition: z.ZodType<Condition> = z.lazy(() =>
  z
    .strictObject({
      ...members,
      not: condition.optional(),
      any: z.array(condition).min(1).optional(),
      all: z.array(condition).min(1).optional(),
    })
    .refine(
      (one) => Object.values(one).filter((value) => value !== undefined).length === 1,
      `A condition says exactly one thing: ${[...Object.keys(members), 'not', 'any', 'all'].join(', ')}.`,
    ),
);

const line = z.string().min(1, 'A command line is not empty.');
const action: z.ZodType<Action> = z.union([
  line,
  z
    .strictObject({
      edit: line,
      add: line.optional(),
      line: line.optional(),
      becomes: line.optional(),
    })
    .refine(
      ({ add, line: from }) => (add === undefined) !== (from === undefined),
      'An edit adds a line (add) or changes one (line, becomes).',
    ),
]);

const hint = z.strictObject({
  id: identifier.refine((id) => id !== 'general', 'The general hint stands apart, under "hint".'),
  when: z.array(condition).min(1, 'A hint says when it is given.'),
  ...inLanguages(words),
});

const wrongAttempt = z.strictObject({
  do: z.array(action).min(1),
  /** The hint meant for it; `general` where none foresees it. */
  hint: identifier,
});

const step = z
  .strictObject({
    id: identifier,
    name: worded.optional(),
    instruction: worded,
    goal: z.array(condition).min(1, 'A step has a goal.'),
    found: z.array(condition).min(1).optional(),
    hints: z.array(hint).min(3, 'At least three mistakes are foreseen for each step.'),
    hint: worded,
    chips: z.array(z.union([line, z.strictObject({ put: line })])).optional(),
    solution: z.array(action).min(1, 'A step has a solution.'),
    /** Other right ways, which the tests play. */
    also: z.array(z.array(action).min(1)).optional(),
    after: worded,
    wrong: z.array(wrongAttempt).min(3, 'At least three wrong attempts are played for each step.'),
  })
  .superRefine((one, context) => {
    const issue = (path: (string | number)[], message: string) => {
      context.addIssue({ code: 'custom', path, message });
    };
    const ids = one.hints.map(({ id }) => id);
    for (const [index, id] of ids.entries())
      if (ids.indexOf(id) !== index)
        issue(['hints', index, 'id'], `The hint "${id}" stands twice.`);
    for (const [index, { hint: meant }] of one.wrong.entries())
      if (meant !== 'general' && !ids.includes(meant))
        issue(
          ['wrong', index, 'hint'],
          `There is no hint "${meant}" in this step: ${ids.join(', ')}.`,
        );
    for (const id of ids)
      if (!one.wrong.some(({ hint: meant }) => meant === id))
        issue(['wrong'], `No wrong attempt shows the hint "${id}": add one that does.`);
    if ([...one.goal, ...(one.found ?? [])].some(asksWhatWasTyped))
      issue(['goal'], 'A goal is a state of the machine, never what was typed.');
    for (const [index, given] of one.hints.entries())
      for (const code of languagesOf(given))
        for (const solution of one.solution)
          if (givesAway(wordsIn(given, code), solution))
            issue(
              ['hints', index, code],
              `This hint gives the solution away: ${JSON.stringify(solution)}.`,
            );
  });

/** A hint never says the whole solution. */
function givesAway(text: string, solution: Action): boolean {
  const line = typeof solution === 'string' ? solution : (solution.add ?? solution.becomes ?? '');
  return line !== '' && text.includes(line);
}

function asksWhatWasTyped(one: Condition): boolean {
  const inner = [one.not, ...(one.any ?? []), ...(one.all ?? [])];
  return (
    one.typed !== undefined ||
    inner.some((condition) => condition !== undefined && asksWhatWasTyped(condition))
  );
}

export const labSchema = z
  .strictObject({
    id: identifier,
    /** Its place among the labs. */
    number: z.int().min(1),
    lesson: lessonSlug,
    title: worded,
    about: worded,
    machine: z.strictObject({
      distribution: identifier,
      seed: z.int().min(0),
      setup: z.array(line).optional(),
      servers: z.array(z.strictObject({ command: line, args: line, port: portNumber })).optional(),
      installs: z.array(identifier).optional(),
    }),
    order: z.enum(['given', 'any']).optional(),
    steps: z.array(step).min(1),
    ending: worded,
  })
  .superRefine(({ order, steps }, context) => {
    for (const [index, { name, found }] of steps.entries())
      if ((order === 'any') !== (name !== undefined && found !== undefined))
        context.addIssue({
          code: 'custom',
          path: ['steps', index],
          message:
            'A step of a lab in any order, and only such a one, has a name and says when it is found.',
        });
    const ids = steps.map(({ id }) => id);
    for (const [index, id] of ids.entries())
      if (ids.indexOf(id) !== index)
        context.addIssue({
          code: 'custom',
          path: ['steps', index, 'id'],
          message: `The step "${id}" stands twice.`,
        });
  });

export type LabFile = z.output<typeof labSchema>;

/** The language in which a page shows a lab: its own where all of the lab is written in it. */
function labLanguage(file: LabFile, locale: LocaleCode): LocaleCode {
  const words: readonly (ByLanguage<string> | undefined)[] = [
    file.title,
    file.about,
    file.ending,
    ...file.steps.flatMap((one) => [one.name, one.instruction, one.hint, one.after, ...one.hints]),
  ];
  const isTranslated = words.every((one) => !one || languageOf(one, locale) === locale);
  return isTranslated ? locale : defaultLocale;
}

export interface LabInLanguage extends Lab {
  /** Of its words; not the page's where the lab is not translated yet. */
  readonly language: LocaleCode;
}

/** The lab for a page in a language, without what only tests need. */
export function labIn(file: LabFile, locale: LocaleCode): LabInLanguage {
  const language = labLanguage(file, locale);
  const say = (words: ByLanguage<string>): string => wordsIn(words, language);
  return {
    id: file.id,
    number: file.number,
    lesson: file.lesson,
    language,
    title: say(file.title),
    about: say(file.about),
    machine: {
      ...file.machine,
      setup: file.machine.setup ?? [],
      servers: file.machine.servers ?? [],
      installs: file.machine.installs,
    },
    order: file.order,
    ending: say(file.ending),
    steps: file.steps.map((one) => ({
      id: one.id,
      name: one.name && say(one.name),
      instruction: say(one.instruction),
      goal: one.goal,
      found: one.found,
      hints: one.hints.map((given) => ({ id: given.id, when: given.when, words: say(given) })),
      hint: say(one.hint),
      solution: one.solution,
      after: say(one.after),
      chips: one.chips ?? [],
    })),
  };
}
