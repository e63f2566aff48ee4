/**
 * The sentences that the machine itself says, in the reader's language; what a program prints is
 * the program's own English. Filled from content/interface, keys `terminal.*`.
 */

export interface TerminalWords {
  /** {tool}, {option}: the real tool has it, this one does not. */
  readonly unsupportedOption: string;
  /** The real tool would list Unix, netlink and other sockets too. */
  readonly onlyInternetSockets: string;
  /** {tool}: no page for it. */
  readonly noManual: string;
  /** {tool}: needs a terminal to draw on. */
  readonly needsTerminal: string;
  /** {limit}: what was exceeded, in the shell's words. */
  readonly limitReached: string;
  /** {seconds}: virtual time that passes faster. */
  readonly fastForward: string;
  readonly undone: string;
  readonly rebooted: string;
  /** {tool}: a program that real machines have and this one has not. */
  readonly notOnThisMachine: string;
  /** {tool}: a name that no program has, perhaps mistyped. */
  readonly noSuchProgram: string;
  readonly outputCut: string;
  readonly pythonLimited: string;
}

export { fill } from '../i18n/format.ts';
