/** `if`, loops, `case`, subshells, groups and `((…))`. */

import { ArithmeticError } from '../language/arithmetic.ts';
import { matchesPatternInSteps } from '../language/patterns.ts';
import { LoopJump } from '../language/problems.ts';
import type { CompoundCommand, Statement } from '../just-bash/syntax.ts';
import { conditionHolds } from './conditional-command.ts';
import type { ScriptRunner } from './script-runner.ts';

/** Runs a compound command; its status is left in the shell's state. */
export async function runCompound(shell: ScriptRunner, command: CompoundCommand): Promise<void> {
  switch (command.type) {
    case 'If':
      for (const clause of command.clauses) {
        if (!(await isTrue(shell, clause.condition))) continue;
        await shell.run(clause.body);
        return;
      }
      // The last question's status is still there for the commands of `else`.
      if (command.elseBody === null) shell.state.status = 0;
      else await shell.run(command.elseBody);
      return;
    case 'While':
    case 'Until': {
      let status = 0;
      while ((await isTrue(shell, command.condition)) === (command.type === 'While')) {
        if (!(await runRound(shell, command.body))) {
          status = shell.state.status;
          break;
        }
        status = shell.state.status;
      }
      shell.state.status = status;
      return;
    }
    case 'For': {
      const words =
        command.words === null
          ? shell.state.positional
          : await shell.expansion.fields(command.words);
      shell.state.status = 0;
      for (const word of words) {
        shell.state.variables.set(command.variable, word);
        if (!(await runRound(shell, command.body))) break;
      }
      return;
    }
    case 'CStyleFor': {
      const part = async (one: { readonly originalText?: string } | null, empty: bigint) =>
        one === null || (one.originalText ?? '').trim() === ''
          ? empty
          : shell.expansion.values.arithmetic(one.originalText ?? '');
      await part(command.init, 0n);
      shell.state.status = 0;
      while ((await part(command.condition, 1n)) !== 0n) {
        if (!(await runRound(shell, command.body))) break;
        await part(command.update, 0n);
      }
      return;
    }
    case 'Case': {
      await matchCase(shell, command);
      return;
    }
    case 'Subshell': {
      const child = shell.fork();
      shell.state.status = await shell.inChild(child, () => child.run(command.body));
      return;
    }
    case 'Group':
      await shell.run(command.body);
      return;
    case 'ArithmeticCommand': {
      const text = command.expression.originalText ?? '';
      try {
        shell.state.status = (await shell.expansion.values.arithmetic(text)) === 0n ? 1 : 0;
      } catch (error) {
        if (!(error instanceof ArithmeticError)) throw error;
        await shell.complain(`((: ${error.message}`);
        shell.state.status = 1;
      }
      return;
    }
    case 'ConditionalCommand':
      shell.state.status = (await conditionHolds(shell, command.expression)) ? 0 : 1;
  }
}

/** Runs what comes after `if`, `while` or `until`; whether it succeeds. */
async function isTrue(shell: ScriptRunner, condition: readonly Statement[]): Promise<boolean> {
  shell.conditionDepth += 1;
  try {
    await shell.beforeCommand();
    return (await shell.run(condition)) === 0;
  } finally {
    shell.conditionDepth -= 1;
  }
}

/** One round of a loop; false where it was the last. */
async function runRound(shell: ScriptRunner, body: readonly Statement[]): Promise<boolean> {
  shell.loopDepth += 1;
  try {
    await shell.beforeCommand();
    await shell.run(body);
    return true;
  } catch (error) {
    if (!(error instanceof LoopJump)) throw error;
    shell.state.status = 0;
    if (error.levels > 1) {
      error.levels -= 1;
      throw error;
    }
    return error.kind === 'continue';
  } finally {
    shell.loopDepth -= 1;
  }
}

async function matchCase(
  shell: ScriptRunner,
  command: Extract<CompoundCommand, { type: 'Case' }>,
): Promise<void> {
  const text = await shell.expansion.text(command.word);
  const ignoresCase = shell.state.shopts.has('nocasematch');
  shell.state.status = 0;
  let falls = false;
  for (const item of command.items) {
    if (!falls) {
      let isMatch = false;
      for (const word of item.patterns) {
        const pattern = await shell.expansion.pattern(word);
        isMatch ||= await shell.expansion.paused(matchesPatternInSteps(text, pattern, ignoresCase));
      }
      if (!isMatch) continue;
    }
    await shell.run(item.body);
    if (item.terminator === ';;') return;
    falls = item.terminator === ';&';
  }
}
