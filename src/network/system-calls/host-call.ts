/** A call on a host as data: its name and its arguments, so that it can be made again. */

import type { FilterSpec } from '../kernel/filter-rule.ts';
import type { Protocol } from '../protocol.ts';
import type { Echo } from '../transport/icmp.ts';
import type { ConnectOptions, ListenOptions, SocketOptions } from './options.ts';

/** The arguments of each call that is repeated by its name. */
export interface HostCallArguments {
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
  readonly echo: readonly [string, Echo];
  readonly setFirewall: readonly [FilterSpec | null];
}

export type NamedCall<Name extends keyof HostCallArguments = keyof HostCallArguments> = {
  [Key in Name]: { readonly call: Key; readonly args: HostCallArguments[Key] };
}[Name];

/** A call on a host, with its arguments. */
export type HostCall =
  | NamedCall
  | { readonly call: 'sysctl'; readonly args: readonly [string, string] };
