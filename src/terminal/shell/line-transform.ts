/**
 * What happens to a typed line before the shell library runs it. The library collects all output
 * until the end and knows no terminal, so the parsed line is rewritten:
 * - a command whose output belongs on the terminal writes to it at once, and ours are told so;
 * - every redirection is tried first, so that a refusal gets bash's words and stops that command;
 * - every loop and function body begins with a tick, which keeps the page alive and hears Ctrl+C.
 */

import type { Bash } from 'just-bash/browser';

/** Names that no user's script uses. */
export const ttyOut = '/dev/.terminal-out';
export const ttyErr = '/dev/.terminal-err';
export const ttyFlag = '__TERMINAL';
export const openCommand = '__open';
export const settleCommand = '__settle';
export const tickCommand = '__tick';
export const closeCommand = '__close';

type Ast = ReturnType<Bash['transform']>['ast'];
type Statement = Ast['statements'][number];
type Pipeline = Statement['pipelines'][number];
type CommandNode = Pipeline['commands'][number];
type SimpleCommand = Extract<CommandNode, { type: 'SimpleCommand' }>;
type Redirection = SimpleCommand['redirections'][number];
type Word = NonNullable<SimpleCommand['name']>;

/** Where a command's three standard streams lead. */
interface Streams {
  readonly inTerminal: boolean;
  readonly outTerminal: boolean;
  readonly errTerminal: boolean;
}

export interface TransformOptions {
  readonly streams: Streams;
  /** Commands that want to know whether they are on the terminal. */
  readonly ownCommands: ReadonlySet<string>;
  readonly aliases: ReadonlyMap<string, string>;
}

export const onTerminal: Streams = { inTerminal: true, outTerminal: true, errTerminal: true };
export const collected: Streams = { inTerminal: false, outTerminal: false, errTerminal: false };

/** Rewrites statements for the terminal (or for collecting). */
export function transformStatements(
  statements: readonly Statement[],
  options: TransformOptions,
): Statement[] {
  return statements.map((statement) => transformStatement(statement, options.streams, options));
}

function transformStatement(
  statement: Statement,
  streams: Streams,
  options: TransformOptions,
): Statement {
  const { sourceText: _text, ...rest } = statement;
  return {
    ...rest,
    background: false,
    pipelines: statement.pipelines.map((pipeline) => transformPipeline(pipeline, streams, options)),
  };
}

function transformPipeline(
  pipeline: Pipeline,
  streams: Streams,
  options: TransformOptions,
): Pipeline {
  const last = pipeline.commands.length - 1;
  return {
    ...pipeline,
    commands: pipeline.commands.map((command, index) =>
      transformCommand(
        command,
        {
          inTerminal: streams.inTerminal && index === 0,
          outTerminal: streams.outTerminal && index === last,
          errTerminal: streams.errTerminal && !(pipeline.pipeStderr?.[index] ?? false),
        },
        options,
      ),
    ),
  };
}

function transformCommand(
  command: CommandNode,
  streams: Streams,
  options: TransformOptions,
): CommandNode {
  if (command.type === 'SimpleCommand') return transformSimple(command, streams, options);
  if (command.type === 'FunctionDef') {
    const body = transformCommand(command.body, collected, options);
    return body.type === 'SimpleCommand' || body.type === 'FunctionDef'
      ? command
      : { ...command, body };
  }
  const inner = innerStreams(streams, command.redirections);
  const list = (statements: readonly Statement[]) =>
    statements.map((one) => transformStatement(one, inner, options));
  const ticked = (statements: readonly Statement[]) => [tick(), ...list(statements)];
  const outer = hasOutputRedirection(command.redirections)
    ? { redirections: [...terminalRedirections(streams), ...withoutHeredocs(command.redirections)] }
    : { redirections: withoutHeredocs(command.redirections) };
  return guarded(
    rewriteCompound(command, list, ticked, outer),
    command.redirections,
    streams,
    'bash',
  );
}

function rewriteCompound(
  command: Exclude<CommandNode, { type: 'SimpleCommand' } | { type: 'FunctionDef' }>,
  list: (statements: readonly Statement[]) => Statement[],
  ticked: (statements: readonly Statement[]) => Statement[],
  outer: { readonly redirections?: Redirection[] },
): CommandNode {
  switch (command.type) {
    case 'If':
      return {
        ...command,
        ...outer,
        clauses: command.clauses.map((clause) => ({
          condition: list(clause.condition),
          body: list(clause.body),
        })),
        elseBody: command.elseBody === null ? null : list(command.elseBody),
      };
    case 'While':
    case 'Until':
      return {
        ...command,
        ...outer,
        condition: list(command.condition),
        body: ticked(command.body),
      };
    case 'For':
    case 'CStyleFor':
      return { ...command, ...outer, body: ticked(command.body) };
    case 'Case':
      return {
        ...command,
        ...outer,
        items: command.items.map((item) => ({ ...item, body: list(item.body) })),
      };
    case 'Subshell':
    case 'Group':
      return { ...command, ...outer, body: list(command.body) };
    default:
      return command;
  }
}

function transformSimple(
  command: SimpleCommand,
  streams: Streams,
  options: TransformOptions,
): CommandNode {
  const typed = literal(command.name);
  if (command.name === null) {
    // A redirection alone is tried like any other; the library's own words are not bash's.
    const isAlone = command.assignments.length === 0 && command.redirections.length > 0;
    return isAlone ? transformSimple({ ...command, name: word(':') }, streams, options) : command;
  }
  if (typed === 'exec') return transformExec(command, streams);
  // The library runs programs by their bare names only; a system path means the same program.
  const plain = /^(?:\/usr)?\/s?bin\/(\w[\w.-]*)$/.exec(typed ?? '')?.[1];
  const isProgram = plain !== undefined && options.ownCommands.has(plain);
  const name = isProgram ? plain : typed;
  const here = innerStreams(streams, command.redirections);
  const aliased =
    name === undefined ? undefined : options.aliases.get(name)?.trim().split(/\s+/)[0];
  const known = [name, aliased].find((one) => one !== undefined && options.ownCommands.has(one));
  const flag = (here.inTerminal ? 4 : 0) + (here.outTerminal ? 1 : 0) + (here.errTerminal ? 2 : 0);
  const rewritten: SimpleCommand = {
    ...command,
    name: isProgram ? word(plain) : command.name,
    args: command.args.map((arg) => rewriteWord(arg, known !== undefined, options)),
    assignments:
      known === undefined
        ? command.assignments
        : [
            ...command.assignments,
            {
              type: 'Assignment',
              name: ttyFlag,
              value: word(String(flag)),
              append: false,
              array: null,
            },
          ],
    redirections: [...terminalRedirections(streams), ...withoutHeredocs(command.redirections)],
  };
  const result = guarded(rewritten, command.redirections, streams, name ?? 'bash');
  const [target] = command.args;
  if (name !== 'cd' || target === undefined || literal(target) === '-') return result;
  // The library's cd asks only whether the directory is there, not whether it may be entered.
  const redirects = terminalRedirections({ ...streams, outTerminal: false });
  return group([[[simple(openCommand, [word('x'), target], redirects), result], ['&&']]]);
}

/**
 * Line ends that a quote has made would be lost when the line is written out again. What stands in
 * `$(…)` goes nowhere but into the word: commands in there must not take the outer one's word about
 * the terminal for theirs.
 */
function rewriteWord(node: Word, isTold: boolean, options: TransformOptions): Word {
  const parts = (list: Word['parts']): Word['parts'] =>
    list.map((part) => {
      switch (part.type) {
        case 'Literal':
          return part.value.includes('\n') ? { type: 'SingleQuoted', value: part.value } : part;
        case 'DoubleQuoted':
          return { ...part, parts: isTold ? part.parts.map(substitution) : part.parts };
        default:
          return substitution(part);
      }
    });
  const substitution = (part: Word['parts'][number]): Word['parts'][number] =>
    isTold && part.type === 'CommandSubstitution'
      ? {
          ...part,
          body: {
            ...part.body,
            statements: transformStatements(part.body.statements, {
              ...options,
              streams: collected,
            }),
          },
        }
      : part;
  return { ...node, parts: parts(node.parts) };
}

/** `exec 3<>/dev/tcp/host/port` and `exec 3>&-`: connections that the shell itself holds. */
function transformExec(command: SimpleCommand, streams: Streams): CommandNode {
  const redirects = terminalRedirections({ ...streams, outTerminal: false });
  for (const one of command.redirections) {
    const target = one.target.type === 'Word' ? literal(one.target) : undefined;
    if (target?.startsWith('/dev/tcp/') === true && one.target.type === 'Word') {
      return simple(openCommand, [word(String(one.fd ?? 1)), one.target], redirects);
    }
    if (target === '-' && one.fd !== null)
      return simple(closeCommand, [word(String(one.fd))], redirects);
  }
  return command;
}

/**
 * A here-document inside a group would lose its lines when the line is written out again; a
 * here-string says the same on one line.
 */
function withoutHeredocs(redirections: readonly Redirection[]): Redirection[] {
  return redirections.map((one) => {
    if (one.target.type !== 'HereDoc') return one;
    const parts = trimLastNewline(one.target.content.parts);
    const quoted = one.target.quoted || parts.every((part) => part.type === 'Literal');
    const text = parts
      .map((part) => ('value' in part && typeof part.value === 'string' ? part.value : ''))
      .join('');
    const target: Word = quoted
      ? { type: 'Word', parts: quotedParts(text) }
      : { type: 'Word', parts: [{ type: 'DoubleQuoted', parts }] };
    return { type: 'Redirection', fd: one.fd, operator: '<<<', target };
  });
}

/** A text in single quotes, its own single quotes escaped between them. */
function quotedParts(text: string): Word['parts'] {
  return text
    .split("'")
    .flatMap((piece, index): Word['parts'] => [
      ...(index > 0 ? [{ type: 'Escaped' as const, value: "'" }] : []),
      { type: 'SingleQuoted', value: piece },
    ]);
}

function trimLastNewline(parts: Word['parts']): Word['parts'] {
  const last = parts.at(-1);
  if (last?.type !== 'Literal' && last?.type !== 'SingleQuoted') return parts;
  return [...parts.slice(0, -1), { ...last, value: last.value.replace(/\n$/, '') }];
}

/** Where a command's own redirections leave the three streams. */
function innerStreams(streams: Streams, redirections: readonly Redirection[]): Streams {
  const touches = (fd: number) => redirections.some((one) => redirectedFds(one).includes(fd));
  return {
    inTerminal: streams.inTerminal && !touches(0),
    outTerminal: streams.outTerminal && !touches(1),
    errTerminal: streams.errTerminal && !touches(2),
  };
}

function redirectedFds(redirection: Redirection): readonly number[] {
  switch (redirection.operator) {
    case '<':
    case '<<':
    case '<<-':
    case '<<<':
    case '<&':
    case '<>':
      return [redirection.fd ?? 0];
    case '&>':
    case '&>>':
      return [1, 2];
    default:
      return [redirection.fd ?? 1];
  }
}

function hasOutputRedirection(redirections: readonly Redirection[]): boolean {
  return redirections.some((one) => redirectedFds(one).some((fd) => fd === 1 || fd === 2));
}

function terminalRedirections(streams: Streams): Redirection[] {
  const to = (fd: number, path: string): Redirection => ({
    type: 'Redirection',
    fd,
    operator: '>>',
    target: word(path),
  });
  return [
    ...(streams.outTerminal ? [to(1, ttyOut)] : []),
    ...(streams.errTerminal ? [to(2, ttyErr)] : []),
  ];
}

/** Puts the trial of each file redirection before the command, and the check of its writes after. */
function guarded(
  command: CommandNode,
  redirections: readonly Redirection[],
  streams: Streams,
  name: string,
): CommandNode {
  const files = redirections.flatMap((one) => {
    const target = one.target;
    if (target.type !== 'Word' || one.fdVariable !== undefined) return [];
    const mode = openModes[one.operator];
    const path = literal(target);
    if (
      mode === undefined ||
      path === '/dev/null' ||
      (one.operator === '>&' && path !== undefined && /^\d+$|^-$/.test(path))
    )
      return [];
    return [{ mode, target }];
  });
  if (files.length === 0) return command;
  const redirects = terminalRedirections({ ...streams, outTerminal: false });
  const open = simple(
    openCommand,
    files.flatMap(({ mode, target }) => [word(mode), target]),
    redirects,
  );
  const writes = files.filter(({ mode }) => mode !== 'r').map(({ target }) => target);
  if (writes.length === 0) return group([[[open, command], ['&&']]]);
  const settle = simple(settleCommand, [lastStatus(), word(name), ...writes], redirects);
  return group([
    [
      [
        open,
        group([
          [[command], []],
          [[settle], []],
        ]),
      ],
      ['&&'],
    ],
  ]);
}

const openModes: Readonly<Partial<Record<Redirection['operator'], string>>> = {
  '<': 'r',
  '<>': 'w',
  '>': 'w',
  '>>': 'a',
  '>|': 'w',
  '&>': 'w',
  '&>>': 'a',
};

function tick(): Statement {
  return statement([simple(tickCommand, [lastStatus()], [])], []);
}

function group(
  lists: readonly (readonly [readonly CommandNode[], ('&&' | '||' | ';')[]])[],
): CommandNode {
  return {
    type: 'Group',
    body: lists.map(([commands, operators]) => statement(commands, operators)),
    redirections: [],
  };
}

function statement(commands: readonly CommandNode[], operators: ('&&' | '||' | ';')[]): Statement {
  return {
    type: 'Statement',
    pipelines: commands.map((command) => ({
      type: 'Pipeline',
      commands: [command],
      negated: false,
    })),
    operators,
    background: false,
  };
}

function simple(name: string, args: Word[], redirections: Redirection[]): SimpleCommand {
  return { type: 'SimpleCommand', assignments: [], name: word(name), args, redirections };
}

function word(value: string): Word {
  return { type: 'Word', parts: [{ type: 'Literal', value }] };
}

function lastStatus(): Word {
  return { type: 'Word', parts: [{ type: 'ParameterExpansion', parameter: '?', operation: null }] };
}

/** A word's text, where it is one plain piece. */
function literal(node: Word | null): string | undefined {
  const [part, ...more] = node?.parts ?? [];
  if (part === undefined || more.length > 0) return undefined;
  return part.type === 'Literal' || part.type === 'SingleQuoted' || part.type === 'Escaped'
    ? part.value
    : undefined;
}

/** The functions that a line defines, at any depth outside other functions. */
export function definedFunctions(
  statements: readonly Statement[],
): readonly Extract<CommandNode, { type: 'FunctionDef' }>[] {
  return statements.flatMap((one) =>
    one.pipelines.flatMap((pipeline) =>
      pipeline.commands.flatMap((command) => {
        if (command.type === 'FunctionDef') return [command];
        if (command.type === 'Group') return definedFunctions(command.body);
        return [];
      }),
    ),
  );
}

export type { Statement };
