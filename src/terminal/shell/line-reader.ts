/** Reads lines as bash would: whether one is whole, which statements it has, what they become. */

import { Bash } from 'just-bash/browser';
import {
  definedFunctions,
  transformStatements,
  type Statement,
  type TransformOptions,
} from './line-transform.ts';

export class LineReader {
  private readonly parser = new Bash({ commands: [] });
  private picked: ((statements: readonly Statement[]) => Statement[]) | null = null;

  constructor() {
    this.parser.registerTransformPlugin({
      name: 'pick',
      transform: ({ ast }) => ({
        ast: this.picked === null ? ast : { ...ast, statements: this.picked(ast.statements) },
      }),
    });
  }

  /** Whether the text is a whole command, or the shell would ask for more. */
  isIncomplete(text: string): boolean {
    try {
      this.rewrite(text, (statements) => [...statements]);
      return /(?:^|[^\\])(?:\\\\)*\\$/.test(text.trimEnd()) || hasOpenHeredoc(text);
    } catch (error) {
      const message = error instanceof Error ? error.message : '';
      return (
        /unexpected EOF|got EOF|unterminated|unexpected end/i.test(message) &&
        !message.includes('unexpected token')
      );
    }
  }

  /**
   * For each statement of the text, whether it ends in `&`.
   * @throws Error where the text is no shell script
   */
  backgrounds(text: string): readonly boolean[] {
    let flags: readonly boolean[] = [];
    this.rewrite(text, (statements) => {
      flags = statements.map((one) => one.background);
      return [...statements];
    });
    return flags;
  }

  /** The whole text, rewritten for the terminal or for collecting. */
  script(text: string, options: TransformOptions): string {
    return this.rewrite(text, (statements) => transformStatements(statements, options));
  }

  /** One statement of the text, rewritten. */
  statement(text: string, index: number, options: TransformOptions): string {
    return this.rewrite(text, (statements) => {
      const one = statements[index];
      return one === undefined ? [] : transformStatements([one], options);
    });
  }

  /** One statement of the text as it stands, without its `&`. */
  foreground(text: string, index: number): string {
    return this.rewrite(text, (statements) => {
      const one = statements[index];
      return one === undefined ? [] : [{ ...one, background: false }];
    });
  }

  /** The functions that a statement of the text defines, by name, as rewritten source. */
  functions(text: string, index: number, options: TransformOptions): Record<string, string> {
    const names: string[] = [];
    this.rewrite(text, (statements) => {
      const one = statements[index];
      if (one !== undefined) names.push(...definedFunctions([one]).map((node) => node.name));
      return [];
    });
    return Object.fromEntries(
      names.map((name) => [name, this.functionSource(text, index, name, options)]),
    );
  }

  private functionSource(
    text: string,
    index: number,
    name: string,
    options: TransformOptions,
  ): string {
    return this.rewrite(text, (statements) => {
      const one = statements[index];
      const node =
        one === undefined
          ? undefined
          : definedFunctions([one]).find((candidate) => candidate.name === name);
      if (one === undefined || node === undefined) return [];
      const pipeline = { type: 'Pipeline' as const, commands: [node], negated: false };
      return transformStatements([{ ...one, pipelines: [pipeline], operators: [] }], options);
    });
  }

  private rewrite(text: string, pick: (statements: readonly Statement[]) => Statement[]): string {
    this.picked = pick;
    try {
      return this.parser.transform(text).script;
    } finally {
      this.picked = null;
    }
  }
}

/** What bash says of a text that is no script. */
export function syntaxMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const token = /unexpected token [`']?([^'`]+)[`']?/.exec(message)?.[1];
  if (token !== undefined) return `bash: syntax error near unexpected token \`${token}'\n`;
  return `bash: syntax error: ${message.replace(/^.*?Parse error at \d+:\d+: /, '')}\n`;
}

/** A here-document whose last line has not been typed yet. */
function hasOpenHeredoc(text: string): boolean {
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    for (const match of line.matchAll(/(?<!<)<<(-?)\s*(['"]?)(\w+)\2/g)) {
      const [, dash, , delimiter] = match;
      const isClosed = lines
        .slice(index + 1)
        .some((later) => (dash === '-' ? later.replace(/^\t+/, '') : later) === delimiter);
      if (!isClosed) return true;
    }
  }
  return false;
}
