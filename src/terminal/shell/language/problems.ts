/** How commands of the shell's language end early. */

/** `break` and `continue`. */
export class LoopJump extends Error {
  readonly kind: 'break' | 'continue';
  levels: number;
  constructor(kind: 'break' | 'continue', levels: number) {
    super(kind);
    this.kind = kind;
    this.levels = levels;
  }
}

/** `return` from a function or a sourced file. */
export class Returning extends Error {
  readonly status: number;
  constructor(status: number) {
    super('return');
    this.status = status;
  }
}

/** `exit`, and what ends a shell like it. */
export class Exiting extends Error {
  readonly status: number;
  constructor(status: number) {
    super('exit');
    this.status = status;
  }
}

/** strerror(EMFILE): the process has as many descriptors as `ulimit -n` allows. */
export const tooManyFiles = 'Too many open files';

/** An expansion that cannot be done: the command is not run, and the rest of the line neither. */
export class ExpansionProblem extends Error {
  readonly status: number;
  constructor(message: string, status = 1) {
    super(message);
    this.status = status;
  }
}

/** A limit of this page ends the line. */
export class LimitReached extends Error {}
