/** The words that a lesson page's script needs, in the page's language alone. */

import type { Messages } from '../../i18n/messages.ts';
import type { CheckWords } from '../../quiz/view/check-forms.ts';

export interface LessonPageWords {
  readonly progress: string;
  readonly goOn: string;
  readonly step: string;
  readonly stepNext: string;
  readonly stepSkip: string;
  readonly readRight: string;
  readonly turnLink: string;
  readonly copy: string;
  readonly copied: string;
  readonly copyLabel: string;
  readonly check: CheckWords;
}

export function lessonPageWords({ lesson, check, console }: Messages): LessonPageWords {
  const { right, wrong, partRight, partWrong, placeWrong, missing, incomplete, moved } = check;
  return {
    progress: lesson.progress,
    goOn: lesson.goOn,
    step: lesson.step,
    stepNext: lesson.stepNext,
    stepSkip: lesson.stepSkip,
    readRight: lesson.readRight,
    turnLink: lesson.turnLink,
    copy: console.copy,
    copied: console.copied,
    copyLabel: console.copyLabel,
    check: { right, wrong, partRight, partWrong, placeWrong, missing, incomplete, moved },
  };
}
