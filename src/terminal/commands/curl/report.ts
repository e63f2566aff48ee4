/** What curl says besides the page itself: `-v`'s lines, warnings, the progress meter and its problems. */

import type { CommandContext, Printer } from '../command.ts';
import type { GivenOptions } from '../options.ts';

export class Report {
  readonly out: Printer;
  /** The last problem, for `%{errormsg}`. */
  errorMessage = '';
  private readonly options: GivenOptions;
  private readonly isTty: boolean;
  /** Which of the outputs of `-o` is this address's. */
  private readonly urlNumber: number;

  constructor(context: CommandContext, options: GivenOptions, urlNumber: number, out: Printer) {
    this.isTty = context.isTty;
    this.options = options;
    this.urlNumber = urlNumber;
    this.out = out;
  }

  /** A line of `-v`. */
  say(line: string): void {
    if (this.options.has('v')) this.out.problem(line);
  }

  /** That bytes have gone by which the screen does not show. */
  sayData(sign: '{' | '}', bytes: number): void {
    if (!this.isTty) this.say(`${sign} [${bytes} bytes data]`);
  }

  /** Lines of HTTP end in CR LF; on a terminal the CR does not show. */
  get lineEnd(): string {
    return this.isTty ? '' : '\r';
  }

  /** A warning, folded as curl folds it: its line end counts, too. */
  warn(text: string): void {
    if (this.options.has('s')) return;
    let rest = text;
    const room = 79 - 'Warning: '.length;
    while (rest.length >= room) {
      const at = rest.lastIndexOf(' ', room - 1);
      const cut = at <= 0 ? room : at + 1;
      this.out.problem(`Warning: ${rest.slice(0, cut)}`);
      rest = rest.slice(cut);
    }
    this.out.problem(`Warning: ${rest}`);
  }

  /**
   * Says why a transfer has failed.
   * @param isMetered the progress meter has been shown already
   * @returns the exit code
   */
  problem(exitCode: number, text: string, isMetered = false): number {
    if (!isMetered && exitCode !== 3 && exitCode !== 1 && exitCode !== 45) this.meter(0);
    this.errorMessage = text;
    if (!this.options.has('s') || this.options.has('S'))
      this.out.problem(`curl: (${exitCode}) ${text}`);
    return exitCode;
  }

  /** The progress meter shows where the body does not go to the terminal. */
  meter(length: number): void {
    const { has, values } = this.options;
    const isToTerminal = this.isTty && values('o')[this.urlNumber] === undefined && !has('O');
    if (has('s') || has('π') || has('#') || isToTerminal) return;
    this.out.problem(
      '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current',
    );
    this.out.problem(
      '                                 Dload  Upload   Total   Spent    Left  Speed',
    );
    const percent = length === 0 ? 0 : 100;
    const size = String(length).padStart(5);
    const rate = length === 0 ? '0' : String(length * 100);
    this.out.problem(
      `${String(percent).padStart(3)} ${size}  ${percent === 0 ? '  0' : '100'} ${size}    0     0  ${rate.padStart(5)}      0 --:--:-- --:--:-- --:--:-- ${rate.padStart(5)}`,
    );
  }
}
