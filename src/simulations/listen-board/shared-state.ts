/**
 * The board as a word for the address: who listens, the last deed, and what stands in the fields.
 * The listeners are started again when it is read, so only boards that the engine allows come back.
 */

import {
  readCode,
  writeCode,
  type CodeFields,
  type Field,
} from '../../simulation-kit/state-code.ts';
import type { ListenBoard } from './listen-board.ts';
import { listenAddresses, programs, type StartRequest } from './start-request.ts';

/** A start may have failed; a stop names the listener that is gone. */
export type Deed =
  | { readonly kind: 'none' }
  | { readonly kind: 'start' | 'stop'; readonly request: StartRequest }
  | { readonly kind: 'knock'; readonly port: number };

export interface BoardState {
  /** Those that listened before the last deed and listen still, in their order. */
  readonly listeners: readonly StartRequest[];
  readonly deed: Deed;
  readonly form: StartRequest;
  readonly knockPort: number;
}

const requestFields = ({ program, address, port, isRoot }: StartRequest): readonly Field[] => [
  program,
  address,
  port,
  isRoot,
];

export function writeState({ listeners, deed, form, knockPort }: BoardState): string {
  const told: readonly Field[] =
    deed.kind === 'none' ? [] : deed.kind === 'knock' ? [deed.port] : requestFields(deed.request);
  return writeCode(
    ...requestFields(form),
    knockPort,
    deed.kind,
    ...told,
    ...listeners.flatMap(requestFields),
  );
}

function readRequest(fields: CodeFields): StartRequest {
  return {
    program: fields.oneOf(programs),
    address: fields.oneOf(listenAddresses),
    port: fields.number(1, 65535),
    isRoot: fields.flag(),
  };
}

/** @returns null for what `writeState` would not write. */
export function readState(code: string): BoardState | null {
  return readCode(code, (fields) => {
    const form = readRequest(fields);
    const knockPort = fields.number(1, 65535);
    const deed = readDeed(fields);
    const listeners: StartRequest[] = [];
    while (fields.hasMore) listeners.push(readRequest(fields));
    return { listeners, deed, form, knockPort };
  });
}

function readDeed(fields: CodeFields): Deed {
  const kind = fields.oneOf(['none', 'start', 'stop', 'knock']);
  if (kind === 'none') return { kind };
  if (kind === 'knock') return { kind, port: fields.number(1, 65535) };
  return { kind, request: readRequest(fields) };
}

/**
 * Starts a state's listeners on a fresh board, and the one that is to be stopped with them.
 * @returns false where the engine refuses one: no board can have stood so.
 */
export function startAll(board: ListenBoard, { listeners, deed }: BoardState): boolean {
  const all = deed.kind === 'stop' ? [...listeners, deed.request] : listeners;
  return all.every((request) => board.start(request).ok);
}
