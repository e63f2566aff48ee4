/** The words of the terminal's view: content/interface, keys `terminal.view`. */

export interface ViewWords {
  readonly label: string;
  readonly log: string;
  readonly input: string;
  readonly send: string;
  readonly busy: string;
  readonly interrupt: string;
  readonly complete: string;
  readonly older: string;
  readonly newer: string;
  readonly keys: string;
  readonly chips: string;
  readonly copy: string;
  readonly copied: string;
  readonly clear: string;
  readonly undo: string;
  readonly nothingToUndo: string;
  readonly reset: string;
  readonly resetConfirm: string;
  readonly cancel: string;
  readonly fullWidth: string;
  readonly manyLines: string;
  readonly dropped: string;
  readonly ended: string;
  /** {name}: a file that was captured. */
  readonly offeredFile: string;
  /** {name}: the button that saves it. */
  readonly saveFile: string;
  readonly pasteTitle: string;
  readonly pasteRun: string;
  readonly pasteOne: string;
  readonly search: string;
  readonly searchNone: string;
  readonly hint: string;
  readonly loading: string;
  readonly failed: string;
  readonly pager: {
    readonly label: string;
    readonly close: string;
    readonly help: string;
    readonly find: string;
  };
  readonly editor: {
    readonly label: string;
    readonly save: string;
    readonly quit: string;
    readonly saveQuit: string;
    readonly quitAnyway: string;
    readonly cancel: string;
    readonly insert: string;
    readonly escape: string;
    readonly viHelp: string;
    readonly nanoHelp: string;
    readonly readOnly: string;
    readonly newFile: string;
    readonly written: string;
    readonly unsaved: string;
    readonly cannotWrite: string;
    readonly loading: string;
  };
}
