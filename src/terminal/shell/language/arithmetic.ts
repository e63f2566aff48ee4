/**
 * Bash's arithmetic (manual, "Shell Arithmetic"): 64-bit integers that wrap around, C's operators and
 * precedences, variables by their bare names. The text has been expanded before it comes here.
 */

export interface ArithmeticVariables {
  /** A variable's value as text; with a subscript, an element's. Undefined where it is unset. */
  get(name: string, subscript: string | null): string | undefined;
  set(name: string, subscript: string | null, value: string): void;
  isAssociative(name: string): boolean;
}

/** What bash says of an expression, without the name of the command in front. */
export class ArithmeticError extends Error {}

/** Variables may hold expressions that name variables: as deep as bash goes. */
const deepest = 1024;

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);

/**
 * @returns the expression's value; 0 for an empty one
 * @throws ArithmeticError with bash's words
 */
export function evaluate(text: string, variables: ArithmeticVariables, depth = 0): bigint {
  if (depth > deepest)
    throw new ArithmeticError(
      `${text}: expression recursion level exceeded (error token is "${text}")`,
    );
  return new Evaluation(text, variables, depth).run();
}

interface Target {
  readonly name: string;
  readonly subscript: string | null;
}

const assignments = ['=', '+=', '-=', '*=', '/=', '%=', '<<=', '>>=', '&=', '|=', '^='];

const operators = [
  '<<=',
  '>>=',
  '**',
  '++',
  '--',
  '<<',
  '>>',
  '<=',
  '>=',
  '==',
  '!=',
  '&&',
  '||',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '&=',
  '|=',
  '^=',
  '+',
  '-',
  '*',
  '/',
  '%',
  '<',
  '>',
  '&',
  '|',
  '^',
  '!',
  '~',
  '?',
  ':',
  ',',
  '=',
  '(',
  ')',
];

/** Binary operators by how tightly they bind; `**` is apart, for it groups to the right. */
const levels: readonly (readonly string[])[] = [
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

class Evaluation {
  private readonly text: string;
  private readonly variables: ArithmeticVariables;
  private readonly depth: number;
  private at = 0;
  /** Where the last token began, for bash's "error token". */
  private tokenAt = 0;
  /** Parsing a branch that is not taken: nothing is assigned, nothing divides. */
  private skipping = 0;

  constructor(text: string, variables: ArithmeticVariables, depth: number) {
    this.text = text.trim();
    this.variables = variables;
    this.depth = depth;
  }

  run(): bigint {
    if (this.text === '') return 0n;
    const value = this.comma();
    if (this.peek() !== '') {
      this.tokenAt = this.at;
      const token = this.peek();
      if (assignments.includes(token)) this.fail('attempted assignment to non-variable');
      this.fail(
        /^[\w([]/.test(token)
          ? 'syntax error in expression'
          : operators.includes(token)
            ? 'syntax error in expression'
            : 'syntax error: invalid arithmetic operator',
      );
    }
    return value;
  }

  private fail(problem: string): never {
    throw new ArithmeticError(
      `${this.text}: ${problem} (error token is "${this.text.slice(this.tokenAt)}")`,
    );
  }

  private space(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at += 1;
  }

  /** The next operator, or the first character of what is none; empty at the end. */
  private peek(): string {
    this.space();
    return operators.find((one) => this.text.startsWith(one, this.at)) ?? this.text[this.at] ?? '';
  }

  private take(token: string): void {
    this.space();
    this.tokenAt = this.at;
    this.at += token.length;
  }

  private comma(): bigint {
    let value = this.assignment();
    while (this.peek() === ',') {
      this.take(',');
      value = this.assignment();
    }
    return value;
  }

  private assignment(): bigint {
    this.space();
    const start = this.at;
    const target = this.target();
    if (target !== null) {
      const operator = this.peek();
      if (assignments.includes(operator)) {
        this.take(operator);
        const value = this.assignment();
        const result =
          operator === '=' ? value : this.apply(operator.slice(0, -1), this.valueOf(target), value);
        this.assign(target, result);
        return result;
      }
    }
    this.at = start;
    return this.ternary();
  }

  private ternary(): bigint {
    const condition = this.or();
    if (this.peek() !== '?') return condition;
    this.take('?');
    const isTrue = condition !== 0n;
    const first = this.branch(isTrue, () => this.comma());
    if (this.peek() !== ':') this.fail("`:' expected for conditional expression");
    this.take(':');
    const second = this.branch(!isTrue, () => this.assignment());
    return isTrue ? first : second;
  }

  private branch(isTaken: boolean, parse: () => bigint): bigint {
    if (isTaken) return parse();
    this.skipping += 1;
    try {
      return parse();
    } finally {
      this.skipping -= 1;
    }
  }

  private or(): bigint {
    let left = this.and();
    while (this.peek() === '||') {
      this.take('||');
      const right = this.branch(left === 0n, () => this.and());
      left = left !== 0n || right !== 0n ? 1n : 0n;
    }
    return left;
  }

  private and(): bigint {
    let left = this.binary(0);
    while (this.peek() === '&&') {
      this.take('&&');
      const right = this.branch(left !== 0n, () => this.binary(0));
      left = left !== 0n && right !== 0n ? 1n : 0n;
    }
    return left;
  }

  private binary(level: number): bigint {
    const here = levels[level];
    if (here === undefined) return this.power();
    let left = this.binary(level + 1);
    for (let operator = this.peek(); here.includes(operator); operator = this.peek()) {
      this.take(operator);
      const right = this.binary(level + 1);
      left = this.apply(operator, left, right);
    }
    return left;
  }

  private power(): bigint {
    const base = this.unary();
    if (this.peek() !== '**') return base;
    this.take('**');
    return this.apply('**', base, this.power());
  }

  private unary(): bigint {
    const operator = this.peek();
    switch (operator) {
      case '++':
      case '--': {
        const start = this.at;
        this.take(operator);
        const target = this.target();
        if (target === null) {
          // `--5` is two minus signs.
          this.at = start;
          this.take(operator[0] ?? '');
          return operator === '--' ? wrap(-this.unary()) : this.unary();
        }
        const value = wrap(this.valueOf(target) + (operator === '++' ? 1n : -1n));
        this.assign(target, value);
        return value;
      }
      case '-':
        this.take('-');
        return wrap(-this.unary());
      case '+':
        this.take('+');
        return this.unary();
      case '!':
        this.take('!');
        return this.unary() === 0n ? 1n : 0n;
      case '~':
        this.take('~');
        return ~this.unary();
      default:
        return this.primary();
    }
  }

  private primary(): bigint {
    if (this.peek() === '(') {
      this.take('(');
      const value = this.comma();
      if (this.peek() !== ')') this.fail("missing `)'");
      this.take(')');
      return value;
    }
    const target = this.target();
    if (target !== null) {
      const value = this.valueOf(target);
      const operator = this.peek();
      if (operator === '++' || operator === '--') {
        this.take(operator);
        this.assign(target, wrap(value + (operator === '++' ? 1n : -1n)));
      }
      return value;
    }
    return this.number();
  }

  private number(): bigint {
    this.space();
    const match = /^[0-9][0-9a-zA-Z@_#]*/.exec(this.text.slice(this.at));
    if (match === null) {
      if (this.at < this.text.length) this.tokenAt = this.at;
      const next = this.text[this.at] ?? '';
      this.fail(
        next === '' || operators.includes(next)
          ? 'syntax error: operand expected'
          : 'syntax error: operand expected',
      );
    }
    const [text] = match;
    this.tokenAt = this.at;
    const value = this.read(text);
    this.at += text.length;
    return value;
  }

  private read(text: string): bigint {
    let base = 10;
    let digits = text;
    const hash = text.indexOf('#');
    if (hash !== -1) {
      base = Number(text.slice(0, hash));
      digits = text.slice(hash + 1);
      if (!(base >= 2 && base <= 64)) this.fail('invalid arithmetic base');
      if (digits === '') this.fail('invalid integer constant');
    } else if (/^0[xX]/.test(text)) {
      base = 16;
      digits = text.slice(2);
    } else if (/^0./.test(text)) {
      base = 8;
      digits = text.slice(1);
    }
    let value = 0n;
    for (const digit of digits) {
      const number = digitValue(digit, base);
      if (number === undefined || number >= base) this.fail('value too great for base');
      value = value * BigInt(base) + BigInt(number);
    }
    return wrap(value);
  }

  /** A variable's name and subscript, where one comes next. */
  private target(): Target | null {
    this.space();
    const match = /^[A-Za-z_]\w*/.exec(this.text.slice(this.at));
    if (match === null) return null;
    const [name] = match;
    this.tokenAt = this.at;
    this.at += name.length;
    if (this.text[this.at] !== '[') return { name, subscript: null };
    let depth = 0;
    for (let end = this.at; end < this.text.length; end++) {
      if (this.text[end] === '[') depth += 1;
      if (this.text[end] === ']') depth -= 1;
      if (depth > 0) continue;
      const raw = this.text.slice(this.at + 1, end);
      this.at = end + 1;
      if (this.variables.isAssociative(name)) return { name, subscript: raw };
      const index = evaluate(raw, this.variables, this.depth + 1);
      return { name, subscript: String(index) };
    }
    return this.fail('bad array subscript');
  }

  private valueOf({ name, subscript }: Target): bigint {
    if (this.skipping > 0) return 0n;
    const text = this.variables.get(name, subscript) ?? '';
    if (/^\d{1,15}$/.test(text) && (text === '0' || !text.startsWith('0'))) return BigInt(text);
    return evaluate(text, this.variables, this.depth + 1);
  }

  private assign({ name, subscript }: Target, value: bigint): void {
    if (this.skipping === 0) this.variables.set(name, subscript, String(value));
  }

  private apply(operator: string, left: bigint, right: bigint): bigint {
    const truth = (is: boolean) => (is ? 1n : 0n);
    switch (operator) {
      case '+':
        return wrap(left + right);
      case '-':
        return wrap(left - right);
      case '*':
        return wrap(left * right);
      case '/':
      case '%':
        if (right === 0n) {
          if (this.skipping > 0) return 0n;
          this.fail('division by 0');
        }
        return wrap(operator === '/' ? left / right : left % right);
      case '**':
        if (right < 0n) this.fail('exponent less than 0');
        return powerOf(left, right);
      case '<<':
        return wrap(left << (right & 63n));
      case '>>':
        return left >> (right & 63n);
      case '<':
        return truth(left < right);
      case '>':
        return truth(left > right);
      case '<=':
        return truth(left <= right);
      case '>=':
        return truth(left >= right);
      case '==':
        return truth(left === right);
      case '!=':
        return truth(left !== right);
      case '&':
        return left & right;
      case '^':
        return left ^ right;
      default:
        return left | right;
    }
  }
}

/** By squaring, wrapping at each step: an exponent of any size takes 64 steps at most. */
function powerOf(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let factor = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = wrap(result * factor);
    factor = wrap(factor * factor);
  }
  return result;
}

function digitValue(digit: string, base: number): number | undefined {
  if (/\d/.test(digit)) return Number(digit);
  if (/[a-z]/.test(digit)) return digit.charCodeAt(0) - 87;
  if (/[A-Z]/.test(digit)) return digit.charCodeAt(0) - (base <= 36 ? 55 : 29);
  if (digit === '@') return 62;
  return digit === '_' ? 63 : undefined;
}
