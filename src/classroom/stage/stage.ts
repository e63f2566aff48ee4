/**
 * A lesson on the wall: one screen at a time, by the keys of a presenter, in step with the notes'
 * window. The screens are the lesson's own parts; nothing is said twice.
 */

import { openOneReply } from '../../lesson-kit/page/replies.ts';
import { offerSystemTabs } from '../../lesson-kit/page/system-tabs.ts';
import { markChecks, type CheckWords } from '../../quiz/view/check-forms.ts';
import { askMoment, onMoments } from '../../simulation-kit/mirrored-moments.ts';
import { replaceAddress } from '../../simulation-kit/replace-address.ts';
import { commandOf, type Focus, type StageCommand } from '../stage-keys.ts';
import { toggled, uncovered, type StageState } from '../stage-state.ts';
import {
  again,
  openedVote,
  raise,
  show,
  solve,
  turnTo,
  undo,
  voteAfterKey,
  type BallotPaper,
  type Vote,
} from '../vote.ts';
import { formState, isSameForm, openReply, putForm, putReply } from './answers.ts';
import { fit, fitOrBreak, largestZoom } from './fit.ts';
import widgetStyles from './widgets-on-stage.css?inline';
import { screenAt, screensOf, type Screen } from './screens.ts';
import { commandEvent } from './stage-events.ts';
import { StageLink } from './stage-link.ts';
import { drawVote, type VoteAction, type VotePanelWords } from './vote-panel.ts';

export interface StageWords {
  readonly check: CheckWords;
  readonly vote: VotePanelWords;
  /** With `{place}` and `{count}`. */
  readonly place: string;
}

/** In the notes' window a stage shows the present screen or the next one, without its own controls. */
type View = 'whole' | 'now' | 'next';

/** Two columns are worth it when letters grow by so much. */
const COLUMNS_GAIN = 1.25;

const fieldsOfText =
  'input:not([type="radio"], [type="checkbox"], [type="range"]), select, textarea';
const controls =
  'a, button, input, select, textarea, summary, [contenteditable], [role]:not(section), astro-island, dialog';

function focusOf(target: EventTarget | null, part: HTMLElement | undefined): Focus {
  if (!(target instanceof Element) || target === part) return 'stage';
  if (target.closest(`${fieldsOfText}, [contenteditable], .terminal`) !== null) return 'field';
  return target.closest(controls) === null ? 'stage' : 'control';
}

/** Puts the widgets in the order of a wall: they are in the lesson's own without script. */
function arrangeWidgets(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(widgetStyles);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** Whether widgets-on-stage.css arranges a widget for the wall. */
function isArranged(widget: HTMLElement): boolean {
  const island = widget.querySelector('astro-island');
  return island !== null && getComputedStyle(island).display === 'grid';
}

/** What can be voted on, by screen: the questions, and what the student may say, of which nothing is right yet. */
function papersOf(
  stage: HTMLElement,
  screens: readonly Screen[],
): Readonly<Record<string, readonly BallotPaper[]>> {
  const papers = JSON.parse(stage.dataset['ballots'] ?? '{}') as Record<
    string,
    readonly BallotPaper[]
  >;
  for (const { id, part, kind } of screens) {
    if (kind !== 'choice') continue;
    const options = [...part.querySelectorAll('.reply summary')].map((reply) =>
      reply.textContent.trim(),
    );
    papers[id] = [{ title: '', options, right: [] }];
  }
  return papers;
}

function startStage(stage: HTMLElement): void {
  const words = JSON.parse(stage.dataset['words'] ?? '{}') as StageWords;
  const asked = new URLSearchParams(location.search).get('view');
  const view: View = asked === 'now' || asked === 'next' ? asked : 'whole';
  stage.dataset['view'] = view;
  // Two stages on one page: each main part is named as its frame.
  const frameTitle = window.frameElement?.getAttribute('title');
  if (view !== 'whole' && frameTitle) stage.closest('main')?.setAttribute('aria-label', frameTitle);
  const screens = screensOf(stage);
  const papers = papersOf(stage, screens);
  for (const { id, part } of screens) part.dataset['screen'] = id;
  const one = <T extends HTMLElement>(selector: string, type: new () => T): T => {
    const found = stage.querySelector(selector);
    if (!(found instanceof type)) throw new Error(`the stage lacks ${selector}`);
    return found;
  };
  const panel = one('.stage-vote', HTMLElement);
  const overview = one('.stage-overview', HTMLDialogElement);
  const help = one('.stage-help', HTMLDialogElement);
  const blank = one('.stage-blank', HTMLElement);
  const codePanel = one('.stage-code', HTMLElement);
  const textSize = Number.parseFloat(getComputedStyle(document.body).fontSize);
  const lessonPart = one('.stage-room > article', HTMLElement);

  let index = -1;
  let drawnVote: Vote | null = null;
  /** What another window has answered is being put into the forms. */
  let isPutting = false;

  const link = new StageLink(stage.dataset['lesson'] ?? '', apply);

  function screen(): Screen | undefined {
    return screens[index];
  }

  // What the windows have in common.

  function change(changes: Partial<StageState>): void {
    if (view !== 'next') apply(link.change(changes));
  }

  function apply(state: StageState): void {
    const found = screens.findIndex(({ id }) => id === state.place);
    const wanted = Math.max(found, 0) + (view === 'next' ? 1 : 0);
    const isNew = wanted !== index;
    if (isNew) turn(wanted);
    let isAnswered = false;
    isPutting = true;
    for (const { id, part, kind } of screens) {
      if (kind === 'choice') putReply(part, state.replies[id] ?? '');
      const form = state.forms[id];
      if (form && part instanceof HTMLFormElement && putForm(part, form)) isAnswered = true;
    }
    isPutting = false;
    putMoments(state);
    blank.hidden = !state.isBlank || view !== 'whole';
    showVote(state);
    showCode(state);
    stage.toggleAttribute('data-blank', state.isBlank);
    putAddress(state);
    if (isNew || isAnswered) layOut();
  }

  /** What leads to this screen, and to this moment of its widget. */
  function hashOf(state: StageState): string {
    const shown = screen();
    if (!shown) return '';
    const moment = shown.widget === null ? undefined : state.moments[shown.widget];
    return moment ? `#sim-${moment.id}=${moment.state}` : `#${shown.part.id || shown.id}`;
  }

  function putAddress(state: StageState): void {
    const hash = hashOf(state);
    if (view === 'whole' && hash !== '' && hash !== location.hash) replaceAddress(hash);
  }

  /** The lesson itself has no screen for its title. */
  function showCode(state: StageState): void {
    codePanel.hidden = !state.isCodeShown || view === 'next';
    if (codePanel.hidden) return;
    const lesson = new URL(stage.dataset['address'] ?? '', location.href).href;
    const hash = screen()?.kind === 'title' ? '' : hashOf(state);
    void import('./code-panel.ts').then(({ drawCode, momentAddress }) => {
      drawCode(codePanel, momentAddress(lesson, hash));
    });
  }

  // Screens.

  function turn(to: number): void {
    index = to;
    const before = screens[index - 1];
    const now = screen();
    // A turn answers the one before it, which stays in sight, smaller.
    const isExchange = before?.kind === 'turn' && now?.kind === 'turn';
    screens.forEach(({ part }, place) => {
      part.toggleAttribute('data-now', place === index);
      part.toggleAttribute('data-before', isExchange && place === index - 1);
    });
    one('.stage-section', HTMLElement).textContent = now?.section ?? '';
    one('.stage-place', HTMLElement).textContent =
      now === undefined
        ? ''
        : words.place
            .replace('{place}', String(index + 1))
            .replace('{count}', String(screens.length));
    const along = screens.length > 1 ? Math.max(0, Math.min(1, index / (screens.length - 1))) : 1;
    one('.stage-along', HTMLElement).style.setProperty('--along', String(along));
    one('[data-command="vote"]', HTMLButtonElement).hidden = papers[now?.id ?? ''] === undefined;
    for (const popover of document.querySelectorAll<HTMLElement>('[popover]:popover-open'))
      popover.hidePopover();
    if (now === undefined) return;
    now.part.tabIndex = -1;
    // A frame of the notes' window takes no focus that the notes have.
    const mayFocus = view === 'whole' || (view === 'now' && document.hasFocus());
    if (mayFocus && !overview.open && !help.open) now.part.focus({ preventScroll: true });
  }

  function layOut(): void {
    const shown = screen();
    if (!shown) return;
    const { part } = shown;
    const height = lessonPart.clientHeight;
    const width = lessonPart.clientWidth;
    if (height === 0 || width === 0) return;
    const least = innerWidth < 640 ? 1 : 0.4;
    const most = Math.max(least, largestZoom(innerHeight, textSize));
    const before = stage.querySelector<HTMLElement>('[data-before]');
    let left = height;
    if (before) {
      before.removeAttribute('data-crowded');
      const zoom = fit(before, { width, height: height * 0.34 }, least, most * 0.62);
      const taken = before.getBoundingClientRect().height;
      const isCrowded = taken > height * 0.34 + 1 || zoom < most * 0.4;
      before.toggleAttribute('data-crowded', isCrowded);
      if (!isCrowded) left -= taken + 24;
    }
    const zoom = fitOrBreak(part, { width, height: left }, least, most);
    if (before && zoom < most * 0.8) {
      before.toggleAttribute('data-crowded', true);
      fitOrBreak(part, { width, height }, least, most);
    }
    // What is taller than the wall is wide often reads better in two columns, unless it has an order of
    // its own for the wall.
    if (part.matches('.simulation') && !isArranged(part)) {
      part.toggleAttribute('data-columns', false);
      const single = fit(part, { width, height }, least, most);
      part.toggleAttribute('data-columns', true);
      if (fit(part, { width, height }, least, most) < single * COLUMNS_GAIN) {
        part.toggleAttribute('data-columns', false);
        fit(part, { width, height }, least, most);
      }
    }
    lessonPart.scrollTop = 0;
  }

  function goTo(to: number): void {
    const target = screens[Math.min(Math.max(to, 0), screens.length - 1)];
    if (target && target !== screen()) change({ place: target.id, ...uncovered });
    else if (link.state.isBlank || link.state.isCodeShown)
      change({ isBlank: false, isCodeShown: false });
  }

  // Widgets.

  function putMoments({ moments }: StageState): void {
    const moment = moments[screen()?.widget ?? ''];
    if (moment) askMoment(moment);
  }

  onMoments({
    told(moment) {
      if (view === 'next' || moment.id !== screen()?.widget) return;
      const known = link.state.moments[moment.id];
      if (JSON.stringify(known) === JSON.stringify(moment)) return;
      link.change({ moments: { ...link.state.moments, [moment.id]: moment } });
      putAddress(link.state);
    },
    woke(id) {
      // The next screen's picture too is where it was left.
      const moment = link.state.moments[id];
      if (moment) askMoment(moment);
      requestAnimationFrame(layOut);
    },
  });

  // Choices and questions.

  stage.addEventListener(
    'toggle',
    ({ target }) => {
      const choice = target instanceof Element ? target.closest<HTMLElement>('.choice') : null;
      if (choice) {
        const reply = openReply(choice);
        if ((link.state.replies[choice.id] ?? '') !== reply)
          change({ replies: { ...link.state.replies, [choice.id]: reply } });
      }
      if (target instanceof HTMLDetailsElement) layOut();
    },
    true,
  );

  function readForm(target: EventTarget | null): void {
    const form =
      target instanceof Element ? target.closest<HTMLFormElement>('form.lesson-check') : null;
    if (!form || isPutting) return;
    const state = formState(form);
    const known = link.state.forms[form.id];
    if (!known || !isSameForm(known, state))
      change({ forms: { ...link.state.forms, [form.id]: state } });
    layOut();
  }

  // Votes.

  function showVote(state: StageState): void {
    const id = screen()?.id ?? '';
    const vote = state.openVote === id ? state.votes[id] : undefined;
    const paper = papers[id];
    stage.toggleAttribute('data-voting', vote !== undefined);
    if (!vote || !paper) {
      const wasOpen = !panel.hidden;
      panel.hidden = true;
      drawnVote = null;
      if (wasOpen) layOut();
      return;
    }
    if (vote === drawnVote) return;
    drawnVote = vote;
    const hadFocus = panel.contains(document.activeElement);
    const label = document.activeElement?.getAttribute('aria-label') ?? '';
    const wasHidden = panel.hidden;
    panel.hidden = false;
    drawVote(panel, { vote, papers: paper, words: words.vote }, doVote);
    if (hadFocus) {
      const same =
        label === ''
          ? null
          : panel.querySelector<HTMLElement>(`[aria-label="${CSS.escape(label)}"]`);
      (same ?? screen()?.part)?.focus({ preventScroll: true });
    }
    if (wasHidden) layOut();
  }

  function changeVote(next: (vote: Vote) => Vote): boolean {
    const { openVote, votes } = link.state;
    const vote = votes[openVote];
    if (openVote === '' || !vote || openVote !== screen()?.id) return false;
    change({ votes: { ...votes, [openVote]: next(vote) } });
    return true;
  }

  const isShown = (vote: Vote): boolean => vote.ballots[vote.ballot]?.isShown ?? false;

  function doVote(action: VoteAction): void {
    if (action.kind === 'close') act('vote');
    else
      changeVote((vote) => {
        switch (action.kind) {
          case 'raise':
            return raise(vote, action.option, 1);
          case 'turn':
            return turnTo(vote, vote.ballot + action.by);
          case 'show':
            return show(vote, !isShown(vote));
          case 'again':
            return isShown(vote) ? again(vote) : vote;
          case 'answer':
            return solve(vote, !vote.isSolved);
          case 'undo':
            return isShown(vote) ? vote : undo(vote);
          default:
            return vote;
        }
      });
  }

  function toggleVote(): void {
    const id = screen()?.id ?? '';
    const paper = papers[id];
    if (!paper) return;
    const { votes, openVote } = link.state;
    change({
      openVote: openVote === id ? '' : id,
      votes: votes[id] ? votes : { ...votes, [id]: openedVote(paper) },
    });
  }

  // Commands.

  function act(command: StageCommand): void {
    switch (command) {
      case 'next':
        goTo(index + 1);
        return;
      case 'previous':
        goTo(index - 1);
        return;
      case 'first':
        goTo(0);
        return;
      case 'last':
        goTo(screens.length - 1);
        return;
      case 'blank':
        change({ isBlank: !link.state.isBlank });
        return;
      case 'code':
        change({ isCodeShown: !link.state.isCodeShown });
        return;
      case 'timer':
        change({ watch: toggled(link.state.watch, Date.now()) });
        return;
      case 'vote':
        toggleVote();
        return;
      case 'show':
      case 'again':
      case 'answer':
        doVote({ kind: command });
        return;
      case 'overview':
        toggleDialog(overview);
        return;
      case 'help':
        toggleDialog(help);
        return;
      case 'full':
        if (view !== 'whole') return;
        if (document.fullscreenElement) void document.exitFullscreen();
        else void document.documentElement.requestFullscreen().catch(() => undefined);
        return;
      case 'notes':
        if (view === 'whole')
          open(
            stage.dataset['notes'],
            `port-dojo-notes-${stage.dataset['lesson'] ?? ''}`,
            'popup,width=1180,height=760',
          );
        return;
    }
  }

  function toggleDialog(dialog: HTMLDialogElement): void {
    const wasOpen = dialog.open;
    overview.close();
    help.close();
    if (wasOpen) return;
    if (dialog === overview) fillOverview();
    dialog.showModal();
    dialog.querySelector<HTMLElement>('[aria-current]')?.focus();
  }

  function fillOverview(): void {
    const list = one('.stage-overview ol', HTMLElement);
    list.replaceChildren(
      ...screens.map(({ label, section, kind }, place) => {
        const item = document.createElement('li');
        const button = document.createElement('button');
        button.type = 'button';
        button.dataset['kind'] = kind;
        const number = document.createElement('span');
        number.className = 'overview-number';
        number.textContent = String(place + 1);
        button.append(number, ` ${label}`);
        if (place === index) button.setAttribute('aria-current', 'step');
        button.addEventListener('click', () => {
          overview.close();
          goTo(place);
        });
        if (section !== '' && section !== screens[place - 1]?.section) {
          const heading = document.createElement('p');
          heading.className = 'overview-section';
          heading.textContent = section;
          item.append(heading);
        }
        item.append(button);
        return item;
      }),
    );
  }

  document.addEventListener('keydown', (event) => {
    const { key, shiftKey, ctrlKey, metaKey, altKey, target } = event;
    if (event.defaultPrevented || event.isComposing || view === 'next') return;
    // A dialog has keys of its own, and closes by Escape itself.
    if (overview.open || help.open) return;
    const focus = focusOf(target, screen()?.part);
    const isBrowsers = ctrlKey || metaKey || altKey;
    const { openVote, votes } = link.state;
    const vote = openVote === screen()?.id ? votes[openVote] : undefined;
    if (vote && !isBrowsers && focus !== 'field' && !isShown(vote)) {
      const after = voteAfterKey(vote, key, shiftKey);
      if (after) {
        event.preventDefault();
        changeVote(() => after);
        return;
      }
    }
    const command = commandOf({ key, isShifted: shiftKey, isBrowsers }, focus);
    if (command === null) return;
    event.preventDefault();
    const { isBlank, isCodeShown } = link.state;
    const keeps = ['blank', 'notes', 'code', 'full', 'timer'].includes(command);
    if ((isBlank || isCodeShown) && !keeps) {
      change({ isBlank: false, isCodeShown: false });
      if (command === 'overview') return;
    }
    act(command);
  });
  stage.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>('[data-command]') : null;
    if (button) act(button.dataset['command'] as StageCommand);
  });
  addEventListener(commandEvent, (event) => {
    act((event as CustomEvent<StageCommand>).detail);
  });
  for (const cover of [blank, codePanel])
    cover.addEventListener('click', () => {
      change({ isBlank: false, isCodeShown: false });
    });

  addEventListener('hashchange', () => {
    const place = screenAt(screens, location.hash);
    if (place >= 0 && place !== index && view === 'whole') goTo(place);
  });

  markChecks(stage, words.check, () => undefined);
  openOneReply(stage);
  offerSystemTabs(stage);
  for (const type of ['submit', 'input', 'change', 'click'] as const) {
    stage.addEventListener(type, ({ target }) => {
      readForm(target);
    });
  }
  new ResizeObserver(layOut).observe(lessonPart);
  // A widget that has loaded, or tells more than before, is still seen whole.
  const grown = new ResizeObserver(() => {
    if (lessonPart.scrollHeight > lessonPart.clientHeight + 1) layOut();
  });
  for (const { part } of screens) grown.observe(part);
  void document.fonts.ready.then(layOut);

  // A link to a screen, or to a moment of its widget, counts for more than where the windows were;
  // a reload does not.
  const [navigation] = performance.getEntriesByType('navigation');
  const isReload =
    navigation instanceof PerformanceNavigationTiming &&
    navigation.type === 'reload' &&
    link.isKnown;
  const target =
    view === 'whole' && !isReload ? screens[screenAt(screens, location.hash)] : undefined;
  if (target) {
    const moments = { ...link.state.moments };
    // The widget reads the moment off the address by itself, and tells it.
    if (target.widget !== null && location.hash.includes('='))
      Reflect.deleteProperty(moments, target.widget);
    change({ place: target.id, moments, ...uncovered });
  } else apply(link.state);
  stage.dataset['ready'] = '';
}

const stage = document.querySelector<HTMLElement>('.lesson-stage[data-lesson]');
if (stage) {
  arrangeWidgets();
  startStage(stage);
}
