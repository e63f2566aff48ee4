/**
 * `npm run papers`: prints what a class gets on paper from the built site, and judges the pages. Each
 * lesson's sheet, key and exit ticket, in each language, on each paper, in each version, and the
 * voting cards, as PDFs in a folder to look at. Needs poppler (Debian: `poppler-utils`).
 *
 * `--lessons 10,50` only these; `--versions AB` only these; `--out FOLDER` (default .cache/papers).
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from '@playwright/test';
import {
  firstSettings,
  papers,
  sheetKinds,
  versions,
  writeSettings,
  type SheetSettings,
} from '../src/classroom/worksheets/sheet.ts';
import { locales } from '../src/i18n/locales.ts';
import { readBuiltSite } from './built-site/pages.ts';
import { judgePdf, plain, type Paper } from './papers/judge-pdf.ts';
import { createSiteServer, listen } from './serve/static-server.ts';
import { findBrowser, howToGetABrowser, quietBrowserFlags } from './setup/browser.ts';

const { values: options } = parseArgs({
  options: {
    lessons: { type: 'string', default: '' },
    versions: { type: 'string', default: versions.join('') },
    out: { type: 'string', default: '.cache/papers' },
  },
});

/** Pages that a teacher would still hand out. */
const mostPages = { worksheet: 4, ticket: 1, key: 7 } as const;

const problems: string[] = [];
let count = 0;

/** Prints the page as it is, and judges the PDF. */
async function print(page: Page, name: string, paper: Paper, most: number): Promise<string> {
  const file = join(options.out, `${name}.pdf`);
  await page.pdf({ path: file, preferCSSPageSize: true });
  count += 1;
  const { text, faults } = judgePdf(file, { paper, most });
  problems.push(...faults.map((fault) => `${name}: ${fault}`));
  return text;
}

async function printSheet(page: Page, path: string, name: string, settings: SheetSettings) {
  const isKey = path.endsWith('/key/');
  await page.goto(`${path}#${writeSettings(settings)}`);
  await page.locator('.sheet-settings button[type="submit"]:enabled').waitFor();
  await page.locator('.sheet-mark', { hasText: new RegExp(settings.version) }).waitFor();
  const most = isKey ? mostPages.key : mostPages[settings.kind];
  const text = await print(page, isKey ? `${name}-key` : name, settings.paper, most);
  const words = (selector: string) => page.locator(selector).allInnerTexts();
  return {
    text,
    answers: (await words('.sheet-answer')).map(plain),
    said: [...(await words('.sheet-because')), ...(await words('.sheet-said'))].map(plain),
  };
}

/** @param pages one for sheets and one for keys: both stay open, as a teacher's would. */
async function printLesson([sheets, keys]: readonly [Page, Page], path: string): Promise<void> {
  const [lesson = '', locale = 'en'] = path
    .split('/')
    .filter((part) => !['', 'teach', 'worksheets'].includes(part))
    .toReversed();
  for (const paper of papers) {
    for (const kind of sheetKinds) {
      const known = new Map<string, string>();
      for (const version of versions) {
        if (!options.versions.includes(version)) continue;
        const settings = { ...firstSettings, version, paper, kind };
        const name = [locale, lesson, kind, paper, version].join('-');
        const sheet = await printSheet(sheets, path, name, settings);
        const key = await printSheet(keys, `${path}key/`, name, settings);
        const fail = (what: string) => problems.push(`${name}: ${what}`);
        if (key.answers.length === 0) fail('the key has no answers');
        for (const words of [...key.answers, ...key.said]) {
          if (!key.text.includes(words)) fail(`not in the printed key: ${words}`);
          // A short word may be an option's own.
          if (words.length > 12 && sheet.text.includes(words))
            fail(`the students’ sheet: ${words}`);
        }
        for (const words of key.answers)
          if (sheet.text.includes(words)) fail(`the students’ sheet: ${words}`);
        const all = key.answers.join(' ');
        const same = known.get(all);
        // The three answers of a ticket may fall alike.
        if (same !== undefined && kind === 'worksheet') fail(`its answers are those of ${same}`);
        known.set(all, version);
      }
    }
  }
}

async function main(): Promise<number> {
  const executablePath = findBrowser('shell');
  if (executablePath === undefined) throw new Error(howToGetABrowser);
  rmSync(options.out, { recursive: true, force: true });
  mkdirSync(options.out, { recursive: true });
  const server = createSiteServer({ folder: 'dist', base: '/' });
  const port = await listen(server, { port: 0, host: 'localhost', tries: 1 });
  const browser = await chromium.launch({ executablePath, args: [...quietBrowserFlags] });
  const context = await browser.newContext({ baseURL: `http://localhost:${String(port)}` });
  const page = await context.newPage();
  const keys = await context.newPage();
  try {
    const wanted = options.lessons.split(',').filter((number) => number !== '');
    const sheets = readBuiltSite('dist', '/')
      .pages.map(({ path }) => path)
      .filter((path) => {
        const number = /\/teach\/worksheets\/(\d+)-[^/]+\/$/.exec(path)?.[1];
        return number !== undefined && (wanted.length === 0 || wanted.includes(number));
      });
    for (const path of sheets) await printLesson([page, keys], path);
    for (const { code, path } of locales) {
      await page.goto(`/${path === '' ? '' : `${path}/`}teach/worksheets/cards/`);
      await print(page, `${code}-cards-four`, 'letter', 1);
      await page.locator('input[value="one"]').check();
      await print(page, `${code}-cards-one`, 'letter', 4);
    }
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
  for (const problem of problems) console.log(`✗ ${problem}`);
  console.log(`${String(count)} PDFs in ${options.out}: ${String(problems.length)} faults`);
  return problems.length;
}

process.exitCode = (await main()) > 0 ? 1 : 0;
