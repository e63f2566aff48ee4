/**
 * The compact form in which the registry travels to the browser: one line a row, tab-separated:
 * `port-since-the-last-row`, or `…-width` for a range · transports as a bit mask · name · description.
 * Text compresses well and decodes in a few milliseconds; the order of rows is kept.
 */

import { TRANSPORTS, statusOf } from './registry-entry.ts';
import type { RegistryEntry, Transport } from './registry-entry.ts';

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

/** The transports of each bit mask: rows share them. */
const transportsOf: readonly (readonly Transport[])[] = Array.from({ length: 16 }, (_, mask) =>
  TRANSPORTS.filter((_transport, bit) => mask & (1 << bit)),
);

/** So many rows are decoded at a stretch: a few milliseconds on a phone. */
const ROWS_AT_A_STRETCH = 1_500;

/**
 * @param text as `encodeRegistry` wrote it.
 * @throws SyntaxError naming the line where it is not.
 */
export function decodeRegistry(text: string): readonly RegistryEntry[] {
  const decoding = decodeByStretches(text);
  for (;;) {
    const { done, value } = decoding.next();
    if (done === true) return value;
  }
}

/** The same, with a break after each stretch: a page can do something else in it. */
export function* decodeByStretches(text: string): Generator<void, readonly RegistryEntry[]> {
  const entries: RegistryEntry[] = [];
  let previous = 0;
  // Cut by hand: seven thousand lists of four pieces cost more than all the rest.
  for (let begin = 0; begin <= text.length;) {
    const lineEnd = text.indexOf('\n', begin);
    const end = lineEnd === -1 ? text.length : lineEnd;
    const [portEnd, maskEnd, nameEnd] = tabsAfter(text, begin);
    const port = text.slice(begin, portEnd);
    const dash = port.indexOf('-');
    const low = previous + Number(dash === -1 ? port : port.slice(0, dash));
    const high = low + (dash === -1 ? 0 : Number(port.slice(dash + 1)));
    const transports = transportsOf[Number(text.slice(portEnd + 1, maskEnd))];
    const isWhole = nameEnd !== -1 && nameEnd < end && /^\d+(?:-\d+)?$/.test(port) && high <= 65535;
    if (!isWhole || transports === undefined || transports.length === 0) {
      const line = JSON.stringify(text.slice(begin, end));
      throw new SyntaxError(`registry line ${entries.length + 1} is damaged: ${line}`);
    }
    const name = text.slice(maskEnd + 1, nameEnd);
    const description = text.slice(nameEnd + 1, end);
    entries.push({ low, high, transports, name, description, status: statusOf(name, description) });
    previous = low;
    begin = end + 1;
    if (entries.length % ROWS_AT_A_STRETCH === 0) yield;
  }
  return entries;
}

/** Where the next three tabs are; -1 where there is none. */
function tabsAfter(text: string, begin: number): readonly [number, number, number] {
  const first = text.indexOf('\t', begin);
  const second = first === -1 ? -1 : text.indexOf('\t', first + 1);
  return [first, second, second === -1 ? -1 : text.indexOf('\t', second + 1)];
}
