/**
 * What practice asks. An *item* is one thing worth knowing, which a learner remembers or forgets; a
 * *variant* is one question about it, drawn from a seed. A variant has no sentences, only the names of
 * phrases (content/practice/<generator>.yaml holds them in every language) and the values that fill them.
 */

import type { Condition, LabMachine } from '../../terminal/labs/lab.ts';
import type { Random } from '../../time-and-chance/random.ts';

/** A service as the course names it, from content/ports/famous.yaml. */
export interface ServiceFact {
  readonly port: number;
  readonly transport: 'tcp' | 'udp';
  /** Where the same service is met under encryption from the first byte. */
  readonly sibling?: number;
  /** One of the eighteen of lesson 20. */
  readonly isCore: boolean;
}

/** What generators know of the world besides the engine. */
export interface PracticeFacts {
  readonly services: readonly ServiceFact[];
}

/** What fills a place of a phrase: plain, the name of a service or a system, or another phrase. */
export type Value =
  | string
  | number
  /** A service by port and transport, such as `22/tcp`. */
  | { readonly service: string }
  /** An operating system by its profile's id. */
  | { readonly system: string }
  | Phrase;

/** A phrase of the generator's words file, and what fills its places. */
export interface Phrase {
  readonly phrase: string;
  readonly values?: Readonly<Record<string, Value>>;
}

/** One thing that can be chosen, with what is said to who chooses it. */
export interface VariantOption {
  readonly id: string;
  readonly label: Value;
  readonly feedback: Phrase;
  /** The id in content/misconceptions.yaml that choosing it speaks of. */
  readonly misconception?: string;
}

/** A number that people give for a reason. */
export interface NumberTrap {
  readonly value: number;
  readonly feedback: Phrase;
  readonly misconception?: string;
}

/** A mistake that the machine shows, and what is said about it. */
export interface CommandHint {
  readonly id: string;
  /** All must hold. */
  readonly when: readonly Condition[];
  readonly feedback: Phrase;
  readonly misconception?: string;
}

/** A machine made ready, and what a command is to do on it. */
export interface CommandTask extends Pick<
  LabMachine,
  'distribution' | 'seed' | 'setup' | 'servers'
> {
  /** All must hold afterwards. */
  readonly goal: readonly Condition[];
  /** The first that fits is given. */
  readonly hints: readonly CommandHint[];
  /** For a mistake that nobody foresaw. */
  readonly otherwise: Phrase;
  /** One line that does it; there are others. */
  readonly solution: string;
}

export type Asked =
  | { readonly kind: 'command'; readonly task: CommandTask }
  | { readonly kind: 'choice'; readonly options: readonly VariantOption[]; readonly answer: string }
  | {
      readonly kind: 'several';
      readonly options: readonly VariantOption[];
      readonly answer: readonly string[];
    }
  | { readonly kind: 'number'; readonly answer: number; readonly traps: readonly NumberTrap[] }
  | {
      readonly kind: 'order';
      /** As first shown; never in the right order. */
      readonly items: readonly VariantOption[];
      readonly answer: readonly string[];
    };

export interface Variant {
  readonly prompt: Phrase;
  /** Lines of a terminal or a table that the question is about; nothing in them is to be translated. */
  readonly screen?: readonly string[];
  readonly asked: Asked;
  /** Why the right answer is right, with the numbers of this variant. */
  readonly because: Phrase;
}

export interface PracticeItem {
  /** `<generator>/<name>`; never changes once published, for what is remembered hangs on it. */
  readonly id: string;
  /** The lesson that teaches it, by slug, and the turn in it. */
  readonly lesson: string;
  readonly turn: string;
}

export interface Generator {
  /** As the file; the first part of its items' ids. */
  readonly name: string;
  readonly items: (facts: PracticeFacts) => readonly PracticeItem[];
  /**
   * @param item the part of the item's id after the slash.
   * @returns a variant; the same for the same state of `random`.
   * @throws RangeError for an item that the generator has not.
   */
  readonly draw: (item: string, random: Random, facts: PracticeFacts) => Variant;
}
