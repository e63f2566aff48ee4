/**
 * A command question at work: its machine, on which lines are run one after another until it is as it
 * was to be. Judged as a lab's step is. Heavy (it brings the simulated machine): loaded when the first
 * such question appears.
 */

import { findDistribution } from '../terminal/distributions/index.ts';
import { LabSession } from '../terminal/labs/lab-session.ts';
import type { Lab } from '../terminal/labs/lab.ts';
import { SimulatedMachine } from '../terminal/simulated-machine.ts';
import type { TerminalWords } from '../terminal/words.ts';

export interface CommandOutcome {
  /** What the terminal showed, both streams in their order. */
  readonly output: string;
  /** Whether the machine is as it was to be. */
  readonly hasDoneIt: boolean;
  /** The foreseen mistake that the machine shows, or `otherwise`. */
  readonly hint: string;
}

/** A command that has not ended by then is interrupted: waiting takes no time on this machine. */
const PATIENCE_MS = 3000;

/** So much of the output is kept; the rest is of no use to anybody. */
const MOST_OUTPUT = 20_000;

export class CommandRun {
  private readonly session: LabSession;
  private readonly machine: SimulatedMachine;
  private output = '';
  private lastPrompt = '';
  private readonly stopListening: () => void;
  private before: Promise<unknown>;

  /** @throws Error for a machine that there is not. */
  constructor(lab: Lab, words: TerminalWords) {
    const { distribution: name, seed, setup, servers } = lab.machine;
    const distribution = findDistribution(name);
    if (!distribution) throw new Error(`there is no machine "${name}".`);
    this.machine = new SimulatedMachine({
      distribution,
      seed,
      setup,
      servers,
      words,
      pace: 'instant',
      manual: () => Promise.resolve(undefined),
    });
    this.session = new LabSession(lab, this.machine);
    this.stopListening = this.session.onOutput((event) => {
      switch (event.event) {
        case 'text':
        case 'notice':
          this.see(event.event === 'notice' ? `${event.text}\n` : event.text);
          break;
        case 'page':
          this.see(event.text);
          event.close();
          break;
        case 'edit':
          // There is no editor on one line: it is left as it was opened.
          event.request.close();
          break;
        case 'prompt':
          this.lastPrompt = event.prompt;
          break;
        default:
      }
    });
    this.before = this.session.start();
  }

  /** The shell's prompt, such as `[ec2-user@ip-10-0-0-2 ~]$ `. */
  async prompt(): Promise<string> {
    await this.before;
    return this.machine.shell.prompt;
  }

  /**
   * Runs a line after those before it. A line that waits for more (a quote left open) or does not end is
   * interrupted.
   */
  async run(line: string): Promise<CommandOutcome> {
    const done = this.before.then(() => this.act(line));
    this.before = done.catch(() => undefined);
    return await done;
  }

  stop(): void {
    this.stopListening();
    this.session.stop();
  }

  private async act(line: string): Promise<CommandOutcome> {
    this.output = '';
    const timer = setInterval(() => {
      this.machine.send({ kind: 'interrupt' });
    }, PATIENCE_MS);
    try {
      await this.session.act(line);
    } finally {
      clearInterval(timer);
    }
    // Another prompt than the shell's own: a quote or a bracket is open, and the line is given up.
    if (this.lastPrompt !== this.machine.shell.prompt) {
      this.see(`${this.lastPrompt}\n`);
      this.machine.send({ kind: 'interrupt' });
    }
    return {
      output: this.output,
      hasDoneIt: this.session.isComplete,
      hint: this.session.foreseen()?.id ?? 'otherwise',
    };
  }

  private see(text: string): void {
    this.output = (this.output + text).slice(0, MOST_OUTPUT);
  }
}
