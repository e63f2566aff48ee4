/**
 * Finds the port numbers in a line of output, so that the view can colour them. Text stays text:
 * parts joined together are the line.
 */

export interface LinePart {
  readonly text: string;
  /** Present where the part is a port number. */
  readonly port?: number;
}

/** After an address (`10.0.0.2:80`, `*:22`, `]:9001`), after the word port, before /tcp, and in ranges of ports. */
const portPattern =
  /(?<=(?:\d{1,3}(?:\.\d{1,3}){3}|\*|\]|\blocalhost|[\w-]\.example):)\d{1,5}\b|(?<=\bports? )\d{1,5}\b|\b\d{1,5}(?=\/(?:tcp|udp)\b)/g;
const rangePattern =
  /\bip_(?:local_port_range|local_reserved_ports|unprivileged_port_start)\s*=\s*[\d\s,-]+/;

/** A line longer than this is shown without marks. */
const longestMarked = 500;

export function lineParts(line: string): readonly LinePart[] {
  if (line.length > longestMarked) return [{ text: line }];
  const spots = [...line.matchAll(portPattern)].map((match) => [match.index, match[0]] as const);
  const range = rangePattern.exec(line);
  if (range !== null) {
    const offset = range.index + range[0].indexOf('=');
    for (const match of line.slice(offset).matchAll(/\d{1,5}/g))
      spots.push([offset + match.index, match[0]]);
  }
  spots.sort(([one], [other]) => one - other);
  const parts: LinePart[] = [];
  let at = 0;
  for (const [start, digits] of spots) {
    const port = Number(digits);
    if (start < at || port > 65_535) continue;
    if (start > at) parts.push({ text: line.slice(at, start) });
    parts.push({ text: digits, port });
    at = start + digits.length;
  }
  if (at < line.length || parts.length === 0) parts.push({ text: line.slice(at) });
  return parts;
}
