/**
 * What a question asks and how its answer is known: five kinds, each with its key. Words are not here;
 * they belong to the content files and the view.
 */

/** The right answer, ready to be compared; every id is an option's id. */
export type Key =
  | { readonly kind: 'choice'; readonly answer: string }
  | { readonly kind: 'several'; readonly answer: readonly string[] }
  | { readonly kind: 'number'; readonly answer: number }
  | { readonly kind: 'order'; readonly answer: readonly string[] }
  | { readonly kind: 'match'; readonly answer: Readonly<Record<string, string>> };

/** Of practice alone: a command, judged by what it did to a machine. `answer` is one that does it. */
export type PracticeKey = Key | { readonly kind: 'command'; readonly answer: string };

/** What the learner has given: chosen ids, typed text, ids in order, or right ids by left id. */
export type Response =
  | { readonly kind: 'choice'; readonly chosen: string | null }
  | { readonly kind: 'several'; readonly chosen: readonly string[] }
  | { readonly kind: 'number'; readonly typed: string }
  | { readonly kind: 'order'; readonly order: readonly string[] }
  | { readonly kind: 'match'; readonly pairs: Readonly<Record<string, string>> }
  | {
      readonly kind: 'command';
      readonly typed: string;
      /** Whether the machine is then as it was to be; null where it has not been asked. */
      readonly hasDoneIt: boolean | null;
      /** How many lines were run. */
      readonly lines?: number;
      /** The hint for the mistake that it showed. */
      readonly hint?: string;
    };

/** How a response was judged. */
export type Grade =
  /** Nothing to judge: nothing chosen, a pair left open, no number typed. Not a try. */
  | { readonly verdict: 'incomplete'; readonly why: 'nothing' | 'not-a-number' | 'pairs-left' }
  | {
      readonly verdict: 'right' | 'wrong';
      /** Judged parts by id: a chosen option, a place in the order, a pair. Empty for a number. */
      readonly parts: Readonly<Record<string, boolean>>;
      /** The number that was read, for a number question. */
      readonly value?: number;
    };
