/** A shell's variables: scalars and arrays with attributes, in the scopes of the running functions. */

/** Subscript to value, ordered by number for indexed arrays as they are read. */
export interface Variable {
  kind: 'scalar' | 'indexed' | 'associative';
  /** A scalar's value; undefined where it has been declared and not set. */
  value?: string | undefined;
  elements?: Map<string, string>;
  isExported?: boolean;
  isReadonly?: boolean;
  isInteger?: boolean;
  letterCase?: 'lower' | 'upper' | undefined;
  /** The name that a reference stands for is its value. */
  isReference?: boolean;
}

/** An assignment that bash refuses, with its words. */
export class VariableProblem extends Error {}

export interface SavedVariable extends Omit<Variable, 'elements'> {
  readonly name: string;
  readonly elements?: readonly (readonly [string, string])[];
}

export class Variables {
  private readonly scopes: Map<string, Variable>[];
  private readonly temporary = new WeakSet<Map<string, Variable>>();
  /** The highest subscripts of indexed arrays, where they have been looked for. */
  private readonly highest = new WeakMap<Map<string, string>, number>();

  constructor(scopes: Map<string, Variable>[] = [new Map<string, Variable>()]) {
    this.scopes = scopes;
  }

  /** A copy of which no change comes back. */
  copy(): Variables {
    return new Variables(
      this.scopes.map(
        (scope) =>
          new Map(
            [...scope].map(([name, variable]) => [
              name,
              variable.elements === undefined
                ? { ...variable }
                : { ...variable, elements: new Map(variable.elements) },
            ]),
          ),
      ),
    );
  }

  save(): readonly SavedVariable[] {
    return [...(this.scopes[0] ?? [])].map(([name, { elements, ...rest }]) => ({
      name,
      ...rest,
      ...(elements !== undefined && { elements: [...elements] }),
    }));
  }

  static from(saved: readonly SavedVariable[]): Variables {
    const scope = new Map<string, Variable>();
    for (const { name, elements, ...rest } of saved)
      scope.set(name, {
        ...rest,
        ...(elements !== undefined && { elements: new Map(elements) }),
      });
    return new Variables([scope]);
  }

  get isInFunction(): boolean {
    return this.scopes.some((scope, index) => index > 0 && !this.temporary.has(scope));
  }

  /** The scope of `NAME=value command`: it ends with the command. */
  enterTemporary(values: ReadonlyMap<string, string>): void {
    const scope = new Map<string, Variable>();
    for (const [name, value] of values)
      scope.set(name, { kind: 'scalar', value, isExported: true });
    this.temporary.add(scope);
    this.scopes.push(scope);
  }

  leaveTemporary(): void {
    const at = this.scopes.findLastIndex((scope) => this.temporary.has(scope));
    if (at > 0) this.scopes.splice(at, 1);
  }

  enterFunction(): void {
    this.scopes.push(new Map());
  }

  leaveFunction(): void {
    this.scopes.pop();
  }

  /** The variable itself, a reference not followed. */
  own(name: string): Variable | undefined {
    for (let at = this.scopes.length - 1; at >= 0; at--) {
      const found = this.scopes[at]?.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The name that assignments to this one reach, through references; may hold a subscript. */
  target(name: string): string {
    let at = name;
    for (let step = 0; step < 8; step++) {
      const found = this.own(at);
      if (found?.isReference !== true || found.value === undefined || found.value === '') return at;
      at = found.value;
    }
    return at;
  }

  find(name: string): Variable | undefined {
    const target = this.target(name);
    const bracket = target.indexOf('[');
    if (bracket === -1) return this.own(target);
    const array = this.own(target.slice(0, bracket));
    const value = array?.elements?.get(target.slice(bracket + 1, -1));
    return value === undefined ? undefined : { kind: 'scalar', value };
  }

  /** A variable's value, an array's first element; undefined where there is none. */
  get(name: string): string | undefined {
    const found = this.find(name);
    return found?.kind === 'scalar' ? found.value : found?.elements?.get('0');
  }

  element(name: string, subscript: string): string | undefined {
    const found = this.find(name);
    if (found === undefined) return undefined;
    if (found.kind === 'scalar') return subscript === '0' ? found.value : undefined;
    return found.elements?.get(
      found.kind === 'indexed' ? String(this.indexOf(found, subscript)) : subscript,
    );
  }

  /** An array's subscripts in order; a scalar counts as one element. */
  subscripts(name: string): readonly string[] {
    const found = this.find(name);
    if (found === undefined) return [];
    if (found.kind === 'scalar') return found.value === undefined ? [] : ['0'];
    const keys = [...(found.elements?.keys() ?? [])];
    return found.kind === 'indexed' ? keys.sort((one, other) => Number(one) - Number(other)) : keys;
  }

  /** The subscript after an array's highest. */
  nextSubscript(name: string): number {
    const found = this.find(name);
    if (found?.kind === 'scalar') return found.value === undefined ? 0 : 1;
    return found === undefined ? 0 : this.highestOf(found) + 1;
  }

  /** Negative subscripts count from the end. */
  private indexOf(variable: Variable, subscript: string): number {
    const index = Number(subscript);
    return index >= 0 ? index : this.highestOf(variable) + 1 + index;
  }

  private highestOf({ elements }: Variable): number {
    if (elements === undefined) return -1;
    let highest = this.highest.get(elements);
    if (highest !== undefined) return highest;
    highest = -1;
    for (const key of elements.keys()) highest = Math.max(highest, Number(key));
    this.highest.set(elements, highest);
    return highest;
  }

  /**
   * Assigns to a variable, or to an element of it; a new one is global.
   * @throws VariableProblem for what is read-only
   */
  set(name: string, value: string, subscript?: string): void {
    let target = this.target(name);
    let key = subscript;
    const bracket = target.indexOf('[');
    if (bracket !== -1 && key === undefined) {
      key = target.slice(bracket + 1, -1);
      target = target.slice(0, bracket);
    }
    const found = this.own(target);
    if (found?.isReadonly === true) throw new VariableProblem(`${target}: readonly variable`);
    const variable = found ?? this.create(target);
    const kept =
      variable.letterCase === 'lower'
        ? value.toLowerCase()
        : variable.letterCase === 'upper'
          ? value.toUpperCase()
          : value;
    if (key === undefined && variable.kind === 'scalar') variable.value = kept;
    else {
      if (variable.kind === 'scalar') this.makeArray(variable, 'indexed');
      const at =
        variable.kind === 'associative' ? (key ?? '0') : String(this.indexOf(variable, key ?? '0'));
      if (variable.kind === 'indexed' && Number(at) < 0)
        throw new VariableProblem(`${target}[${key ?? ''}]: bad array subscript`);
      variable.elements?.set(at, kept);
      if (variable.kind === 'indexed' && variable.elements !== undefined)
        this.highest.set(variable.elements, Math.max(this.highestOf(variable), Number(at)));
    }
  }

  /** Replaces a whole array. */
  setArray(name: string, values: readonly string[]): void {
    const target = this.target(name);
    const found = this.own(target);
    if (found?.isReadonly === true) throw new VariableProblem(`${target}: readonly variable`);
    const variable = found ?? this.create(target);
    if (variable.kind !== 'associative') variable.kind = 'indexed';
    variable.value = undefined;
    variable.elements = new Map(values.map((value, index) => [String(index), value]));
  }

  makeArray(variable: Variable, kind: 'indexed' | 'associative'): void {
    if (variable.kind === kind) return;
    variable.kind = kind;
    variable.elements = new Map(variable.value === undefined ? [] : [['0', variable.value]]);
    variable.value = undefined;
  }

  private create(name: string): Variable {
    const made: Variable = { kind: 'scalar' };
    this.scopes[0]?.set(name, made);
    return made;
  }

  /** The variable in the innermost scope (`local`), or the global one; made where it is not there. */
  declare(name: string, isLocal: boolean): Variable {
    if (!isLocal) {
      const target = this.own(name);
      return target ?? this.create(name);
    }
    const scope =
      this.scopes.findLast((one) => !this.temporary.has(one)) ?? new Map<string, Variable>();
    let made = scope.get(name);
    if (made === undefined) {
      const outer = this.own(name);
      made = { kind: 'scalar', ...(outer?.isExported === true && { isExported: true }) };
      scope.set(name, made);
    }
    return made;
  }

  declareGlobal(name: string): Variable {
    return this.scopes[0]?.get(name) ?? this.create(name);
  }

  unset(name: string, subscript?: string): void {
    const target = this.target(name);
    for (let at = this.scopes.length - 1; at >= 0; at--) {
      const scope = this.scopes[at];
      const found = scope?.get(target);
      if (found === undefined) continue;
      if (found.isReadonly === true)
        throw new VariableProblem(`${name}: cannot unset: readonly variable`);
      if (subscript === undefined) {
        // A local one stays local, without a value.
        if (at === this.scopes.length - 1 && at > 0) scope?.set(target, { kind: 'scalar' });
        else scope?.delete(target);
      } else {
        found.elements?.delete(
          found.kind === 'indexed' ? String(this.indexOf(found, subscript)) : subscript,
        );
        if (found.elements !== undefined) this.highest.delete(found.elements);
      }
      return;
    }
  }

  unsetReference(name: string): void {
    for (const scope of [...this.scopes].reverse()) if (scope.delete(name)) return;
  }

  names(): readonly string[] {
    return [...new Set(this.scopes.flatMap((scope) => [...scope.keys()]))].sort();
  }

  /** What programs inherit. */
  exported(): Record<string, string> {
    const env: Record<string, string> = {};
    for (const name of this.names()) {
      const found = this.own(name);
      if (found?.isExported === true && found.kind === 'scalar' && found.value !== undefined)
        env[name] = found.value;
    }
    return env;
  }
}
