/**
 * What the view talks to: something that takes lines and keys and gives back output. The simulated
 * Linux is one kind; a real Linux in an emulator can be put behind the same interface. What not every
 * kind can do is optional, and the view does without.
 */

import type { ReplaySocket } from '../network/trace/replay.ts';

export type MachineInput =
  /** A whole line, or an answer to a program that reads. */
  | { readonly kind: 'line'; readonly text: string }
  /** Ctrl+C. */
  | { readonly kind: 'interrupt' }
  /** Ctrl+D on an empty line. */
  | { readonly kind: 'end-of-input' };

export interface EditRequest {
  readonly editor: 'vi' | 'nano';
  /** As the user wrote it. */
  readonly path: string;
  readonly text: string;
  readonly isNewFile: boolean;
  /** The user may not write the file; saving will fail. */
  readonly isReadOnly: boolean;
  /** Saves; gives the error's words where it cannot. */
  save(
    text: string,
    path?: string,
  ): { readonly ok: true } | { readonly ok: false; readonly problem: string };
  /** Must be called once, when the editor is left. */
  close(): void;
}

export type MachineOutput =
  | { readonly event: 'text'; readonly text: string; readonly stream: 'out' | 'err' }
  /** A remark of the machine's own, in the reader's language, not a program's output. */
  | { readonly event: 'notice'; readonly text: string }
  /** Ready for a line. `prompt` may be empty while a program reads. */
  | { readonly event: 'prompt'; readonly prompt: string; readonly isCommandLine: boolean }
  | { readonly event: 'busy'; readonly command: string }
  | { readonly event: 'clear' }
  /** A program that redraws shows this instead of what it showed before; null ends it. */
  | { readonly event: 'screen'; readonly text: string | null }
  /** A text to page through. */
  | {
      readonly event: 'page';
      readonly title: string;
      readonly text: string;
      readonly close: () => void;
    }
  | { readonly event: 'edit'; readonly request: EditRequest }
  /** A file that the reader may want outside the page, as bytes: one character, one byte. */
  | { readonly event: 'file'; readonly name: string; readonly bytes: string }
  | { readonly event: 'ended' };

export interface Completion {
  /** Where in the line the completed word begins. */
  readonly from: number;
  readonly choices: readonly string[];
}

export interface Machine {
  /** Boots or goes on; output follows through the listeners. */
  start(): Promise<void>;
  send(input: MachineInput): void;
  /** Returns the way to stop listening. */
  onOutput(listener: (output: MachineOutput) => void): () => void;
  resize(columns: number, rows: number): void;
  stop(): void;
  /** Plain data that JSON can carry. */
  snapshot(): unknown;
  /** False where the data is not a snapshot of this kind of machine; nothing has changed then. */
  restore(snapshot: unknown): boolean;
  /** Command lines of earlier visits, oldest first; known before start(). */
  readonly earlierLines?: readonly string[];
  complete?(line: string, cursor: number): Promise<Completion>;
  /** Takes back the last command line; false where there is nothing to take back. */
  undo?(): boolean;
  reset?(): void;
  /** What the live picture shows, where one can look into the machine from outside. */
  picture?(): MachinePicture;
}

/** A machine's ports at this moment. */
export interface MachinePicture {
  readonly nowMs: number;
  /** The range that the system picks ports from by itself, both ends included. */
  readonly automaticPorts: readonly [low: number, high: number];
  readonly sockets: readonly ReplaySocket[];
}
