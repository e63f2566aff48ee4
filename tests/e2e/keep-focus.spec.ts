/**
 * Whatever a press takes away, the keyboard's place on the page stays (src/site-ui/keep-focus.ts), and
 * what it changes is told by one live region, also while a widget plays.
 */
import { listenToRegions } from '../../scripts/fuzz/in-page.ts';
import { expect, isLoading, open, pagePaths, test, wakeWidgets } from './fixtures.ts';

declare global {
  interface Window {
    isLoading?: () => Promise<boolean>;
  }
}

const withControls = pagePaths.filter((path) =>
  /^\/((lessons\/.*)|embed\/connection\/.*|ports\/|inspect\/|practice\/)$/.test(path),
);

for (const path of withControls) {
  test(`${path}: no button that is pressed by key drops focus to the body or says two things`, async ({
    page,
  }) => {
    await page.addInitScript(listenToRegions);
    await page.exposeFunction('isLoading', () => isLoading(page));
    await open(page, path);
    await wakeWidgets(page);
    const faults = await page.evaluate(async () => {
      const pause = (ms: number): Promise<unknown> =>
        new Promise((resolve) => setTimeout(resolve, ms));
      /** What a press has changed is drawn and told, however slow the machine. */
      const shown = async (): Promise<void> => {
        for (let frame = 0; frame < 2; frame += 1)
          await new Promise((resolve) => requestAnimationFrame(resolve));
        await pause(40);
        // What is loaded with a first press is told when it is there.
        if (!(await window.isLoading?.())) return;
        while (await window.isLoading?.()) await pause(20);
        await shown();
      };
      const isOnBody = (): boolean =>
        document.activeElement === null || document.activeElement === document.body;
      const faults: string[] = [];
      const buttons = [...document.querySelectorAll<HTMLButtonElement>('main button')];
      // Twice: the second time meets what the first has put there.
      for (const button of [...buttons, ...buttons]) {
        if (!button.isConnected || button.disabled || !button.checkVisibility()) continue;
        // The browser grants the whole screen to a real press only.
        if (button.matches('.corner')) continue;
        const name = `${button.className}: ${button.innerText || (button.ariaLabel ?? '')}`;
        button.focus();
        if (document.activeElement !== button) continue;
        const widget = button.closest('.simulation, .simulator, .lab, .check, form, section');
        // What the press before this one says late, on a busy machine, is its own.
        for (let late = 0; late < 10 && (window.hearSpoken?.() ?? []).length > 0; late += 1)
          await shown();
        // What plays goes on telling its steps, in its own place; the press may come with the last one.
        const isPlaying = () =>
          [...(widget?.querySelectorAll('button') ?? [])].some((one) =>
            (one.ariaLabel ?? one.innerText).includes('Pause'),
          );
        const played = isPlaying();
        // What a key press on a button does.
        button.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
        button.click();
        await shown();
        // What it works out is told when it is there.
        const isAtWork = () => button.isConnected && button.ariaDisabled === 'true';
        for (let late = 0; isAtWork() && late < 5; late += 1) await pause(100);
        const said = (window.hearSpoken?.() ?? []).filter(({ region }) => widget?.contains(region));
        if (said.length > (played || isPlaying() ? 2 : 1))
          faults.push(`${name} says ${said.map(({ text }) => `“${text}”`).join(' and ')}`);
        for (let late = 0; isOnBody() && late < 10; late += 1) await pause(100);
        if (isOnBody()) faults.push(name);
      }
      return faults;
    });
    expect(faults).toEqual([]);
  });
}
