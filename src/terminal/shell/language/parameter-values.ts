/** What parameters stand for, and how they come by their values: names, elements, subscripts, arithmetic. */

import { evaluate } from './arithmetic.ts';
import type { ExpansionContext } from './expansion-context.ts';
import { ExpansionProblem } from './problems.ts';
import { VariableProblem } from './variables.ts';

/** One text, or a list as `$@` and `${a[*]}` have it. */
export type Found =
  | { readonly kind: 'scalar'; readonly value: string | undefined }
  | { readonly kind: 'list'; readonly values: readonly string[]; readonly isStar: boolean };

export class ParameterValues {
  private readonly context: ExpansionContext;
  private readonly rawText: (text: string) => Promise<string>;

  /** `rawText`: expands the `$` in a subscript or an arithmetic expression. */
  constructor(context: ExpansionContext, rawText: (text: string) => Promise<string>) {
    this.context = context;
    this.rawText = rawText;
  }

  /** What a parameter stands for: special, positional, a variable, one element or all of them. */
  async find(parameter: string): Promise<Found> {
    const { state } = this.context;
    if (parameter === '@' || parameter === '*')
      return { kind: 'list', values: state.positional, isStar: parameter === '*' };
    const special = this.context.special(parameter);
    if (special !== undefined) return { kind: 'scalar', value: special };
    if (/^\d+$/.test(parameter)) {
      const index = Number(parameter);
      return {
        kind: 'scalar',
        value: index === 0 ? state.name : state.positional[index - 1],
      };
    }
    const element = /^([A-Za-z_]\w*)\[([\s\S]*)\]$/.exec(parameter);
    const { variables } = state;
    if (element === null) {
      const target = variables.target(parameter);
      const through = /^([A-Za-z_]\w*)\[([@*])\]$/.exec(target);
      if (through !== null) return this.find(target);
      return { kind: 'scalar', value: variables.get(parameter) };
    }
    const [, name = '', raw = ''] = element;
    if (raw === '@' || raw === '*') {
      const values = variables.subscripts(name).map((key) => variables.element(name, key) ?? '');
      return { kind: 'list', values: this.specialArray(name) ?? values, isStar: raw === '*' };
    }
    const list = this.specialArray(name);
    const subscript = await this.subscript(name, raw);
    if (list !== undefined) return { kind: 'scalar', value: list.at(Number(subscript)) };
    return { kind: 'scalar', value: variables.element(name, subscript) };
  }

  /** Arrays that the shell makes itself. */
  specialArray(name: string): readonly string[] | undefined {
    const { state } = this.context;
    if (name === 'PIPESTATUS') return state.pipeStatus.map(String);
    if (name === 'FUNCNAME' && state.callStack.length > 0) return [...state.callStack].reverse();
    if (name === 'DIRSTACK') return [state.cwd, ...state.directoryStack];
    if (name === 'BASH_VERSINFO') return ['5', '2', '15', '1', 'release', 'x86_64-pc-linux-gnu'];
    return undefined;
  }

  /** With `set -u` a scalar without a value is an error. */
  checkSet(name: string, found: Found): void {
    if (found.kind === 'list' || found.value !== undefined) return;
    if (!this.context.state.options.has('nounset')) return;
    throw new ExpansionProblem(`${/^\d+$/.test(name) ? `$${name}` : name}: unbound variable`, 127);
  }

  /** The value of an arithmetic expression. */
  async arithmetic(text: string): Promise<bigint> {
    const expanded = (await this.rawText(text)).replaceAll('"', '');
    return this.evaluate(expanded);
  }

  /** The same, of a text that is expanded already. */
  evaluate(text: string): bigint {
    const { state } = this.context;
    try {
      return evaluate(text, {
        get: (name, subscript) => {
          const special = subscript === null ? this.context.special(name) : undefined;
          const value =
            special ??
            (subscript === null
              ? state.variables.get(name)
              : state.variables.element(name, subscript));
          if (value === undefined && state.options.has('nounset'))
            throw new ExpansionProblem(`${name}: unbound variable`, 127);
          return value;
        },
        set: (name, subscript, value) => {
          state.variables.set(name, value, subscript ?? undefined);
        },
        isAssociative: (name) => state.variables.find(name)?.kind === 'associative',
      });
    } catch (error) {
      if (error instanceof VariableProblem) throw new ExpansionProblem(error.message);
      throw error;
    }
  }

  /** A subscript as the variable wants it: a number, or an associative array's key. */
  async subscript(name: string, raw: string): Promise<string> {
    if (this.context.state.variables.find(name)?.kind === 'associative') {
      const inner = /^(["'])([\s\S]*)\1$/.exec(raw);
      if (inner?.[1] === "'") return inner[2] ?? '';
      return this.rawText(inner?.[2] ?? raw);
    }
    return String(await this.arithmetic(raw));
  }

  /** Assigns by a name that may hold a subscript. */
  async assign(name: string, value: string): Promise<void> {
    const element = /^([A-Za-z_]\w*)\[([\s\S]*)\]$/.exec(name);
    try {
      if (element === null) this.context.state.variables.set(name, value);
      else {
        const [, array = '', raw = ''] = element;
        this.context.state.variables.set(array, value, await this.subscript(array, raw));
      }
    } catch (error) {
      if (error instanceof VariableProblem) throw new ExpansionProblem(error.message);
      throw error;
    }
  }
}
