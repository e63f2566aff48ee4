/**
 * Every widget and every page that is worked, in use: what is only there after a press, a mistake or an
 * answer is styled, can be told where the system forces its own colours, shows where the focus is, and
 * is read in order and by clear names.
 */
import type { Locator } from '@playwright/test';
import { controlsOutOfOrder, expect, open, test, unclearControls } from './fixtures.ts';
import { seeInUse } from './in-use.ts';

/** Parts whose styles the page does not have: Svelte adds a class of five letters (svelte.config.js), and no selector has it. */
function partsWithoutStyles(part: Locator): Promise<readonly string[]> {
  return part.evaluate((element) => {
    const selectorsOf = (rules: CSSRuleList): readonly string[] =>
      [...rules].flatMap((rule) => [
        rule instanceof CSSStyleRule ? rule.selectorText : '',
        ...('cssRules' in rule ? selectorsOf(rule.cssRules as CSSRuleList) : []),
      ]);
    const sheets = [...document.styleSheets, ...document.adoptedStyleSheets];
    const selectors = sheets.flatMap((sheet) => selectorsOf(sheet.cssRules)).join(' ');
    const scopes = new Map<string, Element>();
    for (const one of element.querySelectorAll('main [class], dialog [class]'))
      for (const name of [...one.classList].slice(-1))
        if (/^s(?!heet$)[\da-z]{4}$/.test(name)) scopes.set(name, one);
    return [...scopes]
      .filter(([name]) => !selectors.includes(`.${name}`))
      .map(([name, { className }]) => `${name}: ${className}`);
  });
}

/**
 * What is pressed, chosen, current, matched or taken, and looks as if it were not: the same element is
 * looked at without it. What the system's colours cannot tell has a mark or other words.
 */
function statesThatLookAlike(part: Locator): Promise<readonly string[]> {
  return part.evaluate((element) => {
    const seen = (one: Element): string => {
      const style = getComputedStyle(one);
      const names = ['color', 'background-color', 'font-weight', 'text-decoration', 'outline'];
      const sides = ['top', 'right', 'bottom', 'left'].map((side) => `border-${side}`);
      return [...names, ...sides].map((name) => style.getPropertyValue(name)).join('|');
    };
    const found: string[] = [];
    const compare = (one: Element, state: string, change: () => () => void): void => {
      if (!one.checkVisibility()) return;
      const before = seen(one);
      const undo = change();
      if (seen(one) === before) found.push(`${state}: ${one.outerHTML.slice(0, 120)}`);
      undo();
    };
    for (const name of ['aria-pressed', 'aria-selected', 'aria-current']) {
      for (const one of element.querySelectorAll(`[${name}]:not([${name}=false])`)) {
        const value = one.getAttribute(name) ?? '';
        compare(one, name, () => {
          if (name === 'aria-current') one.removeAttribute(name);
          else one.setAttribute(name, 'false');
          return () => {
            one.setAttribute(name, value);
          };
        });
      }
    }
    for (const name of ['matched', 'taken', 'missed', 'truth', 'chosen', 'answered', 'lit']) {
      for (const one of element.querySelectorAll(`:is(button, li, tr, .body).${name}`)) {
        // A mark says it too.
        if (/[✓✗]/.test(one.textContent)) continue;
        compare(one, name, () => {
          one.classList.remove(name);
          return () => {
            one.classList.add(name);
          };
        });
      }
    }
    // The button itself is not to be seen: what is around it is pressed.
    for (const one of element.querySelectorAll<HTMLInputElement>('input:checked')) {
      const label = one.closest('label');
      if (label === null || getComputedStyle(one).opacity !== '0') continue;
      compare(label, 'checked', () => {
        one.checked = false;
        return () => {
          one.checked = true;
        };
      });
    }
    return found;
  });
}

/**
 * What is drawn by its ground alone (a bar, a mark, an arrow's head), and so is not there where the
 * system forces its colours.
 */
function partsDrawnByGroundAlone(part: Locator): Promise<readonly string[]> {
  return part.evaluate((element) => {
    const clear = /^(?:transparent|rgba\(.*, 0\))$/;
    const own = (one: HTMLElement, pseudo: string): string => {
      one.style.setProperty('forced-color-adjust', 'none', 'important');
      const { backgroundColor } = getComputedStyle(one, pseudo);
      one.style.removeProperty('forced-color-adjust');
      return backgroundColor;
    };
    const paper = own(document.body, '');
    const found: string[] = [];
    for (const one of element.querySelectorAll<HTMLElement>(
      'main :not(svg *, svg, button, input, select, textarea, iframe, meter, progress, option)',
    )) {
      const { width, height } = one.getBoundingClientRect();
      if (width < 2 || height < 2 || !one.checkVisibility()) continue;
      const isEmpty = one.textContent.trim() === '' && one.childElementCount === 0;
      for (const pseudo of [...(isEmpty ? [''] : []), '::before', '::after']) {
        const style = getComputedStyle(one, pseudo);
        if (pseudo !== '' && style.content !== '""') continue;
        if (/^(?:0px|auto)$/.test(style.width) || /^(?:0px|auto)$/.test(style.height)) continue;
        const hasLine =
          (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') ||
          ['top', 'right', 'bottom', 'left'].some(
            (side) =>
              style.getPropertyValue(`border-${side}-style`) !== 'none' &&
              style.getPropertyValue(`border-${side}-width`) !== '0px',
          );
        const ground = style.backgroundColor;
        const wanted = own(one, pseudo);
        if (hasLine || clear.test(wanted) || wanted === paper || wanted === ground) continue;
        found.push(`${one.outerHTML.slice(0, 80)}${pseudo}`);
      }
    }
    return found.slice(0, 5);
  });
}

/** Controls that do not show that they have the focus. */
async function controlsWithoutFocusRing(part: Locator): Promise<readonly string[]> {
  // From here on the focus is the keyboard's.
  await part.page().keyboard.press('Shift');
  return part.evaluate((element) => {
    const before = document.activeElement;
    const controls = element.querySelectorAll<HTMLElement>(
      'main :is(button, input, select, textarea, summary, a[href], [tabindex="0"])',
    );
    const hasRing = (one: Element | null): boolean => {
      if (one === null) return false;
      const { outlineStyle, outlineWidth } = getComputedStyle(one);
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
    };
    const found: string[] = [];
    for (const control of controls) {
      if (!control.checkVisibility({ visibilityProperty: true })) continue;
      // A shell's line shows the caret, as a shell does.
      if (control.matches(':disabled, .terminal form input')) continue;
      control.focus({ preventScroll: true });
      if (document.activeElement !== control) continue;
      if (!hasRing(control) && !hasRing(control.closest('label, .terminal, form')))
        found.push(control.outerHTML.slice(0, 120));
    }
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    return found;
  });
}

test('what is only there in use is styled, and told without colours of its own', async ({
  page,
}) => {
  test.setTimeout(600_000);
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  await seeInUse(page, '/', open, async (part, state) => {
    expect.soft(await partsWithoutStyles(page.locator('html')), state).toEqual([]);
    expect.soft(await statesThatLookAlike(part), state).toEqual([]);
    expect.soft(await partsDrawnByGroundAlone(part), state).toEqual([]);
    expect.soft(await unclearControls(page), state).toEqual([]);
    expect.soft(await controlsOutOfOrder(page), state).toEqual([]);
    expect.soft(await controlsWithoutFocusRing(page.locator('html')), state).toEqual([]);
  });
});
