/** `[[ … ]]`: what bash asks of strings, numbers and files, with patterns and regular expressions. */

import { compareFiles, compareNumbers, numberOperators, unary } from '../language/conditions.ts';
import { boundedExpression, type Match } from '../language/bounded-expression.ts';
import { matchesPatternInSteps } from '../language/patterns.ts';
import type { Condition, Word } from '../just-bash/syntax.ts';
import type { ScriptRunner } from './script-runner.ts';

/** Whether a condition is true; `BASH_REMATCH` is set where it matches an expression. */
export async function conditionHolds(shell: ScriptRunner, condition: Condition): Promise<boolean> {
  const text = (word: Word) => shell.expansion.text(word);
  switch (condition.type) {
    case 'CondAnd':
      return (
        (await conditionHolds(shell, condition.left)) &&
        (await conditionHolds(shell, condition.right))
      );
    case 'CondOr':
      return (
        (await conditionHolds(shell, condition.left)) ||
        (await conditionHolds(shell, condition.right))
      );
    case 'CondNot':
      return !(await conditionHolds(shell, condition.operand));
    case 'CondGroup':
      return conditionHolds(shell, condition.expression);
    case 'CondWord':
      return (await text(condition.word)) !== '';
    case 'CondUnary':
      return (
        unary(condition.operator, await text(condition.operand), shell.conditionContext) ?? false
      );
    case 'CondBinary': {
      const { operator } = condition;
      const left = await text(condition.left);
      const ignoresCase = shell.state.shopts.has('nocasematch');
      switch (operator) {
        case '=':
        case '==':
        case '!=': {
          const pattern = await shell.expansion.pattern(condition.right);
          const matching = matchesPatternInSteps(left, pattern, ignoresCase);
          return (await shell.expansion.paused(matching)) !== (operator === '!=');
        }
        case '=~':
          return matchesRegularExpression(shell, left, condition.right, ignoresCase);
        case '<':
          return left < (await text(condition.right));
        case '>':
          return left > (await text(condition.right));
        case '-nt':
        case '-ot':
        case '-ef':
          return compareFiles(operator, left, await text(condition.right), shell.conditionContext);
        default:
          if (!numberOperators.includes(operator)) return false;
          return compareNumbers(
            operator,
            await shell.expansion.values.arithmetic(left),
            await shell.expansion.values.arithmetic(await text(condition.right)),
          );
      }
    }
  }
}

async function matchesRegularExpression(
  shell: ScriptRunner,
  text: string,
  word: Word,
  ignoresCase: boolean,
): Promise<boolean> {
  const source = posixExpression(await shell.expansion.regularExpression(word));
  let match: Match | null;
  try {
    const search = boundedExpression(source, ignoresCase, false).search(text);
    match = await shell.expansion.paused(search.next(0));
  } catch (problem) {
    if (!(problem instanceof SyntaxError)) throw problem;
    shell.state.status = 2;
    return false;
  }
  shell.state.variables.setArray(
    'BASH_REMATCH',
    match === null ? [] : match.groups.map((one) => one ?? ''),
  );
  return match !== null;
}

/** A POSIX extended expression in JavaScript's words: its classes have other names. */
function posixExpression(source: string): string {
  const names: Readonly<Record<string, string>> = {
    alnum: 'A-Za-z0-9',
    alpha: 'A-Za-z',
    blank: ' \\t',
    digit: '0-9',
    lower: 'a-z',
    punct: '!-\\/:-@\\[-`{-~',
    space: '\\s',
    upper: 'A-Z',
    xdigit: '0-9A-Fa-f',
    word: '\\w',
  };
  return source.replaceAll(/\[:(\w+):\]/g, (whole, name: string) => names[name] ?? whole);
}
