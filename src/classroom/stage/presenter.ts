/**
 * The notes' window beside a lesson on the wall: the present screen and the next one in frames of their
 * own, what to ask and what students believe, and a clock. It follows the stage, and leads it.
 */

import type { Moment } from '../../simulation-kit/mirrored-moments.ts';
import { commandOf, type StageCommand } from '../stage-keys.ts';
import { passedMs, toggled, uncovered, type StageState } from '../stage-state.ts';
import { StageLink } from './stage-link.ts';
import { commandEvent } from './stage-events.ts';

/** The size of the wall that the frames show, in CSS pixels. */
const WALL = { width: 1280, height: 720 };

const clock = (ms: number): string => {
  const seconds = Math.floor(ms / 1000);
  return `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, '0')}`;
};

function startPresenter(root: HTMLElement): void {
  const one = <T extends HTMLElement>(selector: string, type: new () => T): T => {
    const found = root.querySelector(selector);
    if (!(found instanceof type)) throw new Error(`the notes' window lacks ${selector}`);
    return found;
  };
  const now = one('iframe[data-frame="now"]', HTMLIFrameElement);
  const next = one('iframe[data-frame="next"]', HTMLIFrameElement);
  const link = new StageLink(root.dataset['lesson'] ?? '', apply);
  let order: readonly string[] = [];

  function apply(state: StageState): void {
    const place = order.indexOf(state.place);
    one('.presenter-place', HTMLElement).textContent =
      place < 0 ? '' : `${String(place + 1)} / ${String(order.length)}`;
    let hasNote = false;
    for (const note of root.querySelectorAll<HTMLElement>('[data-note]')) {
      note.hidden = note.dataset['note'] !== state.place;
      if (!note.hidden) hasNote = true;
    }
    one('.presenter-nothing', HTMLElement).hidden = hasNote;
    const steps = [...root.querySelectorAll<HTMLElement>('[data-step]')];
    const reached = steps.filter((step) => order.indexOf(step.dataset['step'] ?? '') <= place);
    for (const step of steps) {
      const isNow = step === reached.at(-1);
      if (isNow) step.setAttribute('aria-current', 'step');
      else step.removeAttribute('aria-current');
    }
    root.toggleAttribute('data-blank', state.isBlank);
    one('[data-command="blank"]', HTMLElement).setAttribute('aria-pressed', String(state.isBlank));
    one('[data-command="code"]', HTMLElement).setAttribute(
      'aria-pressed',
      String(state.isCodeShown),
    );
    showClock(state);
  }

  function showClock({ watch }: StageState): void {
    one('.presenter-clock', HTMLElement).textContent = clock(passedMs(watch, Date.now()));
    one('[data-command="timer"]', HTMLElement).setAttribute(
      'aria-pressed',
      String(watch.sinceMs !== null),
    );
  }

  function act(command: StageCommand): void {
    if (command === 'timer') apply(link.change({ watch: toggled(link.state.watch, Date.now()) }));
    else
      now.contentWindow?.dispatchEvent(
        new (now.contentWindow as Window & typeof globalThis).CustomEvent(commandEvent, {
          detail: command,
        }),
      );
  }

  /** Brings every window to a widget at a moment. */
  function showMoment(moment: Moment): void {
    const place = order.find((id) => id === moment.id || id === `sim-${moment.id}`);
    if (place === undefined) return;
    const moments = { ...link.state.moments, [moment.id]: moment };
    apply(link.change({ place, moments, ...uncovered }));
  }

  function readOrder(): void {
    const screens = now.contentDocument?.querySelectorAll<HTMLElement>('[data-screen]') ?? [];
    order = [...screens].map((screen) => screen.dataset['screen'] ?? '');
    apply(link.state);
  }

  function scaleFrames(): void {
    for (const frame of [now, next]) {
      const width = frame.parentElement?.clientWidth ?? WALL.width;
      frame.style.transform = `scale(${String(width / WALL.width)})`;
    }
  }

  root.addEventListener('click', (event) => {
    const { target } = event;
    if (!(target instanceof Element)) return;
    const command = target.closest<HTMLElement>('[data-command]')?.dataset['command'];
    if (command !== undefined) act(command as StageCommand);
    const show = target.closest<HTMLElement>('[data-show]')?.dataset['show'];
    const [id, state] = show?.split('=') ?? [];
    if (id !== undefined && state !== undefined) {
      event.preventDefault();
      showMoment({ id, state });
    }
    const step = target.closest<HTMLElement>('button[data-go]')?.dataset['go'];
    if (step !== undefined) apply(link.change({ place: step, ...uncovered }));
    if (target.closest('[data-reset]'))
      apply(link.change({ watch: { passedMs: 0, sinceMs: null } }));
  });
  document.addEventListener('keydown', (event) => {
    const { key, shiftKey, ctrlKey, metaKey, altKey, target } = event;
    // Of the keys of the stage a button has only the space bar for itself.
    const isButtons =
      key === ' ' && target instanceof Element && target.closest('a, button') !== null;
    const command = commandOf(
      { key, isShifted: shiftKey, isBrowsers: ctrlKey || metaKey || altKey },
      isButtons ? 'control' : 'stage',
    );
    if (command === null || ['notes', 'full', 'overview', 'help'].includes(command)) return;
    event.preventDefault();
    act(command);
  });
  now.addEventListener('load', () => {
    const wait = (): void => {
      if (now.contentDocument?.querySelector('.lesson-stage[data-ready]')) readOrder();
      else setTimeout(wait, 50);
    };
    wait();
  });
  new ResizeObserver(scaleFrames).observe(root);
  setInterval(() => {
    showClock(link.state);
  }, 500);
  for (const frame of [now, next]) frame.src = frame.dataset['src'] ?? '';
  apply(link.state);
}

const root = document.querySelector<HTMLElement>('.presenter[data-lesson]');
if (root) startPresenter(root);
