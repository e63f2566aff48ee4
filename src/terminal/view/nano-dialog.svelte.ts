/** nano's questions: under which name to write (Ctrl+O), and whether to save on leaving (Ctrl+X). */

interface Actions {
  isChanged(): boolean;
  save(): boolean;
  close(): void;
}

export class NanoDialog {
  asks = $state<'nothing' | 'name' | 'save'>('nothing');
  private readonly actions: Actions;
  private leavesAfter = false;

  constructor(actions: Actions) {
    this.actions = actions;
  }

  /** Ctrl+O */
  write(): void {
    this.leavesAfter = false;
    this.asks = 'name';
  }

  /** Ctrl+X */
  leave(): void {
    if (this.actions.isChanged()) this.asks = 'save';
    else this.actions.close();
  }

  /** True where the key was taken as an answer, as every key is while something is asked. */
  answer(key: string, isControl: boolean): boolean {
    if (this.asks === 'nothing') return false;
    if (key === 'Escape' || (isControl && key === 'c')) this.cancel();
    else if (this.asks === 'name' && key === 'Enter') this.confirm();
    else if (this.asks === 'save' && key.toLowerCase() === 'y') this.yes();
    else if (this.asks === 'save' && key.toLowerCase() === 'n') this.no();
    return true;
  }

  cancel(): void {
    this.asks = 'nothing';
  }

  confirm(): void {
    this.asks = 'nothing';
    if (this.actions.save() && this.leavesAfter) this.actions.close();
  }

  yes(): void {
    this.leavesAfter = true;
    this.asks = 'name';
  }

  no(): void {
    this.actions.close();
  }
}
