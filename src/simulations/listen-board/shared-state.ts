/**
 * The board as a word for the address: who listens, the last action, and what is in the fields.
 * The listeners are started again when it is read, so only boards that the engine allows come back.
 */

import {
  readCode,
  writeCode,
  type CodeFields,
  type Field,
} from '../../simulation-kit/state-code.ts';
import type { ListenBoard } from './listen-board.ts';
import {
  listenAddresses,
  programs,
  type ListenAddress,
  type StartRequest,
} from './start-request.ts';

/** A start may have failed; a stop names the listener that is gone. */
export type Action =
  | { readonly kind: 'none' }
  | { readonly kind: 'start' | 'stop'; readonly request: StartRequest }
  | { readonly kind: 'knock'; readonly port: number };

export interface BoardState {
  /** Those that listened before the last action and listen still, in their order. */
  readonly listeners: readonly StartRequest[];
  readonly action: Action;
  readonly form: StartRequest;
  readonly knockPort: number;
}

/** An address of a link may hold no colon. */
const codeOf = (address: ListenAddress): string => address.replaceAll(':', '_');

const requestFields = ({ program, address, port, isRoot }: StartRequest): readonly Field[] => [
  program,
  codeOf(address),
  port,
  isRoot,
];

export function writeState({ listeners, action, form, knockPort }: BoardState): string {
  const told: readonly Field[] =
    action.kind === 'none'
      ? []
      : action.kind === 'knock'
        ? [action.port]
        : requestFields(action.request);
  return writeCode(
    ...requestFields(form),
    knockPort,
    action.kind,
    ...told,
    ...listeners.flatMap(requestFields),
  );
}

function readAddress(fields: CodeFields): ListenAddress {
  const code = fields.oneOf(listenAddresses.map(codeOf));
  return listenAddresses.find((address) => codeOf(address) === code) ?? listenAddresses[0];
}

function readRequest(fields: CodeFields): StartRequest {
  return {
    program: fields.oneOf(programs),
    address: readAddress(fields),
    port: fields.number(1, 65535),
    isRoot: fields.flag(),
  };
}

/** @returns null for what `writeState` would not write. */
export function readState(code: string): BoardState | null {
  return readCode(code, (fields) => {
    const form = readRequest(fields);
    const knockPort = fields.number(1, 65535);
    const action = readAction(fields);
    const listeners: StartRequest[] = [];
    while (fields.hasMore) listeners.push(readRequest(fields));
    return { listeners, action, form, knockPort };
  });
}

function readAction(fields: CodeFields): Action {
  const kind = fields.oneOf(['none', 'start', 'stop', 'knock']);
  if (kind === 'none') return { kind };
  if (kind === 'knock') return { kind, port: fields.number(1, 65535) };
  return { kind, request: readRequest(fields) };
}

/**
 * Starts a state's listeners on a fresh board, and the one that is to be stopped with them.
 * @returns false where the engine refuses one: no board can have been so.
 */
export function startAll(board: ListenBoard, { listeners, action }: BoardState): boolean {
  const all = action.kind === 'stop' ? [...listeners, action.request] : listeners;
  return all.every((request) => board.start(request).ok);
}
