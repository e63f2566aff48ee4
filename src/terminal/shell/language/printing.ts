/** The shell's tree as source again, laid out as bash prints functions and jobs. */

import type {
  CommandNode,
  CompoundCommand,
  Condition,
  FunctionDef,
  Pipeline,
  Redirection,
  Statement,
  Word,
  WordPart,
} from '../just-bash/syntax.ts';

/** A function as `type` and `declare -f` show it. */
export function functionText(node: FunctionDef): string {
  return `${node.name} () \n${bodyText(node.body, 0)}${redirectionsText(node.redirections)}`;
}

/** Statements on one line, as `jobs` shows them. */
export function statementText(statement: Statement): string {
  return statement.pipelines
    .map((pipeline, index) => {
      const operator = index === 0 ? '' : ` ${statement.operators[index - 1] ?? ';'} `;
      return `${operator}${pipelineText(pipeline, 0)}`;
    })
    .join('');
}

const indent = (depth: number) => '    '.repeat(depth);

function bodyText(body: CompoundCommand, depth: number): string {
  return body.type === 'Group'
    ? `${indent(depth)}{ \n${listText(body.body, depth + 1)}\n${indent(depth)}}`
    : `${indent(depth)}{ \n${indent(depth + 1)}${compoundText(body, depth + 1)}\n${indent(depth)}}`;
}

function listText(statements: readonly Statement[], depth: number): string {
  return statements
    .map((statement, index) => {
      const text = statement.pipelines
        .map((pipeline, at) => {
          const operator = at === 0 ? '' : ` ${statement.operators[at - 1] ?? ';'} `;
          return `${operator}${pipelineText(pipeline, depth)}`;
        })
        .join('');
      const end = statement.background ? ' &' : index < statements.length - 1 ? ';' : '';
      return `${indent(depth)}${text}${end}`;
    })
    .join('\n');
}

function pipelineText(pipeline: Pipeline, depth: number): string {
  const commands = pipeline.commands.map((command) => commandText(command, depth));
  const joined = commands
    .map((text, index) =>
      index === 0 ? text : `${pipeline.pipeStderr?.[index - 1] === true ? ' |& ' : ' | '}${text}`,
    )
    .join('');
  return `${pipeline.timed === true ? 'time ' : ''}${pipeline.negated ? '! ' : ''}${joined}`;
}

function commandText(command: CommandNode, depth: number): string {
  if (command.type === 'FunctionDef')
    return `function ${command.name} () \n${bodyText(command.body, depth)}`;
  if (command.type !== 'SimpleCommand')
    return `${compoundText(command, depth)}${redirectionsText(command.redirections)}`;
  const words = [
    ...command.assignments.map((one) =>
      one.array === null
        ? `${one.name}${one.append ? '+' : ''}=${one.value === null ? '' : wordText(one.value)}`
        : `${one.name}${one.append ? '+' : ''}=(${one.array.map(wordText).join(' ')})`,
    ),
    ...(command.name === null ? [] : [wordText(command.name)]),
    ...command.args.map(wordText),
  ];
  return `${words.join(' ')}${redirectionsText(command.redirections)}`.trim();
}

function compoundText(command: CompoundCommand, depth: number): string {
  const list = (statements: readonly Statement[]) => listText(statements, depth + 1);
  const inline = (statements: readonly Statement[]) => listText(statements, 0);
  switch (command.type) {
    case 'If': {
      const clauses = command.clauses.map(
        ({ condition, body }, index) =>
          `${index === 0 ? 'if' : `${indent(depth)}elif`} ${inline(condition)}; then\n${list(body)};\n`,
      );
      const otherwise =
        command.elseBody === null ? '' : `${indent(depth)}else\n${list(command.elseBody)};\n`;
      return `${clauses.join('')}${otherwise}${indent(depth)}fi`;
    }
    case 'While':
    case 'Until':
      return `${command.type.toLowerCase()} ${inline(command.condition)}; do\n${list(command.body)};\n${indent(depth)}done`;
    case 'For': {
      const words =
        command.words === null ? ' in "$@"' : ` in ${command.words.map(wordText).join(' ')}`;
      return `for ${command.variable}${words};\n${indent(depth)}do\n${list(command.body)};\n${indent(depth)}done`;
    }
    case 'CStyleFor': {
      const part = (one: { originalText?: string } | null) => one?.originalText ?? '1';
      return `for ((${part(command.init)}; ${part(command.condition)}; ${part(command.update)}))\n${indent(depth)}do\n${list(command.body)};\n${indent(depth)}done`;
    }
    case 'Case': {
      const items = command.items.map(
        ({ patterns, body, terminator }) =>
          `${indent(depth + 1)}${patterns.map(wordText).join(' | ')})\n${listText(body, depth + 2)}\n${indent(depth + 1)}${terminator}\n`,
      );
      return `case ${wordText(command.word)} in \n${items.join('')}${indent(depth)}esac`;
    }
    case 'Subshell':
      return `( ${inline(command.body)} )`;
    case 'Group':
      return `{ \n${list(command.body)}\n${indent(depth)}}`;
    case 'ArithmeticCommand':
      return `(( ${command.expression.originalText ?? ''} ))`;
    case 'ConditionalCommand':
      return `[[ ${conditionText(command.expression)} ]]`;
  }
}

function conditionText(condition: Condition): string {
  switch (condition.type) {
    case 'CondBinary':
      return `${wordText(condition.left)} ${condition.operator} ${wordText(condition.right)}`;
    case 'CondUnary':
      return `${condition.operator} ${wordText(condition.operand)}`;
    case 'CondNot':
      return `! ${conditionText(condition.operand)}`;
    case 'CondAnd':
      return `${conditionText(condition.left)} && ${conditionText(condition.right)}`;
    case 'CondOr':
      return `${conditionText(condition.left)} || ${conditionText(condition.right)}`;
    case 'CondGroup':
      return `( ${conditionText(condition.expression)} )`;
    case 'CondWord':
      return wordText(condition.word);
  }
}

function redirectionsText(redirections: readonly Redirection[]): string {
  return redirections
    .map(({ fd, operator, target, fdVariable }) => {
      const head = fdVariable === undefined ? (fd === null ? '' : String(fd)) : `{${fdVariable}}`;
      if (target.type === 'HereDoc')
        return ` ${head}${operator}${target.delimiter}\n${wordText(target.content)}${target.delimiter}\n`;
      const space = operator === '>&' || operator === '<&' ? '' : ' ';
      const shown = space === '' && head === '' ? (operator === '>&' ? '1' : '0') : head;
      return ` ${shown}${operator}${space}${wordText(target)}`;
    })
    .join('');
}

/** A word as it was typed. */
export function wordText(word: Word): string {
  return word.parts.map((part) => partText(part, false)).join('');
}

function partText(part: WordPart, isQuoted: boolean): string {
  switch (part.type) {
    case 'Literal':
      if (isQuoted) return part.value.replaceAll(/[\\"$`]/g, String.raw`\$&`);
      return /[\s*?'"$&|;<>()`\\]/.test(part.value) && /[\n\t]/.test(part.value)
        ? `$'${part.value.replaceAll('\n', '\\n').replaceAll('\t', '\\t')}'`
        : part.value;
    case 'SingleQuoted':
      return `'${part.value}'`;
    case 'Escaped':
      return `\\${part.value}`;
    case 'Glob':
      return part.pattern;
    case 'DoubleQuoted':
      return `"${part.parts.map((one) => partText(one, true)).join('')}"`;
    case 'TildeExpansion':
      return `~${part.user ?? ''}`;
    case 'CommandSubstitution':
      return `$(${part.body.statements.map(statementText).join('; ')})`;
    case 'ArithmeticExpansion':
      return `$((${part.expression.originalText ?? ''}))`;
    case 'ProcessSubstitution':
      return `${part.direction === 'input' ? '<' : '>'}(${part.body.statements.map(statementText).join('; ')})`;
    case 'BraceExpansion':
      return `{${part.items
        .map((item) =>
          item.type === 'Word'
            ? wordText(item.word)
            : `${item.startStr ?? item.start}..${item.endStr ?? item.end}`,
        )
        .join(',')}}`;
    case 'ParameterExpansion':
      return parameterText(part);
  }
}

function parameterText({
  parameter,
  operation,
}: Extract<WordPart, { type: 'ParameterExpansion' }>): string {
  if (operation === null)
    return /^(?:[A-Za-z_]\w*|[@*#?$!0-9-])$/.test(parameter) ? `$${parameter}` : `\${${parameter}}`;
  const colon = 'checkEmpty' in operation && operation.checkEmpty ? ':' : '';
  switch (operation.type) {
    case 'DefaultValue':
      return `\${${parameter}${colon}-${wordText(operation.word)}}`;
    case 'AssignDefault':
      return `\${${parameter}${colon}=${wordText(operation.word)}}`;
    case 'ErrorIfUnset':
      return `\${${parameter}${colon}?${operation.word === null ? '' : wordText(operation.word)}}`;
    case 'UseAlternative':
      return `\${${parameter}${colon}+${wordText(operation.word)}}`;
    case 'Length':
      return `\${#${parameter}}`;
    case 'Substring':
      return `\${${parameter}:${operation.offset.originalText ?? ''}${operation.length === null ? '' : `:${operation.length.originalText ?? ''}`}}`;
    case 'PatternRemoval': {
      const sign = operation.side === 'prefix' ? '#' : '%';
      return `\${${parameter}${operation.greedy ? sign + sign : sign}${wordText(operation.pattern)}}`;
    }
    case 'PatternReplacement': {
      const anchor = operation.anchor === 'start' ? '#' : operation.anchor === 'end' ? '%' : '';
      return `\${${parameter}/${operation.all ? '/' : ''}${anchor}${wordText(operation.pattern)}/${operation.replacement === null ? '' : wordText(operation.replacement)}}`;
    }
    case 'CaseModification': {
      const sign = operation.direction === 'upper' ? '^' : ',';
      return `\${${parameter}${operation.all ? sign + sign : sign}${operation.pattern === null ? '' : wordText(operation.pattern)}}`;
    }
    case 'Transform':
      return `\${${parameter}@${operation.operator}}`;
    case 'Indirection':
      return `\${!${parameter}}`;
    case 'ArrayKeys':
      return `\${!${operation.array}[${operation.star ? '*' : '@'}]}`;
    case 'VarNamePrefix':
      return `\${!${operation.prefix}${operation.star ? '*' : '@'}}`;
    default:
      return `\${${parameter}}`;
  }
}
