/**
 * What came into a world from outside, in order: enough to have the same world again.
 */

import type { Host } from './system-calls/host.ts';
import type { Action, FirewallSpec, Protocol } from './scenario/scenario.ts';
import type { ConnectOptions, ListenOptions, SocketOptions } from './world.ts';

/** The arguments of each call that is repeated by its name. */
interface Arguments {
  readonly listen: readonly [Protocol, string, number, ListenOptions];
  readonly bind: readonly [Protocol, string, number, SocketOptions];
  readonly connect: readonly [Protocol, string, number, ConnectOptions];
  readonly unlisten: readonly [Protocol, string, number];
  readonly accept: readonly [number];
  readonly close: readonly [number];
  readonly shutdown: readonly [number];
  readonly reset: readonly [number];
  readonly send: readonly [number, number, number];
  readonly sendTo: readonly [number, string, number, number, number];
  readonly setFirewall: readonly [FirewallSpec | null];
}

type NamedCall<Name extends keyof Arguments = keyof Arguments> = {
  [Key in Name]: { readonly call: Key; readonly args: Arguments[Key] };
}[Name];

/** A call on a host, with its arguments. */
export type HostCall =
  NamedCall | { readonly call: 'sysctl'; readonly args: readonly [string, string] };

export type JournalEntry =
  /** Time went on to this moment. */
  | { readonly run: number }
  /** … or until so many things had happened. */
  | { readonly events: number }
  | { readonly schedule: Action }
  | (HostCall & { readonly host: string });

/** Makes a call again. */
export function repeatCall(host: Host, entry: HostCall): void {
  if (entry.call === 'sysctl') host.sysctl.set(...entry.args);
  else repeatNamed(host, entry);
}

function repeatNamed<Name extends keyof Arguments>(
  host: { readonly [Key in keyof Arguments]: (...args: Arguments[Key]) => unknown },
  entry: NamedCall<Name>,
): void {
  host[entry.call](...entry.args);
}
