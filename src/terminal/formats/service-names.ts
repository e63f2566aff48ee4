/**
 * The service names of a machine, read from the text of its /etc/services: what getservbyport(3)
 * and getservbyname(3) answer. The first line that names a port gives its name.
 */

export interface ServiceEntry {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly aliases: readonly string[];
}

export interface ServiceNames {
  readonly entries: readonly ServiceEntry[];
  byPort(port: number, protocol: string): ServiceEntry | undefined;
  /** By name or alias; any protocol where none is given. */
  byName(name: string, protocol?: string): ServiceEntry | undefined;
}

/** Lines that are not `name port/protocol [aliases]` are passed over, as libc does. */
export function parseServices(text: string): ServiceNames {
  const entries: ServiceEntry[] = [];
  const ports = new Map<string, ServiceEntry>();
  for (const line of text.split('\n')) {
    const [name, where, ...aliases] = (line.split('#')[0] ?? '').trim().split(/\s+/);
    const match = where === undefined ? null : /^(\d+)\/(\w+)$/.exec(where);
    if (!name || match === null) continue;
    const entry = { name, port: Number(match[1]), protocol: match[2] ?? '', aliases };
    entries.push(entry);
    const key = `${entry.port}/${entry.protocol}`;
    if (!ports.has(key)) ports.set(key, entry);
  }
  return {
    entries,
    byPort: (port, protocol) => ports.get(`${port}/${protocol}`),
    byName: (name, protocol) =>
      entries.find(
        (entry) =>
          (protocol === undefined || entry.protocol === protocol) &&
          (entry.name === name || entry.aliases.includes(name)),
      ),
  };
}
