/** What `systemctl status` and the lists of systemctl print, in the words of version 219 or 252. */

import type { ServiceSpec } from '../linux/distribution.ts';
import type { Process } from '../linux/processes.ts';
import type { ServiceState } from '../linux/services.ts';
import { dateOf, journalLine, type JournalMachine } from './journal.ts';

export interface Unit {
  readonly spec: ServiceSpec;
  readonly state: ServiceState;
}

export interface UnitMachine extends JournalMachine {
  readonly processes: { get(pid: number): Process | undefined };
}

export function unitFileState({ state }: Unit): 'enabled' | 'disabled' | 'masked' {
  if (state.isMasked === true) return 'masked';
  return state.isEnabled ? 'enabled' : 'disabled';
}

export function subState({ state }: Unit): string {
  if (state.active === 'active') return 'running';
  return state.active === 'failed' ? 'failed' : 'dead';
}

function stamp(machine: UnitMachine, atMs: number): string {
  const date = dateOf(machine, atMs);
  return `${date.toUTCString().slice(0, 3)} ${date.toISOString().slice(0, 10)} ${date.toISOString().slice(11, 19)} UTC`;
}

function duration(ms: number, isPrecise: boolean): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 1 && isPrecise) return `${Math.floor(ms)}ms`;
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}min ${seconds % 60}s`;
  return `${Math.floor(seconds / 3600)}h ${Math.floor((seconds % 3600) / 60)}min`;
}

function activeLine(machine: UnitMachine, state: ServiceState, isNew: boolean): string {
  const since = stamp(machine, state.sinceMs);
  const ago = duration(machine.world.nowMs - state.sinceMs, isNew);
  if (state.active === 'active') return `active (running) since ${since}; ${ago} ago`;
  if (state.active === 'failed') return `failed (Result: exit-code) since ${since}; ${ago} ago`;
  return state.sinceMs > 0 && isNew
    ? `inactive (dead) since ${since}; ${ago} ago`
    : 'inactive (dead)';
}

/** A process that has set its own title is one word, which systemd quotes. */
function commandLine({ args }: Process): string {
  return /^[\w-]+: /.test(args) ? `"${args}"` : args;
}

/** What was said since the service was last started, which is all that 252 shows. */
function thisRun({ log }: ServiceState, isNew: boolean): ServiceState['log'] {
  const start = log.findLastIndex(({ pid, text }) => pid === 1 && text.startsWith('Starting '));
  return isNew && start !== -1 ? log.slice(start) : log;
}

/** @param logLines how many lines of the journal are at the end */
export function statusLines(
  machine: UnitMachine,
  unit: Unit,
  version: 219 | 252,
  logLines: number,
): string[] {
  const { spec, state } = unit;
  const isNew = version > 219;
  const process = state.pid === null ? undefined : machine.processes.get(state.pid);
  const log = logLines === 0 ? [] : thisRun(state, isNew).slice(-logLines);
  const journal = log.map((entry) => journalLine(machine, spec, entry));
  const tail = journal.length > 0 ? ['', ...journal] : [];
  const enabled = unitFileState(unit);
  const preset = spec.isEnabled ? 'enabled' : 'disabled';
  if (!isNew)
    return [
      `● ${spec.name}.service - ${spec.description}`,
      `   Loaded: loaded (${spec.unitPath}; ${enabled}; vendor preset: ${preset})`,
      `   Active: ${activeLine(machine, state, false)}`,
      ...(process === undefined
        ? []
        : [
            ` Main PID: ${process.pid} (${process.command})`,
            `   CGroup: /system.slice/${spec.name}.service`,
            `           └─${process.pid} ${process.args}`,
          ]),
      ...tail,
    ];
  const isMasked = state.isMasked === true;
  const dot = state.active === 'active' ? '●' : state.active === 'failed' ? '×' : '○';
  return [
    isMasked ? `${dot} ${spec.name}.service` : `${dot} ${spec.name}.service - ${spec.description}`,
    isMasked
      ? `     Loaded: masked (Reason: Unit ${spec.name}.service is masked.)`
      : `     Loaded: loaded (${spec.unitPath}; ${enabled}; preset: ${preset})`,
    `     Active: ${activeLine(machine, state, true)}`,
    ...(isMasked
      ? []
      : (spec.docs ?? []).map(
          (page, index) => `${index === 0 ? '       Docs: ' : ' '.repeat(13)}${page}`,
        )),
    ...(process === undefined
      ? []
      : [
          `   Main PID: ${process.pid} (${process.command})`,
          `     CGroup: /system.slice/${spec.name}.service`,
          `             └─${process.pid} ${commandLine(process)}`,
        ]),
    ...tail,
  ];
}

const legend = `
LOAD   = Reflects whether the unit definition was properly loaded.
ACTIVE = The high-level unit activation state, i.e. generalization of SUB.
SUB    = The low-level unit activation state, values depend on unit type.
`;

export interface ListStyle {
  readonly version: 219 | 252;
  readonly hasLegend: boolean;
  /** It was said which states or kinds are wanted, so that no hint about others follows. */
  readonly isChosen: boolean;
  readonly isAll: boolean;
}

export function unitList(units: readonly Unit[], style: ListStyle): string {
  return style.version === 219 ? oldUnitList(units) : newUnitList(units, style);
}

function oldUnitList(units: readonly Unit[]): string {
  const width = Math.max(4, ...units.map(({ spec }) => spec.name.length + 8));
  const lines = units.map((unit) => {
    const { spec, state } = unit;
    const mark = state.active === 'failed' ? '●' : ' ';
    return `${mark} ${`${spec.name}.service`.padEnd(width)} loaded ${state.active.padEnd(8)} ${subState(unit).padEnd(7)} ${spec.description}\n`;
  });
  return `  ${'UNIT'.padEnd(width)} LOAD   ACTIVE   SUB     DESCRIPTION\n${lines.join('')}\n${units.length} loaded units listed.\n`;
}

function newUnitList(units: readonly Unit[], { hasLegend, isAll, isChosen }: ListStyle): string {
  const rows = units.map((unit) => [
    `${unit.spec.name}.service`,
    unit.state.isMasked === true ? 'masked' : 'loaded',
    unit.state.active,
    subState(unit),
    unit.spec.description,
  ]);
  const heads = ['UNIT', 'LOAD', 'ACTIVE', 'SUB', 'DESCRIPTION'];
  const widths = heads.map((head, column) =>
    Math.max(hasLegend ? head.length : 0, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === heads.length - 1 ? cell : cell.padEnd(widths[column] ?? 0),
      )
      .join(' ');
  const lines = rows.map(
    (row, index) => `${units[index]?.state.active === 'failed' ? '●' : ' '} ${line(row)}\n`,
  );
  if (!hasLegend) return lines.join('');
  const more = isAll || isChosen ? '' : ' Pass --all to see loaded but inactive units, too.';
  const files = isChosen
    ? ''
    : "To show all installed unit files use 'systemctl list-unit-files'.\n";
  return `  ${line(heads)}\n${lines.join('')}${units.length > 0 ? legend : ''}${units.length} loaded units listed.${more}\n${files}`;
}

/** @param isListed whether a name, an alias too, belongs into the list */
export function unitFileList(
  units: readonly Unit[],
  version: 219 | 252,
  hasLegend: boolean,
  isListed: (name: string) => boolean,
): string {
  const isNew = version > 219;
  const rows = units.flatMap((unit) => {
    const own = [
      `${unit.spec.name}.service`,
      unitFileState(unit),
      unit.spec.isEnabled ? 'enabled' : 'disabled',
    ];
    const aliases = (unit.spec.aliases ?? [])
      .filter(isListed)
      .map((alias) => [`${alias}.service`, 'alias', '-']);
    return isNew ? [own, ...aliases] : [own];
  });
  if (isNew) rows.sort(([one = ''], [other = '']) => (one < other ? -1 : 1));
  const name = Math.max(hasLegend ? 9 : 0, ...rows.map(([one = '']) => one.length));
  if (!isNew) {
    const lines = rows.map(([one = '', state = '']) => `${one.padEnd(name)} ${state}\n`);
    return `${'UNIT FILE'.padEnd(name)} STATE\n${lines.join('')}\n${rows.length} unit files listed.\n`;
  }
  const state = Math.max(hasLegend ? 5 : 0, ...rows.map(([, one = '']) => one.length));
  const line = ([one = '', two = '', three = '']: readonly string[]) =>
    `${one.padEnd(name)} ${two.padEnd(state)} ${three}\n`;
  if (!hasLegend) return rows.map(line).join('');
  return `${line(['UNIT FILE', 'STATE', 'PRESET'])}${rows.map(line).join('')}\n${rows.length} unit files listed.\n`;
}
