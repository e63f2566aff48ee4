/** The vote below a question on the stage: a column for each option, its count hidden until shown. */

import { countsOf, letterOf, MOST_ROUNDS, totalOf, type BallotPaper, type Vote } from '../vote.ts';

export interface VotePanelWords {
  readonly title: string;
  readonly how: string;
  /** With `{count}`. */
  readonly counted: string;
  readonly round: string;
  readonly show: string;
  readonly hide: string;
  readonly again: string;
  readonly answer: string;
  readonly undo: string;
  readonly close: string;
  /** With `{letter}`. */
  readonly more: string;
  readonly previousPart: string;
  readonly nextPart: string;
  readonly right: string;
}

export type VoteAction =
  | { readonly kind: 'raise'; readonly option: number }
  | { readonly kind: 'turn'; readonly by: 1 | -1 }
  | { readonly kind: 'show' | 'again' | 'answer' | 'undo' | 'close' };

function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...content: (string | Node)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className !== '') element.className = className;
  element.append(...content);
  return element;
}

/** Draws a vote again into its panel. */
export function drawVote(
  panel: HTMLElement,
  { vote, papers, words }: { vote: Vote; papers: readonly BallotPaper[]; words: VotePanelWords },
  onAction: (action: VoteAction) => void,
): void {
  const paper = papers[vote.ballot];
  const ballot = vote.ballots[vote.ballot];
  if (!paper || !ballot) return;
  const button = (label: string, key: string, action: VoteAction): HTMLButtonElement => {
    const made = make('button', '', label);
    if (key !== '') made.append(' ', make('kbd', '', key));
    made.type = 'button';
    made.addEventListener('click', () => {
      onAction(action);
    });
    return made;
  };
  const head = make('p', 'vote-head', make('b', '', words.title));
  if (papers.length > 1) {
    head.append(
      ' ',
      button('←', '', { kind: 'turn', by: -1 }),
      make('span', 'vote-part', paper.title),
      button('→', '', { kind: 'turn', by: 1 }),
    );
    const [back, on] = head.querySelectorAll('button');
    back?.setAttribute('aria-label', words.previousPart);
    on?.setAttribute('aria-label', words.nextPart);
    if (back) back.disabled = vote.ballot === 0;
    if (on) on.disabled = vote.ballot === papers.length - 1;
  }
  const totals = ballot.rounds.map((counts) =>
    words.counted.replace('{count}', String(totalOf(counts))),
  );
  head.append(
    make(
      'span',
      'vote-total',
      totals.length > 1
        ? totals.map((total, round) => `${words.round} ${String(round + 1)}: ${total}`).join(' · ')
        : (totals[0] ?? ''),
    ),
  );
  const most = Math.max(1, ...ballot.rounds.flat());
  const columns = make('ol', 'vote-columns');
  paper.options.forEach((option, place) => {
    const letter = letterOf(place);
    const isRight = vote.isSolved && paper.right.includes(place);
    const bars = make('span', 'vote-bars');
    ballot.rounds.forEach((counts, round) => {
      const count = counts[place] ?? 0;
      const bar = make('span', 'vote-bar');
      bar.dataset['round'] = String(round + 1);
      const fill = make('span', 'vote-fill');
      fill.style.blockSize = ballot.isShown ? `${String((count / most) * 100)}%` : '0';
      bar.append(fill, make('span', 'vote-count', ballot.isShown ? String(count) : ''));
      bars.append(bar);
    });
    const raise = button(letter, '', { kind: 'raise', option: place });
    raise.className = 'vote-letter';
    raise.setAttribute('aria-label', words.more.replace('{letter}', letter));
    raise.disabled = ballot.isShown;
    const column = make('li', '', bars, raise, make('span', 'vote-option', option));
    if (isRight) {
      column.dataset['right'] = '';
      column.append(make('span', 'vote-right', `✓ ${words.right}`));
    }
    columns.append(column);
  });
  const tools = make(
    'p',
    'vote-tools',
    button(ballot.isShown ? words.hide : words.show, 'S', { kind: 'show' }),
  );
  if (ballot.isShown && ballot.rounds.length < MOST_ROUNDS)
    tools.append(button(words.again, 'R', { kind: 'again' }));
  if (paper.right.length > 0) tools.append(button(words.answer, 'X', { kind: 'answer' }));
  if (!ballot.isShown && totalOf(countsOf(vote)) > 0)
    tools.append(button(words.undo, '⌫', { kind: 'undo' }));
  tools.append(button(words.close, 'V', { kind: 'close' }), make('span', 'vote-how', words.how));
  panel.replaceChildren(head, columns, tools);
}
