/**
 * The question before the answer arrives: which source and which destination port does the reply
 * carry? The right answer is read off the reply that the engine sent; the wrong ones are what
 * people believe: the same order as in the request, a new port of the server's, one number for both.
 */

import type { SegmentEvent, TraceEvent } from '../../network/trace/trace.ts';
import { addressOf, portOf } from '../../simulation-kit/endpoint.ts';

export type Belief = 'swapped' | 'same' | 'fresh' | 'both';

export interface Option {
  readonly belief: Belief;
  readonly fromPort: number;
  readonly toPort: number;
  readonly isRight: boolean;
}

export interface Question {
  /** Asked once for each: the two ends without the client's port. */
  readonly about: string;
  readonly segment: number;
  readonly connection: string | null;
  /** The reply is half-way. */
  readonly atMs: number;
  readonly requestFrom: number;
  readonly requestTo: number;
  readonly options: readonly Option[];
}

/** A number from the ephemeral range that is neither of the two, the same for the same ports. */
function otherPort(clientPort: number, serverPort: number): number {
  const port = 49_152 + ((clientPort * 31 + serverPort * 7) % 16_384);
  return port === clientPort ? port - 1 : port;
}

function optionsFor(request: SegmentEvent, reply: SegmentEvent): Option[] {
  const client = portOf(request.from);
  const server = portOf(request.to);
  const from = portOf(reply.from);
  const to = portOf(reply.to);
  const beliefs: readonly (readonly [Belief, number, number])[] = [
    ['same', client, server],
    ['swapped', server, client],
    ['fresh', otherPort(client, server), client],
    ['both', server, server],
  ];
  const first = (client >> 1) % beliefs.length;
  return [...beliefs.slice(first), ...beliefs.slice(0, first)].map(
    ([belief, fromPort, toPort]) => ({
      belief,
      fromPort,
      toPort,
      isRight: fromPort === from && toPort === to,
    }),
  );
}

/** All questions that a trace can ask, which may still be growing: each connection's first reply. */
export class Questions {
  readonly #trace: readonly TraceEvent[];
  readonly #requests = new Map<string, SegmentEvent>();
  readonly #found: Question[] = [];
  /** So many events have been looked at. */
  #looked = 0;

  /** @param trace the same array all the time */
  constructor(trace: readonly TraceEvent[]) {
    this.#trace = trace;
  }

  /** Those that there are by now, in the order of their moments. */
  find(): readonly Question[] {
    if (this.#looked === this.#trace.length) return this.#found;
    for (; this.#looked < this.#trace.length; this.#looked += 1) {
      const event = this.#trace[this.#looked];
      if (event?.event === 'segment' && event.phase === 'sent') this.#look(event);
    }
    return this.#found.sort((a, b) => a.atMs - b.atMs);
  }

  #look(event: SegmentEvent): void {
    if (!event.flags.includes('SYN')) return;
    if (!event.flags.includes('ACK')) {
      this.#requests.set(`${event.from} ${event.to}`, event);
      return;
    }
    const request = this.#requests.get(`${event.to} ${event.from}`);
    if (request === undefined || event.arrivesAtMs === undefined) return;
    this.#found.push({
      about: `${addressOf(event.to)} ${event.from}`,
      segment: event.id,
      connection: request.connection ?? null,
      atMs: (event.atMs + event.arrivesAtMs) / 2,
      requestFrom: portOf(request.from),
      requestTo: portOf(request.to),
      options: optionsFor(request, event),
    });
  }
}

/** The first question passed on the way from one moment to a later one that is not yet settled. */
export function questionBetween(
  questions: readonly Question[],
  fromMs: number,
  toMs: number,
  settled: readonly string[],
): Question | null {
  let low = 0;
  let high = questions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((questions[middle]?.atMs ?? 0) > fromMs) high = middle;
    else low = middle + 1;
  }
  for (let index = low; index < questions.length; index += 1) {
    const question = questions[index];
    if (question === undefined || question.atMs > toMs) return null;
    if (!settled.includes(question.about)) return question;
  }
  return null;
}
