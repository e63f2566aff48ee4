/** Every "show this" of the teachers' notes opens its widget in the state that is meant, in each language. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { locales } from '../../src/i18n/locales.ts';
import { teachingSchema } from '../../src/schemas/teaching.ts';
import { expect, showLessonsWhole, test } from './fixtures.ts';

const notes = readdirSync('content/teach')
  .filter((name) => name !== 'plans.yaml')
  .map((name) => ({
    slug: name.replace('.yaml', ''),
    teaching: teachingSchema.parse(parse(readFileSync(`content/teach/${name}`, 'utf8'))),
  }))
  .filter(({ teaching }) => teaching.misconceptions.some(({ show }) => show !== undefined));

notes.forEach(({ slug, teaching }, place) => {
  // Each language opens every other lesson's: the states have no words.
  const locale = locales[place % locales.length];
  const [code, path] = [locale?.code ?? 'en', locale?.path ?? ''];
  test(`what the notes of ${slug} show is shown (${code})`, async ({ page }) => {
    await showLessonsWhole(page);
    const at = path === '' ? '' : `/${path}`;
    await page.goto(`${at}/teach/${slug}/`);
    const links = await page.locator('a[data-show]').all();
    const shown = teaching.misconceptions.flatMap(({ show }) => show ?? []);
    expect(links).toHaveLength(shown.length);
    const addresses = await Promise.all(links.map((link) => link.getAttribute('href')));
    for (const [index, { widget, sees }] of shown.entries()) {
      // A fresh document for each: the same page with another fragment would not be opened again.
      await page.goto('about:blank');
      await page.goto(addresses[index] ?? '');
      const frame = page.locator(`#${widget}, #sim-${widget}`).first();
      for (const text of sees) await expect(frame).toContainText(text);
      await expect(frame.locator('.problem')).toHaveCount(0);
    }
  });
});
