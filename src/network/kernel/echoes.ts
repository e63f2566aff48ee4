/** What came back to the echoes that a host has sent, by their identifiers (RFC 792). */

import type { UnreachableMessage } from '../trace/trace.ts';

export interface EchoAnswer {
  /** The number of the echo that it answers. */
  readonly number: number;
  /** Who says so. */
  readonly from: string;
  readonly atMs: number;
  /** What the answer carries, where it is one. */
  readonly bytes: number;
  readonly message: 'echo-reply' | UnreachableMessage;
}

/** So many identifiers are remembered, the latest. */
const MOST_IDENTIFIERS = 64;

export class Echoes {
  private readonly answers = new Map<number, EchoAnswer[]>();

  /** An echo of this identifier is sent: its answers are kept from now on. */
  await(identifier: number): void {
    const before = this.answers.get(identifier) ?? [];
    this.answers.delete(identifier);
    this.answers.set(identifier, before);
    if (this.answers.size <= MOST_IDENTIFIERS) return;
    for (const oldest of this.answers.keys()) {
      this.answers.delete(oldest);
      break;
    }
  }

  add(identifier: number, answer: EchoAnswer): void {
    this.answers.get(identifier)?.push(answer);
  }

  of(identifier: number): readonly EchoAnswer[] {
    return this.answers.get(identifier) ?? [];
  }
}
