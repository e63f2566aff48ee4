/** The syntax tree of the shell library's parser, by short names. */

import type { Bash } from 'just-bash/browser';

export type Script = ReturnType<Bash['transform']>['ast'];
export type Statement = Script['statements'][number];
export type Pipeline = Statement['pipelines'][number];
export type CommandNode = Pipeline['commands'][number];
export type SimpleCommand = Extract<CommandNode, { type: 'SimpleCommand' }>;
export type FunctionDef = Extract<CommandNode, { type: 'FunctionDef' }>;
export type CompoundCommand = Exclude<CommandNode, SimpleCommand | FunctionDef>;
export type Assignment = SimpleCommand['assignments'][number];
export type Redirection = SimpleCommand['redirections'][number];
export type Word = NonNullable<SimpleCommand['name']>;
export type WordPart = Word['parts'][number];
export type ParameterPart = Extract<WordPart, { type: 'ParameterExpansion' }>;
export type ParameterOperation = NonNullable<ParameterPart['operation']>;
export type ProcessPart = Extract<WordPart, { type: 'ProcessSubstitution' }>;
export type Condition = Extract<CommandNode, { type: 'ConditionalCommand' }>['expression'];
