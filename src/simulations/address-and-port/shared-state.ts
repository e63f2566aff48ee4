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
  /** Of an envelope that was sent: the place where it was dropped; empty where it was just sent. */
  readonly guess: string;
}

export function writeState(state: EnvelopeState): string {
  const { address, transport, port, isSent, switches, guess } = state;
  return writeCode(
    address,
    transport,
    port,
    isSent,
    switches,
    ...(isSent && guess !== '' ? [guess] : []),
  );
}

/** @returns null for what `writeState` would not write for these addresses, ports and destinations. */
export function readState(
  code: string,
  addresses: readonly string[],
  ports: readonly number[],
  destinations: readonly string[],
): EnvelopeState | null {
  return readCode(code, (fields) => {
    const address = fields.oneOf(addresses);
    const transport = fields.oneOf(['tcp', 'udp']);
    const port = Number(fields.oneOf(ports.map(String)));
    const isSent = fields.flag();
    const switches = fields.number(0, highestPort);
    const guess = isSent && fields.hasMore ? fields.oneOf(destinations) : '';
    return { address, transport, port, isSent, switches, guess };
  });
}
