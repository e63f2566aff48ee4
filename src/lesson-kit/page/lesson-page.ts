/** Everything a lesson page does with script besides its simulations. */

import { markChecks } from '../../quiz/view/check-forms.ts';
import { recordCheck } from '../../progress/progress-store.ts';
import { offerCopies } from './console-copy.ts';
import { drawInParts } from './draw-in-parts.ts';
import type { LessonPageWords } from './lesson-page-words.ts';
import { offerReadings } from './offer-readings.ts';
import { offerOtherLanguages } from './other-language.ts';
import { offerTurnLinks } from './turn-links.ts';
import { openOneReply, openForPrint } from './replies.ts';
import { followReading, thinOutTabStops } from './reading.ts';
import { restFarParts } from './rest-far-parts.ts';
import { offerSteps } from './steps.ts';
import { offerSystemTabs } from './system-tabs.ts';

const lesson = document.querySelector<HTMLElement>('.lesson[data-lesson]');

if (lesson) {
  const slug = lesson.dataset['lesson'] ?? '';
  const words = JSON.parse(lesson.dataset['words'] ?? '{}') as LessonPageWords;
  const reading = followReading(lesson, slug, words);
  thinOutTabStops(lesson);
  offerTurnLinks(lesson, words.turnLink);
  const tried = new Set<string>();
  markChecks(lesson, words.check, (question, outcome) => {
    recordCheck(slug, question, outcome);
    // The first try says what was known; practice asks again by it.
    if (tried.has(question)) return;
    tried.add(question);
    const at = Date.now();
    import('../../quiz/view/practice/record-answer.ts').then(
      ({ recordLessonAnswer }) => {
        recordLessonAnswer(`check/${slug}/${question}`, outcome === 'right', at);
      },
      () => {
        // Without it practice takes the lesson's own record (memoryOf).
      },
    );
  });
  offerSteps(lesson, words, reading);
  offerSystemTabs(lesson);
  offerCopies(lesson, words);
  offerOtherLanguages(lesson);
  offerReadings(lesson);
  openOneReply(lesson);
  openForPrint(lesson);
  drawInParts(lesson, () => {
    restFarParts(lesson);
  });
}
