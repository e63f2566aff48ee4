/**
 * firewalld: what is permanent lies in files, what is in force in the packet filter, together with the
 * daemon's own memory of it.
 */

import type { FilterSpec } from '../../network/kernel/filter-rule.ts';
import { rootIdentity } from '../linux/file-system.ts';
import type { LinuxHost } from '../linux/linux-host.ts';
import { engineFilter, helpersOf, type RuntimeState } from './firewalld-table.ts';
import { loadedOrder, readZone, valuesOf, zoneXml, type Zone } from './firewalld-zones.ts';

const configPath = '/etc/firewalld/firewalld.conf';
const ownFolder = '/etc/firewalld/zones';
const broughtFolder = '/usr/lib/firewalld/zones';

/** The name of its service. */
const service = 'firewalld';

export class Firewalld {
  private readonly machine: LinuxHost;

  constructor(machine: LinuxHost) {
    this.machine = machine;
  }

  /** What the service does when it starts. */
  start(): void {
    this.load();
  }

  /** … and when it is stopped: nothing of its rules stays. */
  stop(): void {
    this.put(null);
  }

  get isRunning(): boolean {
    return this.machine.services.find(service)?.state.active === 'active';
  }

  /** What is in force; null where nothing is loaded. */
  get runtime(): RuntimeState | null {
    const text = this.machine.host.firewallSpec()?.later?.memory;
    return text === undefined ? null : (JSON.parse(text) as RuntimeState);
  }

  /** What is permanent comes in force. The zones of interfaces stay, as with a reload of the real one. */
  load(): void {
    const zones = this.permanentZones().map(loadedOrder);
    const { defaultZone } = this;
    const inUse = zones
      .filter(
        ({ interfaces, name, sources }) =>
          name !== defaultZone && interfaces.length + sources.length > 0,
      )
      .map(({ name }) => name);
    const made = [...inUse, defaultZone];
    this.setRuntime({
      defaultZone,
      zones,
      made,
      madeLater: [],
      helpers: neededHelpers(
        zones.filter(({ name }) => made.includes(name)),
        [],
      ),
    });
  }

  setRuntime(state: RuntimeState): void {
    const inUse = state.zones.filter(
      ({ interfaces, name, sources }) =>
        interfaces.length + sources.length > 0 || name === state.defaultZone,
    );
    const known = [...state.made, ...state.madeLater];
    const added = inUse.map(({ name }) => name).filter((name) => !known.includes(name));
    const madeLater = [...state.madeLater, ...added];
    const loaded = state.zones.filter(({ name }) => known.includes(name) || added.includes(name));
    const next = { ...state, madeLater, helpers: neededHelpers(loaded, state.helpers) };
    this.put({ ...engineFilter(next), memory: JSON.stringify(next) });
  }

  private put(later: FilterSpec | null): void {
    const { host } = this.machine;
    const { later: _, ...spec } = host.firewallSpec() ?? {
      family: 'ipv4' as const,
      policyIn: 'accept' as const,
      policyOut: 'accept' as const,
      rules: [],
      filtersOwn: true,
      chains: [],
      made: [],
    };
    host.setFirewall(later === null ? spec : { ...spec, later });
  }

  // --- What is permanent ---

  get defaultZone(): string {
    const text = this.machine.readText(configPath) ?? '';
    const named = /^DefaultZone=(\S+)/m.exec(text)?.[1] ?? 'public';
    return this.permanentZones().some(({ name }) => name === named) ? named : 'public';
  }

  setDefaultZone(name: string): void {
    const text = this.machine.readText(configPath) ?? '';
    const line = `DefaultZone=${name}`;
    this.machine.writeText(
      configPath,
      /^DefaultZone=.*$/m.test(text) ? text.replace(/^DefaultZone=.*$/m, line) : `${text}${line}\n`,
    );
  }

  /** The zones of the files, by name; one's own file comes before that which firewalld has brought. */
  permanentZones(): readonly Zone[] {
    const { files } = this.machine;
    const paths = new Map<string, string>();
    for (const folder of [broughtFolder, ownFolder]) {
      if (!files.exists(folder, rootIdentity)) continue;
      for (const file of files.list(folder, rootIdentity))
        if (file.endsWith('.xml')) paths.set(file.slice(0, -4), `${folder}/${file}`);
    }
    return [...paths]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, path]) => readZone(name, this.machine.readText(path) ?? ''));
  }

  setPermanentZone(zone: Zone): void {
    const { machine } = this;
    if (!machine.files.exists(ownFolder, rootIdentity))
      machine.files.makeDirectory(ownFolder, rootIdentity, true);
    const path = `${ownFolder}/${zone.name}.xml`;
    const before = machine.readText(path);
    if (before !== undefined) machine.writeText(`${path}.old`, before);
    machine.writeText(path, zoneXml(zone));
  }
}

function neededHelpers(zones: readonly Zone[], known: readonly string[]): readonly string[] {
  const needed = zones.flatMap((zone) => valuesOf(zone, 'service').flatMap(helpersOf));
  return [...new Set([...known, ...needed])];
}
