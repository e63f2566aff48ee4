/** What a page and the service worker say to each other, and what the worker knows of the build. */

/** One file of the built site. */
export interface SiteFile {
  /** Below the base path: `ja/course/index.html`. */
  readonly path: string;
  /** The beginning of its SHA-256, in hexadecimal. */
  readonly revision: string;
  readonly bytes: number;
  /** Files, by their place in the list, without which it does not work: what it loads by itself. */
  readonly needs: readonly number[];
}

/** How many hexadecimal digits of a digest are a revision. */
export const revisionLength = 16;

/** From a page. */
export type Request =
  /** These addresses were shown or loaded before the worker was there. */
  | { readonly kind: 'seen'; readonly urls: readonly string[] }
  /** How much is saved? Answered by `state`. */
  | { readonly kind: 'state' }
  /** Save everything; answered by `progress` and in the end by `state` or `failed`. */
  | { readonly kind: 'save' }
  /** Delete everything that is saved; answered by `state`. */
  | { readonly kind: 'remove' }
  /** To a waiting worker: take over. Answered by `others` where that would disturb. */
  | { readonly kind: 'begin' };

/** From the worker. */
export type Answer =
  | {
      readonly kind: 'state' | 'progress';
      readonly files: number;
      readonly allFiles: number;
      readonly bytes: number;
      readonly allBytes: number;
      /** Whether the learner has asked for everything. */
      readonly isWhole: boolean;
    }
  | {
      readonly kind: 'failed';
      /** `room`: the browser gives no more; `newer`: the server has another version by now. */
      readonly reason: 'network' | 'room' | 'newer';
    }
  /** So many other tabs of the site are open. */
  | { readonly kind: 'others'; readonly count: number };
