/** A button on each transcript that copies its commands, without prompts and without output. */
import type { LessonPageWords } from './lesson-page-words.ts';

export function offerCopies(lesson: HTMLElement, words: LessonPageWords): void {
  // The clipboard exists only where the page came over https or from this machine.
  if (!('clipboard' in navigator)) return;
  const said = document.createElement('span');
  said.className = 'visually-hidden';
  said.setAttribute('role', 'status');
  lesson.append(said);
  for (const transcript of lesson.querySelectorAll<HTMLElement>('pre.console')) {
    const commands = [...transcript.querySelectorAll('.command')].map((line) => line.textContent);
    if (commands.length === 0) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'console-copy';
    button.textContent = words.copy;
    button.setAttribute('aria-label', words.copyLabel);
    button.addEventListener('click', () => {
      navigator.clipboard.writeText(commands.join('\n')).then(
        () => {
          button.textContent = words.copied;
          // A name that says other words than the button shows cannot be spoken to it.
          button.removeAttribute('aria-label');
          said.textContent = words.copied;
          setTimeout(() => {
            button.textContent = words.copy;
            button.setAttribute('aria-label', words.copyLabel);
            said.textContent = '';
          }, 2000);
        },
        () => getSelection()?.selectAllChildren(transcript),
      );
    });
    const frame = document.createElement('div');
    frame.className = 'console-frame';
    transcript.replaceWith(frame);
    frame.append(transcript, button);
  }
}
