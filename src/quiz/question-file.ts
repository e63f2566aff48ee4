/** Reads a file of questions, content/questions/<lesson>.yaml: a list, each entry with its own id. */

import { z } from 'astro/zod';
import { parse } from 'yaml';
import { questionSchema, type Question } from '../schemas/question.ts';

const listOfEntries = z.array(z.looseObject({ id: z.string() })).min(1, 'the list is empty.');

/**
 * @param text the file's text.
 * @param file its path, for the message.
 * @returns the questions in the file's order.
 * @throws Error with file, question, path, reason and remedy for everything that is not right.
 */
export function readQuestionFile(text: string, file: string): readonly Question[] {
  let yaml: unknown;
  try {
    yaml = parse(text);
  } catch (error) {
    throw new Error(
      `${file}: this is not YAML. ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
  const list = listOfEntries.safeParse(yaml);
  if (!list.success) {
    throw new Error(
      `${file}: a question file is a list, and each entry has an id. Begin each question with "- id: some-name".`,
    );
  }
  const problems: string[] = [];
  const questions: Question[] = [];
  const seen = new Set<string>();
  for (const entry of list.data) {
    if (seen.has(entry.id)) {
      problems.push(`question "${entry.id}": this id stands twice. Rename one of them.`);
    }
    seen.add(entry.id);
    const question = questionSchema.safeParse(entry);
    if (question.success) questions.push(question.data);
    else {
      for (const { path, message } of question.error.issues) {
        problems.push(`question "${entry.id}": ${path.join('.') || 'the entry'}: ${message}`);
      }
    }
  }
  if (problems.length > 0) {
    throw new Error(problems.map((problem) => `${file}: ${problem}`).join('\n'));
  }
  return questions;
}
