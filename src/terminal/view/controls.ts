/** What parts of the terminal's view let others do, handed out when they are ready. */

export interface Chip {
  readonly text: string;
  /** Runs at once instead of being put into the line. */
  readonly runs?: boolean;
}

export interface PromptControls {
  readonly focus: () => void;
  /** Puts text into the line where the cursor is. */
  readonly insert: (text: string) => void;
  /** Runs a whole line, as if typed. */
  readonly run: (line: string) => void;
  readonly older: () => void;
  readonly newer: () => void;
  readonly complete: () => Promise<void>;
  readonly interrupt: () => void;
}

export interface TerminalControls {
  /** Runs a line for the learner, as if typed. */
  readonly run: (line: string) => void;
  /** Puts text into the line without running it. */
  readonly insert: (text: string) => void;
  readonly focus: () => void;
  /** Scrolls the terminal into view where it is out of it. */
  readonly reveal: () => void;
}
