/** The router and what has been done, as a word for the address. */

import { readCode, writeCode } from '../../simulation-kit/state-code.ts';
import { clients, MOST_DEEDS, routers, servers, type Deed, type Router } from './setup.ts';

export interface NatState {
  readonly router: Router;
  readonly deeds: readonly Deed[];
}

const pairs = clients.flatMap((client) => servers.map((server) => ({ client, server })));

/** Every deed there is, by its number. */
export const allDeeds: readonly Deed[] = [
  ...pairs.map((pair) => ({ kind: 'connect' as const, ...pair })),
  ...pairs.map((pair) => ({ kind: 'close' as const, ...pair })),
  { kind: 'wait' },
  { kind: 'stranger' },
];

const textOf = (deed: Deed): string => JSON.stringify(deed);

export function writeState({ router, deeds }: NatState): string {
  return writeCode(
    router,
    deeds.map((deed) => allDeeds.findIndex((one) => textOf(one) === textOf(deed))),
  );
}

/** @returns null for what `writeState` would not write. */
export function readState(code: string): NatState | null {
  const state = readCode(code, (fields) => {
    const router = fields.oneOf(routers);
    const numbers = fields.numbers(0, allDeeds.length - 1);
    return { router, deeds: numbers.flatMap((number) => allDeeds[number] ?? []) };
  });
  return state !== null && state.deeds.length <= MOST_DEEDS ? state : null;
}
