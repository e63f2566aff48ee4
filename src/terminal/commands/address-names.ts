/** Names for ports and addresses from the machine's own files, or plain numbers. */

import type { Naming } from '../formats/socket-entry.ts';
import type { LinuxHost } from '../linux/linux-host.ts';

export function naming(
  machine: LinuxHost,
  options: { readonly ports: boolean; readonly hosts: boolean },
): Naming {
  const services = options.ports ? machine.serviceNames() : undefined;
  return {
    port: (port, protocol) => services?.byPort(port, protocol)?.name ?? String(port),
    host: (address) => (options.hosts ? machine.nameOf(address) : address),
  };
}
