/**
 * The column layout of `ss` (iproute2 6.1): every column is as wide as its widest cell, and on a
 * terminal the room left on the line is shared out, one cell more to the rightmost columns first.
 * Columns that do not fit start a line of their own, which the terminal then wraps.
 */

export interface Column {
  readonly header: string;
  /** Printed before the cell, except at the start of a line. */
  readonly delimiter: string;
  readonly align: 'left' | 'right';
}

/**
 * Lays out rows of cells (one per column).
 * @param screenColumns the terminal's width; undefined when the output goes to a pipe or a file
 */
export function layOutColumns(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: { readonly withHeader: boolean; readonly screenColumns: number | undefined },
): string {
  const table = options.withHeader ? [columns.map((column) => column.header), ...rows] : rows;
  const widths = columnWidths(columns, table);
  if (options.screenColumns !== undefined) spread(widths, options.screenColumns);
  return table.map((row) => `${layOutRow(columns, row, widths)}\n`).join('');
}

function columnWidths(columns: readonly Column[], table: readonly (readonly string[])[]): number[] {
  const widths = columns.map(() => 0);
  for (const [at, row] of table.entries()) {
    row.forEach((cell, index) => {
      // ss measures a cell when the next one begins: the very last is never measured.
      if (at === table.length - 1 && index === row.length - 1 && at > 0) return;
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    });
  }
  let isFirst = true;
  return widths.map((width, index) => {
    if (width === 0) return 0;
    const full = isFirst ? width : width + (columns[index]?.delimiter.length ?? 0);
    isFirst = false;
    return full;
  });
}

/** Shares the free room of each screen line among its columns, the last ones first. */
function spread(widths: number[], screenColumns: number): void {
  for (let index = 0; index < widths.length; index++) {
    widths[index] = Math.min(widths[index] ?? 0, screenColumns);
  }
  let lineStart = 0;
  let length = 0;
  let used = 0;
  for (let index = 0; index < widths.length; index++) {
    const width = widths[index] ?? 0;
    if (width === 0) continue;
    used += 1;
    length += width;
    const isLast = widths.slice(index + 1).every((later) => later === 0);
    if (!isLast && length < screenColumns) continue;
    let end = index;
    if (length !== screenColumns) {
      if (length > screenColumns) {
        length -= width;
        used -= 1;
        end = index - 1;
      }
      shareOut(widths, lineStart, end, screenColumns - length, used);
    }
    lineStart = end + 1;
    index = end;
    length = 0;
    used = 0;
  }
}

function shareOut(widths: number[], from: number, to: number, room: number, used: number): void {
  const each = Math.floor(room / used);
  let rest = room % used;
  for (let index = to; index >= from; index--) {
    const width = widths[index] ?? 0;
    if (width === 0) continue;
    widths[index] = width + each + (rest > 0 ? 1 : 0);
    if (rest > 0) rest -= 1;
  }
}

function layOutRow(
  columns: readonly Column[],
  row: readonly string[],
  widths: readonly number[],
): string {
  let line = '';
  columns.forEach((column, index) => {
    const width = widths[index] ?? 0;
    if (width === 0) return;
    const before = line === '' ? '' : column.delimiter;
    const cell = row[index] ?? '';
    line += before;
    line +=
      column.align === 'right'
        ? cell.padStart(width - before.length)
        : cell.padEnd(width - before.length);
  });
  return line;
}
