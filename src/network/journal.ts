/**
 * What came into a world from outside, in order: enough to have the same world again.
 */

import type { Action } from './scenario/scenario.ts';
import type { HostCall, HostCallArguments, NamedCall } from './system-calls/host-call.ts';
import type { HostInterface } from './system-calls/host-interface.ts';

export type JournalEntry =
  /** Time went on to this moment. */
  | { readonly run: number }
  /** … or until so many things had happened. */
  | { readonly events: number }
  | { readonly schedule: Action }
  | (HostCall & { readonly host: string });

type Callable = {
  readonly [Key in keyof HostCallArguments]: (...args: HostCallArguments[Key]) => unknown;
};

/** Makes a call again. */
export function repeatCall(host: Callable & Pick<HostInterface, 'sysctl'>, entry: HostCall): void {
  if (entry.call === 'sysctl') host.sysctl.set(...entry.args);
  else repeatNamed(host, entry);
}

function repeatNamed<Name extends keyof HostCallArguments>(
  host: Callable,
  entry: NamedCall<Name>,
): void {
  host[entry.call](...entry.args);
}
