/** Whatever a press takes away, the keyboard's place on the page stays (src/site-ui/keep-focus.ts). */
import { expect, open, pagePaths, test, wakeWidgets } from './fixtures.ts';

const withControls = pagePaths.filter((path) =>
  /^\/((lessons\/.*)|embed\/connection\/.*|ports\/|inspect\/|practice\/)$/.test(path),
);

for (const path of withControls) {
  test(`${path}: no button that is pressed by key drops focus to the body`, async ({ page }) => {
    await open(page, path);
    await wakeWidgets(page);
    const dropped = await page.evaluate(async () => {
      const pause = (ms: number): Promise<unknown> =>
        new Promise((resolve) => setTimeout(resolve, ms));
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
        // What a key press on a button does.
        button.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
        button.click();
        await pause(40);
        for (let late = 0; isOnBody() && late < 10; late += 1) await pause(100);
        if (isOnBody()) faults.push(name);
      }
      return faults;
    });
    expect(dropped).toEqual([]);
  });
}
