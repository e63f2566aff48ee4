/** The story, what was done in it and how far it has been watched, as a word for the address. */

import { readCode, writeCode } from '../../simulation-kit/state-code.ts';
import { actions, stories, type Done, type Story } from './moments.ts';

export interface MachineState {
  readonly story: Story;
  readonly done: readonly Done[];
  /** The moment that is shown, from 0. */
  readonly shown: number;
}

/** More than a patient hand does; and the longest conversation lasts some minutes. */
const MOST_ACTIONS = 60;
const MOST_MS = 900_000;
const MOST_MOMENTS = 500;

export function writeState({ story, done, shown }: MachineState): string {
  return writeCode(
    story,
    shown,
    done.map(({ atMs }) => atMs),
    done.map(({ action }) => actions.indexOf(action)),
  );
}

/** @returns null for what `writeState` would not write. */
export function readState(code: string): MachineState | null {
  const state = readCode(code, (fields) => ({
    story: fields.oneOf(stories),
    shown: fields.number(0, MOST_MOMENTS),
    times: fields.numbers(0, MOST_MS),
    actions: fields.numbers(0, actions.length - 1),
  }));
  if (state === null) return null;
  const { story, shown, times } = state;
  const isInOrder = times.every((atMs, place) => atMs >= (times[place - 1] ?? 0));
  if (!isInOrder || times.length !== state.actions.length || times.length > MOST_ACTIONS)
    return null;
  const done = times.flatMap((atMs, place) => {
    const action = actions[state.actions[place] ?? 0];
    return action === undefined ? [] : [{ atMs, action }];
  });
  return { story, done, shown };
}
