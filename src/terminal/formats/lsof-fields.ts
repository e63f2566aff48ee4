/**
 * `lsof -F`: one field a line, its letter first, for programs to read (lsof 4.95.0, print.c). The
 * fields of a process come once, those of a file for each of its files.
 */

import type { LsofRow } from './lsof-table.ts';

/** @param letters the fields that are wanted, all where none is named; `0` ends fields with NUL */
export function formatLsofFields(rows: readonly LsofRow[], letters: string): string {
  const end = letters.includes('0') ? '\0' : '\n';
  const wanted = letters.replace('0', '');
  const shows = (letter: string) => wanted === '' || wanted.includes(letter);
  const set = (fields: readonly (readonly [letter: string, value: string])[]) => {
    const text = fields
      .filter(([letter]) => letter === 'p' || shows(letter))
      .map(([letter, value]) => `${letter}${value}${end}`)
      .join('');
    return end === '\0' && text !== '' ? `${text}\n` : text;
  };
  let last = 0;
  let output = '';
  for (const row of rows) {
    if (row.pid !== last) output += set(processFields(row));
    last = row.pid;
    output += set(fileFields(row));
  }
  return output;
}

function processFields(row: LsofRow): readonly (readonly [string, string])[] {
  return [
    ['p', String(row.pid)],
    ['g', String(row.pid)],
    ['R', String(row.ppid)],
    ['c', row.command],
    ['u', String(row.uid)],
    ['L', row.user],
  ];
}

function fileFields(row: LsofRow): readonly (readonly [string, string])[] {
  const { tcp } = row;
  return [
    ['f', String(row.fd)],
    ['a', row.mode],
    ['l', ' '],
    ['t', row.type],
    // Opened for reading and writing, nothing else: the flags of a plain socket.
    ...(tcp === undefined ? [] : ([['G', '0x2;0x0']] as const)),
    ['d', row.device],
    ['o', row.sizeOrOffset],
    ...(tcp === undefined ? [] : ([['P', row.node]] as const)),
    ['n', row.name],
    ...(tcp === undefined || tcp.state === '' ? [] : ([['T', `ST=${tcp.state}`]] as const)),
    ...(tcp === undefined
      ? []
      : ([
          ['T', `QR=${tcp.receive}`],
          ['T', `QS=${tcp.send}`],
        ] as const)),
  ];
}
