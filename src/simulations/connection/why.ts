/** "Why this port?" in words: the range, the rule, and each candidate with the reason it was passed over. */

import type { Evidence } from '../../network/os-profiles/profile.ts';
import type { PortChoiceReason, SkipReason } from '../../network/trace/trace.ts';
import { fill, formatCount } from '../../simulation-kit/words.ts';
import type { Choice } from './story.ts';
import type { WhyWords } from './words.ts';

export interface WhyCandidate {
  readonly text: string;
  /** The first (or only) port that the line is about, for its badge. */
  readonly port: number;
  readonly last: number | null;
  readonly reason: string;
  readonly isChosen: boolean;
}

/** A system to choose from, and how it is known which ports it picks. */
export interface System {
  readonly name: string;
  /** In a menu, where it reads otherwise than in a sentence. */
  readonly menu?: string;
  readonly evidence: Evidence;
}

export interface Why {
  readonly title: string;
  /** What happened, plainly: where it began, how it went on, what it took. */
  readonly plain: string;
  /** The range, the rule, how it is known. */
  readonly details: readonly string[];
  readonly candidates: readonly WhyCandidate[];
  /** Candidates that are not listed one by one. */
  readonly more: string | null;
}

function candidatesOf(
  words: WhyWords,
  why: PortChoiceReason,
  chosen: number | null,
): WhyCandidate[] {
  const list: WhyCandidate[] = (why.firstSkipped ?? []).map((run) => {
    const reason = words[run.reason];
    return {
      port: run.first,
      last: run.count > 1 ? run.last : null,
      reason,
      isChosen: false,
      text:
        run.count > 1
          ? fill(words.run, {
              first: run.first,
              last: run.last,
              count: formatCount(run.count),
              reason,
            })
          : fill(words.one, { port: run.first, reason }),
    };
  });
  if (chosen !== null) {
    list.push({
      port: chosen,
      last: null,
      reason: words.taken,
      isChosen: true,
      text: fill(words.one, { port: chosen, reason: words.taken }),
    });
  }
  return list;
}

/** How many candidates fell away for each reason, the commonest first. */
function tallies(words: WhyWords, { skipped }: PortChoiceReason): string[] {
  return Object.entries(skipped)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) =>
      fill(words.fell, {
        count: formatCount(count),
        reason: words[reason as SkipReason],
      }),
    );
}

/** Explains one choice. `system` is the OS's name and how it is known, `host` the host's name in a sentence. */
export function explain(
  words: WhyWords,
  event: Choice,
  { name: system, evidence }: System,
  host: string,
): Why {
  const { why } = event;
  const [low, high] = why.range;
  const algorithms: Readonly<Record<string, string>> = words.algorithm;
  const named = (why.firstSkipped ?? []).reduce((sum, run) => sum + run.count, 0);
  const chosen = event.event === 'port-chosen' ? event.port : null;
  const left = why.considered - (chosen === null ? 0 : 1) - named;
  const steps: Readonly<Record<string, string>> = words.steps;
  const walk = {
    start: why.start,
    count: formatCount(why.considered),
    port: chosen ?? 0,
    step: steps[why.step] ?? words.steps.other,
  };
  return {
    title:
      chosen === null
        ? fill(words.failed, { system, host })
        : fill(words.chosen, { system, host, port: chosen }),
    plain:
      chosen === null
        ? fill(words.walkedAll, walk)
        : fill(why.considered <= 1 ? words.first : words.walked, walk),
    details: [
      fill(words.range, { system, low, high, count: formatCount(high - low + 1) }),
      algorithms[why.algorithm] ?? words.algorithm.other,
      ...(left > 0 || chosen === null ? tallies(words, why) : []),
      fill(words.evidence[evidence], { system }),
    ],
    candidates: candidatesOf(words, why, chosen),
    more: left > 0 ? fill(words.more, { count: formatCount(left) }) : null,
  };
}
