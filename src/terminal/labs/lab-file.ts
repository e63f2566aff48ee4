/** Reads a lab's file, content/labs/<id>.yaml. */

import { parse } from 'yaml';
import { labSchema, type LabFile } from '../../schemas/lab.ts';
import { findDistribution } from '../distributions/index.ts';
import { packageIds } from '../distributions/packages.ts';

/**
 * @param text the file's text.
 * @param file its path, for the message.
 * @throws Error with file, step, path, reason and remedy for everything that is not right.
 */
export function readLabFile(text: string, file: string): LabFile {
  let yaml: unknown;
  try {
    yaml = parse(text);
  } catch (error) {
    throw new Error(
      `${file}: this is not YAML. ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
  const lab = labSchema.safeParse(yaml);
  if (!lab.success) {
    const problems = lab.error.issues.map(
      ({ path, message }) => `${file}: ${placeOf(yaml, path)}: ${message}`,
    );
    throw new Error(problems.join('\n'));
  }
  const name = (file.split('/').at(-1) ?? '').replace(/\.yaml$/, '');
  if (lab.data.id !== name)
    throw new Error(`${file}: id: the lab "${lab.data.id}" lies in a file of another name.`);
  if (findDistribution(lab.data.machine.distribution) === undefined)
    throw new Error(
      `${file}: machine.distribution: there is no "${lab.data.machine.distribution}".`,
    );
  for (const id of lab.data.machine.installs ?? [])
    if (!packageIds.includes(id))
      throw new Error(`${file}: machine.installs: there is no "${id}": ${packageIds.join(', ')}.`);
  return lab.data;
}

/** `step "apply": hints.2.when`; a step by its id instead of its number. */
function placeOf(yaml: unknown, path: readonly PropertyKey[]): string {
  const [first, index, ...rest] = path;
  if (first !== 'steps' || typeof index !== 'number')
    return path.map(String).join('.') || 'the lab';
  const steps: unknown = (yaml as { steps?: unknown }).steps;
  const step: unknown = Array.isArray(steps) ? steps[index] : undefined;
  const id: unknown =
    typeof step === 'object' && step !== null ? (step as { id?: unknown }).id : undefined;
  const name = typeof id === 'string' ? `step "${id}"` : `step ${index + 1}`;
  return rest.length === 0 ? name : `${name}: ${rest.map(String).join('.')}`;
}
