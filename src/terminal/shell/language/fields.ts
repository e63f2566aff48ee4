/** The last steps of an expansion: splitting into fields, and file names (POSIX, 2.6.5 and 2.6.6). */

import type { ExpansionContext } from './expansion-context.ts';
import { hasPattern, quotePattern } from './patterns.ts';
import { splitText, type Piece } from './pieces.ts';
import { ExpansionProblem } from './problems.ts';

type Shell = Pick<ExpansionContext, 'state' | 'glob'>;

/** The fields that a word's pieces come to: split at IFS, and file names in place of patterns. */
export function fieldsOf(pieces: readonly Piece[], shell: Shell): string[] {
  const { state } = shell;
  const ifs = state.variables.get('IFS') ?? ' \t\n';
  const fields: string[] = [];
  let text: string | null = null;
  let pattern = '';
  let mayMatch = false;
  const append = (more: string, kind: 'quoted' | 'plain' | 'split') => {
    text = (text ?? '') + more;
    pattern += kind === 'quoted' ? quotePattern(more) : more;
    mayMatch ||= kind !== 'quoted';
  };
  const end = () => {
    if (text === null) return;
    if (!mayMatch) fields.push(text);
    else for (const name of named(shell, text, pattern)) fields.push(name);
    text = null;
    pattern = '';
    mayMatch = false;
  };
  for (const piece of pieces) {
    if (piece === 'break') end();
    else if (piece.kind !== 'split') append(piece.text, piece.kind);
    else if (ifs === '') {
      if (piece.text !== '') append(piece.text, 'split');
    } else splitText(piece.text, ifs, append, end, () => text !== null);
  }
  end();
  return fields;
}

/** The files that a field matches, or the field itself. */
function named(shell: Shell, text: string, pattern: string): string[] {
  const { state } = shell;
  if (state.options.has('noglob')) return [text];
  if (!hasPattern(pattern, state.shopts.has('extglob'))) return [text];
  const found = shell.glob(pattern);
  if (found.length > 0) return found;
  if (state.shopts.has('failglob')) throw new ExpansionProblem(`no match: ${text}`);
  return state.shopts.has('nullglob') ? [] : [text];
}
