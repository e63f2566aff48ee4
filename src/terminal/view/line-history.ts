/** The command lines typed so far: up, down, and searching backwards (Ctrl+R). */

export class LineHistory {
  private readonly lines: string[];
  private at: number;
  private draft = '';

  constructor(lines: readonly string[] = []) {
    this.lines = [...lines];
    this.at = this.lines.length;
  }

  add(line: string): void {
    if (line.trim() !== '' && this.lines.at(-1) !== line) this.lines.push(line);
    this.at = this.lines.length;
    this.draft = '';
  }

  /** The line before; `current` is kept for the way back. */
  previous(current: string): string | undefined {
    if (this.at === 0) return undefined;
    if (this.at === this.lines.length) this.draft = current;
    this.at -= 1;
    return this.lines[this.at];
  }

  next(): string | undefined {
    if (this.at >= this.lines.length) return undefined;
    this.at += 1;
    return this.at === this.lines.length ? this.draft : this.lines[this.at];
  }

  /** The latest line that holds the text; `skip` matches are passed over. */
  search(text: string, skip: number): string | undefined {
    if (text === '') return undefined;
    const matches = this.lines.filter((line) => line.includes(text)).reverse();
    return [...new Set(matches)][skip];
  }
}
