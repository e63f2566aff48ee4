/** The cases of cases.txt: a line `### name`, then the script. */

export interface BashCase {
  readonly name: string;
  readonly script: string;
}

export function readCases(text: string): readonly BashCase[] {
  return text
    .split(/^### /m)
    .slice(1)
    .map((block) => {
      const end = block.indexOf('\n');
      return { name: block.slice(0, end), script: block.slice(end + 1) };
    });
}
