/**
 * A kernel's answers to tens of thousands of calls that leave nothing to chance: every pair of sockets
 * on one port, and calls at random on a range of one port. All must be the engine's answers too.
 */

import { expect, it } from 'vitest';
import { allRules } from '../../scripts/verify-kernel/rules.ts';
import answers from './answers.json' with { type: 'json' };
import { EngineMachine } from './machine.ts';

const rules = new Map(allRules(40).map((rule) => [rule.name, rule]));

it.each(Object.entries(answers.rules))('%s', (name, letters) => {
  const rule = rules.get(name);
  if (rule === undefined || !('exact' in rule)) throw new Error(`no rule of that name: ${name}`);
  const engine = new EngineMachine(1);
  const differences = rule.exact.flatMap((command, i) => {
    const recorded = answers.words[letters.charCodeAt(i) - 65];
    const ours = String(engine.answer(command));
    return ours === recorded ? [] : [{ i, command, recorded, ours }];
  });
  expect(letters.length).toBe(rule.exact.length);
  expect(differences.slice(0, 3)).toEqual([]);
});
