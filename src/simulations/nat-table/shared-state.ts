/** The router and what has been done, as a word for the address. */

import { readCode, writeCode } from '../../simulation-kit/state-code.ts';
import { clients, MOST_ACTIONS, routers, servers, type Action, type Router } from './setup.ts';

export interface NatState {
  readonly router: Router;
  readonly actions: readonly Action[];
}

const pairs = clients.flatMap((client) => servers.map((server) => ({ client, server })));

/** Every action there is, by its number. */
export const allActions: readonly Action[] = [
  ...pairs.map((pair) => ({ kind: 'connect' as const, ...pair })),
  ...pairs.map((pair) => ({ kind: 'close' as const, ...pair })),
  { kind: 'wait' },
  { kind: 'stranger' },
];

const textOf = (action: Action): string => JSON.stringify(action);

export function writeState({ router, actions }: NatState): string {
  return writeCode(
    router,
    actions.map((action) => allActions.findIndex((one) => textOf(one) === textOf(action))),
  );
}

/** @returns null for what `writeState` would not write. */
export function readState(code: string): NatState | null {
  const state = readCode(code, (fields) => {
    const router = fields.oneOf(routers);
    const numbers = fields.numbers(0, allActions.length - 1);
    return { router, actions: numbers.flatMap((number) => allActions[number] ?? []) };
  });
  return state !== null && state.actions.length <= MOST_ACTIONS ? state : null;
}
