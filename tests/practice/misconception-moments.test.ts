/** The moments that show a misconception: each is in its lesson, and the widget itself can build it. */

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseScenario } from '../../src/network/scenario/scenario-parser.ts';
import { locales } from '../../src/i18n/locales.ts';
import { misconceptions } from '../../src/schemas/misconceptions.ts';
import * as race from '../../src/simulations/algorithm-race/shared-state.ts';
import { decodeMoment, encodeMoment } from '../../src/simulations/connection/session-code.ts';
import { ListenBoard } from '../../src/simulations/listen-board/listen-board.ts';
import * as board from '../../src/simulations/listen-board/shared-state.ts';
import * as nat from '../../src/simulations/nat-table/shared-state.ts';
import * as pool from '../../src/simulations/pool-and-rate/shared-state.ts';
import * as plan from '../../src/simulations/port-planner/shared-state.ts';
import * as line from '../../src/simulations/number-line-explorer/shared-state.ts';
import * as comparison from '../../src/simulations/range-comparison/shared-state.ts';
import * as tuner from '../../src/simulations/range-tuner/shared-state.ts';
import * as scan from '../../src/simulations/scan-and-firewall/shared-state.ts';
import * as cover from '../../src/simulations/service-table/shared-state.ts';
import { play } from '../../src/simulations/state-machine/conversation.ts';
import * as machine from '../../src/simulations/state-machine/shared-state.ts';
import { arrivals } from '../../src/simulations/who-gets-it/arrivals.ts';
import { mistakeOf } from '../../src/simulations/who-gets-it/judge.ts';
import * as sorting from '../../src/simulations/who-gets-it/shared-state.ts';

/** A widget's reader and writer: the code again, or null for a state that it cannot build. */
type Again = (code: string, tag: string) => string | null;

const again =
  <T>(read: (code: string) => T | null, write: (state: T) => string): Again =>
  (code) => {
    const state = read(code);
    return state === null ? null : write(state);
  };

const packets = arrivals();
const systems = ['linux', 'windows', 'macos', 'freebsd', 'openbsd'];

const widgets: Readonly<Record<string, Again>> = {
  AlgorithmRace: again(race.readState, race.writeState),
  NatTable: again(nat.readState, nat.writeState),
  NumberLineExplorer: again(line.readState, line.writeState),
  PoolAndRate: again(pool.readState, pool.writeState),
  PortPlanner: again((code) => plan.readState(code, systems), plan.writeState),
  RangeComparison: again(comparison.readState, comparison.writeState),
  RangeTuner: again(tuner.readState, tuner.writeState),
  ScanAndFirewall: again(scan.readState, scan.writeState),
  ServiceTable: again((code) => cover.readState(code, 18), cover.writeState),
  ListenBoard: again((code) => {
    const state = board.readState(code);
    return state !== null && board.startAll(new ListenBoard(), state) ? state : null;
  }, board.writeState),
  StateMachine: again((code) => {
    const state = machine.readState(code);
    return state !== null && state.shown < play(state.story, state.done).length ? state : null;
  }, machine.writeState),
  // Shown is the right choice, and why it is right.
  WhoGetsIt: again((code) => {
    const state = sorting.readState(code, packets);
    const arrival = state === null ? undefined : packets[state.index];
    const last = state?.choices.at(-1);
    if (!arrival || last === undefined) return null;
    return mistakeOf(arrival, arrival.sockets[last] ?? null) === null ? state : null;
  }, sorting.writeState),
  ConnectionSimulator: (code, tag) => {
    const [, scenario = ''] = /scenario="([^"]+)"/.exec(tag) ?? [];
    const base = parseScenario(
      JSON.parse(readFileSync(`content/scenarios/${scenario}.json`, 'utf8')),
    );
    const moment = decodeMoment(base, code, systems);
    return moment === null ? null : encodeMoment(base, moment);
  },
};

it.each(misconceptions.map(({ id, shown }) => [id, shown] as const))('%s: %s', (_, moment) => {
  const [, slug = '', widget = '', code = ''] = /^([^#]+)#([^=]+)=(.+)$/.exec(moment) ?? [];
  for (const { code: locale } of locales) {
    const lesson = readFileSync(`content/lessons/${locale}/${slug}.mdx`, 'utf8');
    const tag = new RegExp(`<([A-Z]\\w+) id="${widget}"[^>]*>`).exec(lesson);
    expect(tag, `${widget} in ${locale}`).not.toBeNull();
    expect(widgets[tag?.[1] ?? '']?.(code, tag?.[0] ?? '')).toBe(code);
  }
});
