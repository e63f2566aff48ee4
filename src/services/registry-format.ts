/**
 * The compact form in which the registry travels to the browser: one line a row, tab-separated:
 * `port-since-the-last-row`, or `…-width` for a range · transports as a bit mask · name · description.
 * Text compresses well and decodes in a few milliseconds; the order of rows is kept.
 */

import { TRANSPORTS, statusOf } from './registry-entry.ts';
import type { RegistryEntry } from './registry-entry.ts';

/**
 * @param entries sorted by `low`; names and descriptions without tabs or line breaks.
 * @throws RangeError where they are not: a bad row would shift every later one.
 */
export function encodeRegistry(entries: readonly RegistryEntry[]): string {
  let previous = 0;
  const lines = entries.map(({ low, high, transports, name, description }) => {
    if (low < previous || high < low) throw new RangeError(`registry rows out of order at ${low}`);
    if (/[\t\n\r]/.test(name + description)) throw new RangeError(`control character at ${low}`);
    const mask = transports.reduce((bits, one) => bits | (1 << TRANSPORTS.indexOf(one)), 0);
    const port = high > low ? `${low - previous}-${high - low}` : `${low - previous}`;
    previous = low;
    return `${port}\t${mask}\t${name}\t${description}`;
  });
  return lines.join('\n');
}

/**
 * @param text as `encodeRegistry` wrote it.
 * @throws SyntaxError naming the line where it is not.
 */
export function decodeRegistry(text: string): readonly RegistryEntry[] {
  let previous = 0;
  return text.split('\n').map((line, index) => {
    const [port = '', maskText = '', name, description] = line.split('\t');
    const [step = '', width = '0'] = port.split('-');
    const low = previous + Number(step);
    const high = low + Number(width);
    const mask = Number(maskText);
    const isWhole = /^\d+(-\d+)?$/.test(port) && mask >= 1 && mask <= 15 && high <= 65535;
    if (!isWhole || name === undefined || description === undefined) {
      throw new SyntaxError(`registry line ${index + 1} is damaged: ${JSON.stringify(line)}`);
    }
    previous = low;
    return {
      low,
      high,
      transports: TRANSPORTS.filter((_, bit) => mask & (1 << bit)),
      name,
      description,
      status: statusOf(name, description),
    };
  });
}
