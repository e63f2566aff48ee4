/** The verbs of systemctl that only ask: what is listed, running, enabled, and how units look. */

import {
  statusLines,
  subState,
  unitFileState,
  unitList,
  type Unit,
} from '../../formats/systemctl-lists.ts';
import {
  failed,
  Printer,
  printed,
  unsupported,
  type CommandContext,
  type CommandResult,
} from '../command.ts';
import type { GivenOptions } from '../options.ts';
import { isWanted, unitOf } from './unit-names.ts';

/** `is-active` and `is-failed`: a word for each unit, and whether one of them is so. */
export function ask(
  context: CommandContext,
  names: readonly string[],
  given: GivenOptions,
  test: (found: Unit) => readonly [string, boolean],
  otherwise: number,
): CommandResult {
  const isNew = context.machine.distribution.systemd > 219;
  const answers = names.map((name) => {
    const found = context.machine.services.find(name);
    return found === undefined ? ([isNew ? 'inactive' : 'unknown', false] as const) : test(found);
  });
  // One that is so is enough.
  const isTrue = answers.some(([, one]) => one);
  const text = given.has('q') ? '' : answers.map(([word]) => `${word}\n`).join('');
  return printed(text, isTrue ? 0 : otherwise);
}

/** `is-enabled`. */
export function areEnabled(
  context: CommandContext,
  names: readonly string[],
  isQuiet: boolean,
): CommandResult {
  const out = new Printer();
  let isAny = false;
  let isAnyMissing = false;
  const states: string[] = [];
  for (const name of names) {
    const found = context.machine.services.find(name);
    if (found === undefined) {
      isAnyMissing = true;
      out.problem(`Failed to get unit file state for ${unitOf(name)}: No such file or directory`);
      continue;
    }
    const plain = name.replace(/\.service$/, '');
    const state = plain === found.spec.name ? unitFileState(found) : 'alias';
    states.push(state);
    isAny ||= state === 'enabled' || state === 'alias';
  }
  if (!isQuiet) for (const state of states) out.line(state);
  return out.result(isAny && !isAnyMissing ? 0 : 1);
}

/** `status`, with so many lines of the log. */
export function statuses(
  context: CommandContext,
  names: readonly string[],
  logLines: number,
): CommandResult {
  const { machine } = context;
  const out = new Printer();
  let exitCode = 0;
  let isFirst = true;
  for (const name of names) {
    const found = machine.services.find(name);
    if (found === undefined) {
      out.problem(`Unit ${unitOf(name)} could not be found.`);
      exitCode = 4;
      continue;
    }
    if (!isFirst) out.line('');
    isFirst = false;
    for (const line of statusLines(machine, found, machine.distribution.systemd, logLines))
      out.line(line);
    if (found.state.active !== 'active') exitCode = 3;
  }
  return out.result(exitCode);
}

/** `list-units`. */
export function listUnits(
  context: CommandContext,
  given: GivenOptions,
  names: readonly string[],
): CommandResult {
  const types = given.listed('t');
  const wrong = types.find((type) => !['service', 'running', 'failed', 'active'].includes(type));
  if (wrong !== undefined) {
    const isReal = /^(?:socket|target|timer|mount|device|slice|scope|path|swap)$/.test(wrong);
    return isReal
      ? unsupported(context, 'systemctl', `-t ${wrong}`)
      : failed(
          `Unknown unit type or load state '${wrong}'.\nUse -t help to see a list of allowed values.`,
        );
  }
  const states = [...given.listed('S'), ...(given.has('F') ? ['failed'] : [])];
  const isAll = given.has('a');
  const units = context.machine.services
    .list()
    .filter((unit) => {
      const { active } = unit.state;
      if (!isWanted(unit.spec, names)) return false;
      if (states.length > 0) return states.some((one) => one === active || one === subState(unit));
      return isAll || active !== 'inactive';
    })
    .sort((one, other) => (one.spec.name < other.spec.name ? -1 : 1));
  return printed(
    unitList(units, {
      version: context.machine.distribution.systemd,
      hasLegend: !given.has('L'),
      isChosen: states.length > 0,
      isAll,
    }),
  );
}

/** `show`: properties of the first unit named. */
export function show(
  context: CommandContext,
  given: GivenOptions,
  names: readonly string[],
): CommandResult {
  const wanted = given.listed('p');
  const [name] = names;
  if (name === undefined) return unsupported(context, 'systemctl', 'show');
  const found = context.machine.services.find(name);
  const all: Readonly<Record<string, string>> = {
    MainPID: String(found?.state.pid ?? 0),
    Id: found === undefined ? unitOf(name) : `${found.spec.name}.service`,
    Description: found?.spec.description ?? unitOf(name),
    LoadState:
      found === undefined ? 'not-found' : found.state.isMasked === true ? 'masked' : 'loaded',
    ActiveState: found?.state.active ?? 'inactive',
    SubState: found === undefined ? 'dead' : subState(found),
    FragmentPath: found?.spec.unitPath ?? '',
    UnitFileState: found === undefined ? '' : unitFileState(found),
  };
  const entries = Object.entries(all).filter(
    ([key]) => wanted.length === 0 || wanted.includes(key),
  );
  const lines = entries.map(([key, value]) => (given.has('V') ? value : `${key}=${value}`));
  return printed(lines.map((line) => `${line}\n`).join(''));
}

/** `cat`: the files of units. */
export function cat(context: CommandContext, names: readonly string[]): CommandResult {
  const out = new Printer();
  for (const [index, name] of names.entries()) {
    const found = context.machine.services.find(name);
    if (found === undefined) {
      out.problem(`No files found for ${unitOf(name)}.`);
      return out.result(1);
    }
    const { spec, state } = found;
    if (index > 0) out.line('');
    if (state.isMasked === true) {
      out.line(`# Unit ${spec.name}.service is masked.`);
      continue;
    }
    const docs = (spec.docs ?? []).join(' ');
    out.text(
      `# ${spec.unitPath}\n${
        spec.unitText ??
        `[Unit]\nDescription=${spec.description}\n${docs === '' ? '' : `Documentation=${docs}\n`}\n[Service]\nExecStart=${spec.args}\n\n[Install]\nWantedBy=multi-user.target\n`
      }`,
    );
  }
  return out.result(0);
}
