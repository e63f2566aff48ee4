/** Firefox through WebDriver BiDi, which it speaks by itself. */
import puppeteer from 'puppeteer-core';
import type { Engine } from './engine.ts';

export async function startFirefox(executablePath: string): Promise<Engine> {
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true });
  let page = await browser.newPage();
  let viewport = { width: 1280, height: 800 };
  return {
    name: 'Firefox',
    open: async (address) => {
      // A new tab each time: what a page has left behind is nobody's burden.
      const before = page;
      page = await browser.newPage();
      await before.close();
      await page.setViewport(viewport);
      await page.goto(address, { waitUntil: 'load' });
    },
    run: (what, ...values) => page.evaluate(what, ...(values as unknown as readonly [])),
    click: async (selector) => {
      const element = await page.$(selector);
      if (!element) throw new Error(`There is no ${selector}`);
      await element.evaluate((node) => {
        node.scrollIntoView({ block: 'center', behavior: 'instant' });
      });
      await element.click();
    },
    type: (text) => page.keyboard.type(text),
    press: (key) => page.keyboard.press(key),
    resize: async (width, height) => {
      viewport = { width, height };
      await page.setViewport(viewport);
    },
    quit: () => browser.close(),
  };
}
