/**
 * The three ranges of port numbers, the same for every transport (RFC 6335, section 6): System or
 * well-known, User or registered, Dynamic or private. "Ephemeral" is the everyday name of the third;
 * which ports a system really hands out is its profile's affair.
 */

export type PortRange = 'well-known' | 'registered' | 'ephemeral';

export interface PortRangeBounds {
  readonly range: PortRange;
  readonly low: number;
  /** Inclusive. */
  readonly high: number;
}

export const highestPort = 65535;

/** In ascending order, without gaps, 0–65535. */
export const portRanges: readonly [PortRangeBounds, PortRangeBounds, PortRangeBounds] = [
  { range: 'well-known', low: 0, high: 1023 },
  { range: 'registered', low: 1024, high: 49151 },
  { range: 'ephemeral', low: 49152, high: 65535 },
];

/** Whether a value is a port number: an integer, 0–65535. */
export function isPort(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= highestPort;
}

/** Whether a value is a port that something can be sent to: 0 only stands for "any", in bind(). */
export function isDestinationPort(value: unknown): value is number {
  return isPort(value) && value !== 0;
}

/** The range a port (0–65535) belongs to. Throws a RangeError for anything else. */
export function rangeOf(port: number): PortRange {
  if (!isPort(port)) throw new RangeError(`not a port number: ${String(port)}`);
  if (port < portRanges[1].low) return 'well-known';
  return port < portRanges[2].low ? 'registered' : 'ephemeral';
}
