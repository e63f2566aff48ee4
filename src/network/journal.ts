/**
 * What came into a world from outside, in order: enough to have the same world again.
 */

import type { Host } from './host.ts';
import type { Action, FirewallSpec, Protocol } from './scenario.ts';
import type { ConnectOptions, ListenOptions, SocketOptions } from './world.ts';

/** A call on a host, with its arguments. */
export type HostCall =
  | { readonly call: 'listen'; readonly args: readonly [Protocol, string, number, ListenOptions] }
  | { readonly call: 'bind'; readonly args: readonly [Protocol, string, number, SocketOptions] }
  | { readonly call: 'connect'; readonly args: readonly [Protocol, string, number, ConnectOptions] }
  | { readonly call: 'unlisten'; readonly args: readonly [Protocol, string, number] }
  | { readonly call: 'accept' | 'close' | 'shutdown' | 'reset'; readonly args: readonly [number] }
  | { readonly call: 'send'; readonly args: readonly [number, number, number] }
  | { readonly call: 'sendTo'; readonly args: readonly [number, string, number, number, number] }
  | { readonly call: 'setFirewall'; readonly args: readonly [FirewallSpec | null] }
  | { readonly call: 'sysctl'; readonly args: readonly [string, string] };

export type JournalEntry =
  /** Time went on to this moment. */
  | { readonly run: number }
  /** … or until so many things had happened. */
  | { readonly events: number }
  | { readonly schedule: Action }
  | (HostCall & { readonly host: string });

/** Makes a call again. */
export function repeatCall(host: Host, entry: HostCall): void {
  if (entry.call === 'sysctl') {
    host.sysctl.set(...entry.args);
    return;
  }
  // An entry's arguments are those of the call that it names, which the compiler does not see.
  const calls = host as unknown as Record<string, (...args: readonly unknown[]) => unknown>;
  calls[entry.call]?.(...entry.args);
}
