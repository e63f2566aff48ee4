/** What a key means to a lesson on the wall. Presenters (clickers) send Page Up, Page Down, arrows, `.` and B. */

export type StageCommand =
  | 'next'
  | 'previous'
  | 'first'
  | 'last'
  | 'overview'
  | 'blank'
  | 'code'
  | 'vote'
  | 'show'
  | 'again'
  | 'answer'
  | 'notes'
  | 'full'
  | 'timer'
  | 'help';

export interface Pressed {
  readonly key: string;
  readonly isShifted: boolean;
  /** Ctrl, Alt or Meta is held: the browser's own. */
  readonly isBrowsers: boolean;
}

/** Where the focus is: on the stage itself, in a part that has keys of its own, or in a field that is written in. */
export type Focus = 'stage' | 'control' | 'field';

const always: Readonly<Record<string, StageCommand>> = {
  PageDown: 'next',
  PageUp: 'previous',
};

const onTheStage: Readonly<Record<string, StageCommand>> = {
  ArrowRight: 'next',
  ArrowDown: 'next',
  ' ': 'next',
  ArrowLeft: 'previous',
  ArrowUp: 'previous',
  Home: 'first',
  End: 'last',
};

const letters: Readonly<Record<string, StageCommand>> = {
  Escape: 'overview',
  '.': 'blank',
  b: 'blank',
  q: 'code',
  v: 'vote',
  s: 'show',
  r: 'again',
  x: 'answer',
  n: 'notes',
  f: 'full',
  t: 'timer',
  '?': 'help',
  h: 'help',
};

/**
 * @returns what is to be done; null where the key is left to the browser or to the part in focus.
 * Page Up and Page Down go on from anywhere, since the hand with the clicker does not see the focus.
 */
export function commandOf(
  { key, isShifted, isBrowsers }: Pressed,
  focus: Focus,
): StageCommand | null {
  if (isBrowsers) return null;
  const name = key.length === 1 ? key.toLowerCase() : key;
  if (always[name] !== undefined) return always[name];
  if (focus === 'field') return null;
  if (focus === 'stage') {
    if (name === ' ' && isShifted) return 'previous';
    if (onTheStage[name] !== undefined) return onTheStage[name];
  }
  return letters[name] ?? null;
}
