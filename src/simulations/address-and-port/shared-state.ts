/** What the widget shows, as a word for the address: the envelope, whether it is sent, the switches. */

import { highestPort } from '../../network/port-ranges.ts';
import type { Protocol } from '../../network/protocol.ts';
import { readCode, writeCode } from '../../simulation-kit/state-code.ts';

export interface EnvelopeState {
  /** One of the widget's addresses. */
  readonly address: string;
  readonly transport: Protocol;
  readonly port: number;
  readonly isSent: boolean;
  /** The port that the sixteen switches show. */
  readonly switches: number;
}

export function writeState(state: EnvelopeState): string {
  return writeCode(state.address, state.transport, state.port, state.isSent, state.switches);
}

/** @returns null for what `writeState` would not write for these addresses and ports. */
export function readState(
  code: string,
  addresses: readonly string[],
  ports: readonly number[],
): EnvelopeState | null {
  return readCode(code, (fields) => ({
    address: fields.oneOf(addresses),
    transport: fields.oneOf(['tcp', 'udp']),
    port: Number(fields.oneOf(ports.map(String))),
    isSent: fields.flag(),
    switches: fields.number(0, highestPort),
  }));
}
