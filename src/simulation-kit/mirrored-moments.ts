/**
 * A widget and the page around it: the widget says which moment it shows, in the words that links use, and a
 * page that shows it in two windows, or keeps its state, asks it to stand elsewhere. Events on the
 * window, so that neither knows the other; where nobody listens, nothing happens.
 */

import type { Motion, SpeedId } from './speeds.ts';

/** How time moves in a widget that plays. */
export interface Live {
  readonly motion: Motion;
  readonly speed: SpeedId;
  /** Whether it stops to ask what comes next. */
  readonly asks: boolean;
  /** Whether it has stopped to ask. */
  readonly isAsking: boolean;
}

export interface Moment {
  /** The widget's, unique on the page. */
  readonly id: string;
  /** As in a link to it. */
  readonly state: string;
  readonly live?: Live | undefined;
}

const told = 'port-dojo:widget-told';
const woke = 'port-dojo:widget-woke';
const asked = 'port-dojo:widget-asked';

/** For a widget: says which moment it shows. */
export function tellMoment(moment: Moment): void {
  dispatchEvent(new CustomEvent(told, { detail: moment }));
}

/**
 * For a widget: calls back when the page asks it to stand somewhere, and says that it is awake.
 * @returns how to stop
 */
export function followMoments(id: string, follow: (moment: Moment) => void): () => void {
  const listen = (event: Event): void => {
    const { detail } = event as CustomEvent<Moment>;
    if (detail.id === id) follow(detail);
  };
  addEventListener(asked, listen);
  dispatchEvent(new CustomEvent(woke, { detail: id }));
  return () => {
    removeEventListener(asked, listen);
  };
}

/** For a page: asks a widget to show a moment. */
export function askMoment(moment: Moment): void {
  dispatchEvent(new CustomEvent(asked, { detail: moment }));
}

/** For a page: what widgets say of themselves, and that they are awake. */
export function onMoments(listeners: {
  readonly told: (moment: Moment) => void;
  readonly woke: (id: string) => void;
}): void {
  addEventListener(told, (event) => {
    listeners.told((event as CustomEvent<Moment>).detail);
  });
  addEventListener(woke, (event) => {
    listeners.woke((event as CustomEvent<string>).detail);
  });
}
