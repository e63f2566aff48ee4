/** What a printer would make of a PDF: its paper, its pages, whether anything reaches into the margins. */
import { spawnSync } from 'node:child_process';

export type Paper = 'a4' | 'letter';

/** In points; a browser rounds them. */
const sizes: Readonly<Record<Paper, readonly [number, number]>> = {
  a4: [595.28, 841.89],
  letter: [612, 792],
};
const dotsPerInch = 36;
/** Nothing is printed so near the edge: printers cannot, and the sheets' own margin is wider. */
const emptyEdgeMm = 12;
const edge = Math.floor((emptyEdgeMm / 25.4) * dotsPerInch);
const paleGrey = 235;

/** Words without their spaces: a line of a PDF ends where the paper does. */
export function plain(text: string): string {
  return text.normalize('NFKC').replace(/\s+/gu, '');
}

function run(command: string, ...words: readonly string[]): Buffer {
  const { stdout, status, error } = spawnSync(command, words, { maxBuffer: 2 ** 28 });
  if (error) throw new Error(`${command} is needed (Debian: apt-get install poppler-utils)`);
  if (status !== 0) throw new Error(`${command} ${words.join(' ')} ended with ${String(status)}`);
  return stdout;
}

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly dots: Uint8Array;
}

/** The pages of `pdftoppm -gray`: pictures in PGM, one after the other. */
export function readPictures(bytes: Buffer): readonly Picture[] {
  const pictures: Picture[] = [];
  for (let at = 0; at < bytes.length;) {
    const head = /^P5\s+(\d+)\s+(\d+)\s+\d+\s/.exec(bytes.toString('latin1', at, at + 64));
    if (!head) throw new Error(`no picture at byte ${String(at)}`);
    const [width, height] = [Number(head[1]), Number(head[2])];
    const start = at + head[0].length;
    at = start + width * height;
    pictures.push({ width, height, dots: bytes.subarray(start, at) });
  }
  return pictures;
}

/** Whether anything is in the outer edge of a page. */
export function hasInkAtEdge({ width, height, dots }: Picture): boolean {
  return dots.some((dot, place) => {
    const [x, y] = [place % width, Math.floor(place / width)];
    const isEdge = x < edge || y < edge || x >= width - edge || y >= height - edge;
    return isEdge && dot < paleGrey;
  });
}

export interface Judged {
  /** Without spaces. */
  readonly text: string;
  readonly faults: readonly string[];
}

/**
 * @param most as many pages as it may have.
 * @throws Error where poppler's programs are not there.
 */
export function judgePdf(
  file: string,
  { paper, most }: { readonly paper: Paper; readonly most: number },
): Judged {
  const faults: string[] = [];
  const info = run('pdfinfo', '-l', '-1', file).toString();
  const found = [...info.matchAll(/Page\s+\d+ size:\s+([\d.]+) x ([\d.]+)/g)];
  if (found.length === 0 || found.length > most) faults.push(`${String(found.length)} pages`);
  const [width, height] = sizes[paper];
  for (const [, x, y] of found) {
    if (Math.abs(Number(x) - width) > 1.5 || Math.abs(Number(y) - height) > 1.5)
      faults.push(`a page of ${String(x)} × ${String(y)} points is no ${paper}`);
  }
  const pictures = readPictures(run('pdftoppm', '-r', String(dotsPerInch), '-gray', file));
  pictures.forEach((picture, place) => {
    if (hasInkAtEdge(picture)) faults.push(`page ${String(place + 1)} has ink at its edge`);
    if (picture.dots.every((dot) => dot >= paleGrey))
      faults.push(`page ${String(place + 1)} is empty`);
  });
  return { text: plain(run('pdftotext', '-raw', file, '-').toString()), faults };
}
