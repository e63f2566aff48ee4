/**
 * One row of the IANA Service Name and Transport Protocol Port Number Registry, as the explorer,
 * the port planner and the lessons use it. Rows of a port are ordered: the primary name first.
 */

export const TRANSPORTS = ['tcp', 'udp', 'sctp', 'dccp'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/**
 * RFC 6335 §6: `assigned`; `reserved` (held by IANA); `unassigned` (listed as free). Numbers with no
 * row at all are unassigned too.
 */
export type RegistryStatus = 'assigned' | 'reserved' | 'unassigned';

export interface RegistryEntry {
  /** Inclusive; `low === high` for a single number. */
  readonly low: number;
  readonly high: number;
  /** In the order of TRANSPORTS. */
  readonly transports: readonly Transport[];
  /** Empty where the registry gives none (reserved, unassigned, "any private …"). */
  readonly name: string;
  /** The registry's own English words; may be empty. */
  readonly description: string;
  readonly status: RegistryStatus;
}

/** What a row without a service name says of its number, read off the registry's own words. */
export function statusOf(name: string, description: string): RegistryStatus {
  if (name !== '') return 'assigned';
  if (/^reserved/i.test(description)) return 'reserved';
  if (/^any private/i.test(description)) return 'assigned';
  return 'unassigned';
}
