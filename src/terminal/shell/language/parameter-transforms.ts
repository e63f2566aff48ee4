/** `${parameter@Q}` and its kind (bash manual, "Shell Parameter Expansion"). */

import { quoteExpansion, quoteValue } from './quoting.ts';
import type { Variables } from './variables.ts';

/** What `${parameter@operator}` makes of a value. */
export function transformed(
  variables: Variables,
  parameter: string,
  operator: string,
  value: string,
): string {
  switch (operator) {
    case 'Q':
      return quoteExpansion(value);
    case 'U':
      return value.toUpperCase();
    case 'u':
      return value.slice(0, 1).toUpperCase() + value.slice(1);
    case 'L':
      return value.toLowerCase();
    case 'E':
      return value.replaceAll('\\n', '\n').replaceAll('\\t', '\t').replaceAll('\\\\', '\\');
    case 'A': {
      const flags = attributes(variables, parameter);
      const name = parameter.replace(/\[.*$/, '');
      return flags === ''
        ? `${name}=${quoteExpansion(value)}`
        : `declare -${flags} ${name}=${quoteExpansion(value)}`;
    }
    case 'a':
      return attributes(variables, parameter);
    case 'K':
    case 'k':
      return quoteValue(value);
    default:
      return value;
  }
}

/** A variable's attributes, as `declare -p` has them. */
function attributes(variables: Variables, parameter: string): string {
  const found = variables.find(parameter.replace(/\[.*$/, ''));
  if (found === undefined) return '';
  return [
    found.kind === 'indexed' ? 'a' : found.kind === 'associative' ? 'A' : '',
    found.isInteger === true ? 'i' : '',
    found.letterCase === 'lower' ? 'l' : '',
    found.isReadonly === true ? 'r' : '',
    found.letterCase === 'upper' ? 'u' : '',
    found.isExported === true ? 'x' : '',
  ].join('');
}
