/** What names and patterns of units mean. */

import type { ServiceSpec } from '../../linux/distribution.ts';

/** A unit's whole name: `ssh` is `ssh.service`. */
export function unitOf(name: string): string {
  return /\.(?:service|socket|target|timer)$/.test(name) ? name : `${name}.service`;
}

/** Whether a list's patterns, if any, name the service. */
export function isWanted(
  { name, aliases = [] }: ServiceSpec,
  patterns: readonly string[],
): boolean {
  return [name, ...aliases].some((one) => isNamed(one, patterns));
}

/** Whether a service's name fits one of the patterns; where there is none, it does. */
export function isNamed(name: string, patterns: readonly string[]): boolean {
  if (patterns.length === 0) return true;
  return patterns.some((pattern) => {
    const source = pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    return new RegExp(`^${source}$`).test(`${name}.service`);
  });
}
