/**
 * What the view shows of a machine: the log, the prompt, a text being paged, a file being edited.
 * Output is gathered and shown once a frame.
 */

import type { EditRequest, Machine, MachineOutput } from '../machine.ts';
import { fill } from '../words.ts';
import { LogLines, type LogBlock } from './log-lines.ts';
import type { ViewWords } from './view-words.ts';

/** More lines than this at once are counted for a screen reader, not read. */
const readAloudLines = 40;

const floodIntervalMs = 100;

/** Blocks at the end that keep their marked ports when a flood comes. */
const richBlocks = 12;

export interface PageRequest {
  readonly title: string;
  readonly text: string;
  readonly close: () => void;
}

export class TerminalSession {
  blocks = $state.raw<readonly LogBlock[]>([]);
  prompt = $state('');
  isBusy = $state(true);
  /** The line goes to the shell, not to a program that reads. */
  isCommandLine = $state(true);
  screen = $state.raw<string | null>(null);
  page = $state.raw<PageRequest | null>(null);
  edit = $state.raw<EditRequest | null>(null);
  /** For the status region. */
  status = $state('');
  /** A great deal has come at once: the log must not be read out. */
  isFlood = $state(false);
  /**
   * The first block with marked ports. Lines are only drawn again, without marks, while the log is not
   * read out: else a screen reader would tell old lines again.
   */
  richFrom = $state(0);
  readonly machine: Machine;
  private readonly words: ViewWords;
  private readonly log = new LogLines();
  private readonly stopListening: () => void;
  private isScheduled = false;
  private linesBefore = 0;
  private shownAt = 0;

  constructor(machine: Machine, words: ViewWords) {
    this.machine = machine;
    this.words = words;
    this.stopListening = machine.onOutput((output) => {
      this.take(output);
    });
  }

  /** Shows the line after its prompt and gives it to the machine. */
  submit(line: string): void {
    this.status = '';
    this.log.line({ kind: 'command', prompt: this.prompt, text: line });
    this.schedule();
    this.machine.send({ kind: 'line', text: line });
  }

  notice(text: string): void {
    this.log.line({ kind: 'notice', text });
    this.schedule();
  }

  /** Lines that belong to no command, such as Tab's choices. */
  show(text: string): void {
    this.log.write(`${text}\n`, 'out');
    this.schedule();
  }

  clear(): void {
    this.log.clear();
    this.schedule();
  }

  text(): string {
    return this.log.text();
  }

  destroy(): void {
    this.stopListening();
  }

  private take(output: MachineOutput): void {
    switch (output.event) {
      case 'text':
        this.log.write(output.text, output.stream);
        break;
      case 'notice':
        this.log.line({ kind: 'notice', text: output.text });
        break;
      case 'file': {
        const { bytes, name } = output;
        this.log.line({
          kind: 'notice',
          text: fill(this.words.offeredFile, { name }),
          file: { name, bytes },
        });
        break;
      }
      case 'prompt':
        this.prompt = output.prompt;
        this.isCommandLine = output.isCommandLine;
        this.isBusy = false;
        if (output.isCommandLine) {
          // The shell is back: whatever a program had put over the log has gone with it.
          this.page = null;
          this.edit = null;
          this.screen = null;
        }
        break;
      case 'busy':
        this.isBusy = true;
        this.prompt = '';
        break;
      case 'clear':
        this.log.clear();
        break;
      case 'screen':
        this.screen = output.text;
        break;
      case 'page':
        this.page = {
          ...output,
          close: () => {
            this.page = null;
            output.close();
          },
        };
        break;
      case 'edit':
        this.edit = {
          ...output.request,
          close: () => {
            this.edit = null;
            output.request.close();
          },
        };
        break;
      case 'ended':
        this.log.line({ kind: 'notice', text: this.words.ended });
    }
    this.schedule();
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    const show = () => {
      this.isScheduled = false;
      this.shownAt = performance.now();
      const fresh = this.log.length + this.log.dropped - this.linesBefore;
      this.linesBefore = this.log.length + this.log.dropped;
      this.isFlood = fresh > readAloudLines;
      if (this.isFlood) this.status = fill(this.words.manyLines, { lines: fresh });
      if (this.log.dropped > 0 && this.isFlood)
        this.status = fill(this.words.dropped, { lines: this.log.dropped });
      this.blocks = this.log.view();
      if (this.isFlood) this.richFrom = this.blocks.at(-richBlocks)?.id ?? this.richFrom;
    };
    // A torrent is shown ten times a second; what comes alone, with the next frame.
    const wait = this.isFlood ? floodIntervalMs - (performance.now() - this.shownAt) : 0;
    if (wait > 0) setTimeout(show, wait);
    else requestAnimationFrame(show);
  }
}
