/**
 * Every widget and page in use, in any language: what is only there after a press, a mistake or an
 * answer. Tests of what must hold in each state go through them with `seeInUse`.
 */
import type { Locator, Page } from '@playwright/test';
import { markOf, writeAssignment } from '../../src/classroom/assignments/assignment.ts';
import { encodeResult, type AnswerMark } from '../../src/classroom/assignments/result-code.ts';

/** Does something with a part of a page: a widget, or the whole. */
type Use = (part: Locator, page: Page) => Promise<void>;

const press =
  (selector: string, at = 0): Use =>
  async (widget) => {
    await widget.locator(selector).nth(at).click();
  };

/** The first that is not hidden at this width. */
const pressSeen =
  (selector: string): Use =>
  async (widget) => {
    await widget.locator(selector).filter({ visible: true }).first().click();
  };

const write =
  (selector: string, text: string, key = 'Enter'): Use =>
  async (widget) => {
    const field = widget.locator(selector).first();
    await field.fill(text);
    await field.press(key);
  };

const choose =
  (selector: string, index: number, at = 0): Use =>
  async (widget) => {
    await widget.locator(selector).nth(at).selectOption({ index });
  };

const all =
  (...uses: readonly Use[]): Use =>
  async (widget, page) => {
    for (const use of uses) await use(widget, page);
  };

/** Until what is asked for is there. */
const until =
  (selector: string, use: Use, most = 12): Use =>
  async (widget, page) => {
    for (let time = 0; time < most && (await widget.locator(selector).count()) === 0; time += 1)
      await use(widget, page);
    await widget.locator(selector).first().waitFor();
  };

const appears =
  (selector: string): Use =>
  async (part) => {
    await part.locator(selector).first().waitFor();
  };

const unfold: Use = async (part) => {
  await part.locator('details').evaluateAll((all: HTMLDetailsElement[]) => {
    for (const details of all) details.open = true;
  });
};

const onward = '.time .buttons button:nth-of-type(5)';

/** What is copied by hand, and the code for the wall. */
const share: Use = async (part, page) => {
  await part.locator('.for-wall').first().click();
  await page.locator('[popover]:popover-open svg[role=img]').waitFor();
};

/** What is done with each widget, one state after the other. */
const widgets: Readonly<Record<string, readonly Use[]>> = {
  'address-and-port': [
    all(press('.listener'), press('.bits button')),
    all(press('.tag', 1), press('.end', 1)),
  ],
  'algorithm-race': [
    all(press('.row button', 1), press('form button')),
    all(write('form input', '70000')),
  ],
  'connection/one-page': [
    all(press('.open button'), press(onward), press('.unfold')),
    all(press('.time .buttons button', 6), pressSeen('.sockets :is(.inline, .dots)')),
    press('[role=tab]', 2),
  ],
  'connection/mail-and-time': [
    // The question about the way back.
    all(
      press('.controls input[type=checkbox]'),
      press('.open button'),
      until('.under[inert]', press(onward)),
      appears('.question .card'),
    ),
    // Wrong and right, whichever is which.
    async (widget) => {
      const options = await widget.locator('.options button').all();
      for (const option of options)
        if ((await option.getAttribute('aria-disabled')) !== 'true') await option.click();
    },
  ],
  'connection/two-servers-one-port': [
    all(until('.caption.failed', all(press('.open button'), press(onward, 0))), async (widget) => {
      await widget.locator('.why b').first().waitFor();
    }),
    all(press('[role=tab]'), pressSeen('.sockets :is(.inline, .dots)')),
  ],
  'connection/the-line': [
    all(press('.controls input[type=checkbox]'), press('.unfold'), async (widget) => {
      await widget.locator('.more').waitFor();
    }),
    all(write('.seed', 'x'), press('.open button'), press('.ask')),
    share,
  ],
  'listen-board': [
    all(
      press('.start button'),
      choose('.start label:nth-of-type(5) select', 1),
      press('.start button'),
    ),
    press('.knock button'),
  ],
  'match-services': [
    press('.columns button', 1),
    async (widget) => {
      // One right, one wrong.
      const columns = widget.locator('.columns ul');
      const matched = widget.locator('.matched');
      for (let port = 0; port < 6 && (await matched.count()) === 0; port += 1) {
        const first = columns.first().locator('button').first();
        if ((await first.getAttribute('aria-pressed')) !== 'true') await first.click();
        await columns.last().locator('button').nth(port).click();
      }
      await columns.last().locator('button:not(.matched)').first().click();
    },
  ],
  'nat-table': [
    all(press('.picture button'), press('.picture button', 1), press('.picture button', 2)),
    all(press('.after button', 1), unfold),
    press('.after button'),
  ],
  'number-line-explorer': [
    async (widget) => {
      await widget.locator('.strip').press('PageDown');
    },
    all(press('.guess button'), write('.controls input', '70000'), unfold),
    all(press('.share button'), appears('.share input')),
    share,
  ],
  'pool-and-rate': [
    async (widget) => {
      await widget.locator('.rate input').press('End');
      await widget.locator('fieldset input').first().check();
      await widget.locator('p > button').first().click();
      await widget.locator('.told:not(.empty)').waitFor();
    },
  ],
  'port-planner': [
    all(choose('form select', 1, 1), write('form input', '2222'), press('.buttons button')),
    press('.collision .buttons button'),
    write('form input', 'x'),
  ],
  'range-comparison': [
    all(write('.ask input', '20022'), write('textarea', '1024 65535', 'Tab'), unfold),
    all(write('.ask input', '70000'), write('textarea', '60999 32768', 'Tab')),
  ],
  'range-sorter': [
    press('.choices button'),
    all(press('.verdict button'), press('.choices button', 2)),
  ],
  'range-tuner': [
    async (widget) => {
      await widget.locator('input[type=text]').fill('40000-50000');
      await widget.locator('input[type=range]').first().press('End');
    },
    write('input[type=text]', 'x-y', 'Tab'),
  ],
  'registry-explorer': [
    all(write('input[type=search]', '443'), press('.results button')),
    write('input[type=search]', '70000'),
    all(write('input[type=search]', 'zzzzzz'), choose('select', 1)),
  ],
  'scan-and-firewall': [
    all(
      choose('.verdict select', 1),
      choose('.verdict select', 2, 1),
      choose('.buttons select', 1),
      press('.buttons button'),
      press('.buttons button', 1),
    ),
  ],
  'service-table': [all(press('fieldset label', 1), press('.cover'))],
  'state-machine': [
    all(press('.controls .main'), press('.controls .main'), press('.controls .main')),
    all(choose('.story select', 3), press('.controls .main'), press('.controls .main')),
  ],
  'who-gets-it': [
    press('li button'),
    async (widget) => {
      const choices = widget.locator('li button');
      const next = widget.locator('.on button');
      for (let at = 0; (await next.count()) === 0; at += 1) await choices.nth(at).click();
    },
  ],
};

const key =
  (name: string): Use =>
  async (_part, page) => {
    await page.keyboard.press(name);
  };

/** Whatever kind of question it is, something is answered. */
const answerQuestion: Use = async (part, page) => {
  const option = part.locator('.question .option').first();
  const number = part.locator('#practice-number');
  const select = part.locator('.question select');
  if ((await option.count()) > 0) await option.click();
  if ((await number.count()) > 0) await number.fill('1');
  for (const one of await select.all()) await one.selectOption({ index: 1 });
  const check = part.locator('.question .check button');
  if ((await check.count()) > 0) await check.click();
  await page.locator('.verdict').waitFor();
};

/** Each question of a lesson answered with its first option, then once more with its second. */
const answerChecks =
  (which: number): Use =>
  async (part) => {
    for (const form of await part.locator('.lesson-check').all()) {
      const options = form.locator('.options input');
      if ((await options.count()) > 0) await options.nth(which).click();
      for (const select of await form.locator('select').all())
        await select.selectOption({ index: which + 1 });
      for (const field of await form.locator('input[type=text]').all())
        await field.fill(which === 0 ? 'x' : '80');
      await form.locator('[type=submit]').click();
      await form.locator('.check-result:not(:empty)').waitFor();
    }
  };

const search =
  (text: string): Use =>
  async (_part, page) => {
    const dialog = page.locator('.search-dialog');
    await dialog.locator('input').fill(text);
    await dialog.locator('[role=option]').first().waitFor();
  };

/** A worker that says so much of the site is saved, or that saving has stopped. */
const worker =
  (answer: object): Use =>
  async (_part, page) => {
    await page.evaluate((data) => {
      dispatchEvent(new CustomEvent('worker-says', { detail: data }));
    }, answer);
  };

const saved = { files: 210, allFiles: 1234, bytes: 7_654_321, allBytes: 33_333_333 } as const;

/** A new version of the site waits until the old one is closed. */
const newVersionWaits: Use = async (part, page) => {
  await page.evaluate(() => {
    dispatchEvent(new Event('worker-waits'));
  });
  await part.locator('.new-version button').waitFor();
};

/** Stands in for the service worker, which would keep what a test changes. */
const standInForTheWorker = (): void => {
  const ports: MessagePort[] = [];
  addEventListener('worker-says', (event) => {
    for (const port of ports) port.postMessage((event as CustomEvent<unknown>).detail);
  });
  const active = {
    postMessage: (_request: unknown, [port]: MessagePort[]) => {
      if (port) ports.push(port);
    },
  };
  const updates: (() => void)[] = [];
  const registration = {
    active,
    addEventListener: (_name: string, update: () => void) => updates.push(update),
    waiting: null as typeof active | null,
    installing: { addEventListener: (_name: string, look: () => void) => look() },
  };
  const container = {
    ready: Promise.resolve(registration),
    register: () => Promise.resolve(registration),
    controller: null as typeof active | null,
    addEventListener: () => undefined,
  };
  addEventListener('worker-waits', () => {
    registration.waiting = active;
    container.controller = active;
    for (const update of updates) update();
  });
  Object.defineProperty(navigator, 'serviceWorker', { get: () => container });
};

const assignment = {
  lessons: [50],
  style: 'choices',
  count: 4,
  seed: 7,
  minutes: 0,
  lab: 'taken',
} as const;

/** What a class hands in: three results, one of them twice by name, and one that is damaged. */
const handedIn = (
  [
    ['Hanako', [0, 1, 2, 7]],
    ['Taro', [1, 0, 1, 6]],
    ['Hanako', [0, 0, 3, 1]],
  ] as const
)
  .map(([name, marks]: readonly [string, readonly AnswerMark[]]) =>
    encodeResult({
      assignment: markOf(assignment),
      ownSeed: null,
      hasDoneLab: name === 'Taro',
      marks,
      who: { kind: 'name', name },
    }),
  )
  .map((code, place) => (place === 2 ? `${code} ${code.slice(0, -1)}` : code))
  .join('\n');

/** What is done on pages, one state after the other. */
const pages: Readonly<Record<string, readonly Use[]>> = {
  '': [all(key('Control+k'), search('port')), search('zzqqxx <b>')],
  'lessons/10-what-a-port-is/': [answerChecks(0), all(answerChecks(1), unfold)],
  'course/': [
    async (part) => {
      await part.locator('#progress input[type=file]').setInputFiles({
        name: 'a.json',
        mimeType: 'application/json',
        buffer: Buffer.from('{"version":99,"lessons":{}}'),
      });
      await part.locator('#progress [role=status]:not(:empty)').waitFor();
    },
    press('#progress [data-part=clear]'),
  ],
  'offline/': [
    worker({ kind: 'progress', ...saved, isWhole: false }),
    worker({ kind: 'failed', reason: 'room' }),
    worker({ kind: 'state', ...saved, files: 1234, isWhole: true }),
  ],
  'inspect/': [
    all(press('.samples button'), appears('table')),
    all(write('textarea', '<b>what</b>\nESTAB 0 0 1.2.3.4:99999 1.2.3.4:22', 'Tab'), unfold),
  ],
  'lab/taken/': [
    all(press('.lab button'), appears('.terminal label .prompt')),
    all(
      press('.help button'),
      press('.help button', 1),
      appears('.hints .hint'),
      press('.help.back button', 1),
      appears('.help.back button:nth-of-type(3)'),
    ),
    async (part, page) => {
      const line = part.locator('.terminal form input');
      for (const text of ['sudo systemctl start nginx', 'ss -ltn', 'nonsense']) {
        await line.fill(text);
        await line.press('Enter');
      }
      await page.locator('.progress [data-state=done]').first().waitFor();
    },
    async (part, page) => {
      const line = part.locator('.terminal form input');
      const rest = ['sudo ss -ltnp', 'sudo kill 3107', 'sudo systemctl start nginx'];
      for (const text of [...rest, 'ssh web curl -s http://10.0.0.2/']) {
        await line.fill(text);
        await line.press('Enter');
      }
      await page.waitForFunction(
        () => document.querySelectorAll('.progress [data-state=open]').length === 0,
      );
    },
  ],
  'practice/': [
    all(press('main .button'), appears('#practice-prompt'), answerQuestion),
    all(press('.actions .button'), answerQuestion),
    all(press('.actions .button'), answerQuestion),
    press('.stop'),
  ],
  'practice/exam/': [
    all(press('main .button'), appears('.overview'), async (part) => {
      const option = part.locator('.question .option');
      if ((await option.count()) > 0) await option.first().click();
      await part.locator('.actions button').nth(2).click();
    }),
    all(press('.actions:last-child .button')),
    all(press('.actions:last-child .button'), appears('.exam-result')),
  ],
  'practice/sprint/': [all(press('main .button'), appears('.question'))],
  'assignment/#1~50~choi': [],
  [`assignment/#${writeAssignment(assignment)}`]: [
    all(press('.assignment .button'), appears('#practice-prompt')),
    press('.assign-row button', 2),
    all(press('.assign-row button', 2), appears('.result-code'), press('.result-code + p button')),
  ],
  'teach/assign/': [],
  'teach/results/': [
    // Neither is a whole result code.
    write('textarea', 'PD-7KQ2-1234 PD-', 'Tab'),
    all(
      write('#results-link', `x#${writeAssignment(assignment)}`),
      write('textarea', handedIn, 'Tab'),
      appears('.results-questions li + li + li'),
    ),
  ],
  'teach/worksheets/50-ephemeral-ports/': [],
  'teach/worksheets/cards/': [],
  'teach/50-ephemeral-ports/presenter/': [
    async (part) => {
      await part.locator('.presenter-place:not(:empty)').waitFor();
      for (const command of ['timer', 'code', 'next'])
        await part.locator(`[data-command=${command}]`).click();
      await part.locator('[aria-current=step]').waitFor();
    },
  ],
  'teach/50-ephemeral-ports/stage/': [
    key('ArrowRight'),
    key('?'),
    all(key('Escape'), key('q'), appears('.stage-code path[d*=h]')),
  ],
  // A vote: open, counted, once more, answered.
  'teach/50-ephemeral-ports/stage/#reply-ports': [
    all(key('v'), press('.vote-letter'), press('.vote-letter', 1), press('.vote-letter', 1)),
    all(key('s'), key('r'), press('.vote-letter', 2)),
    all(key('s'), key('x'), appears('.vote-right')),
    all(key('v'), key('Escape'), appears('dialog[open]')),
  ],
  'about/': [
    newVersionWaits,
    all(press('.new-version button'), worker({ kind: 'others', count: 2 })),
  ],
  'glossary/': [],
};

/**
 * Opens each widget alone, and pages that are worked, and uses them.
 * @param root the address of the language's pages
 * @param open shows a page
 * @param look is called with the part at rest and after each use, with words for its state
 */
export async function seeInUse(
  page: Page,
  root: string,
  open: (page: Page, path: string) => Promise<unknown>,
  look: (part: Locator, state: string) => Promise<void>,
  only: (path: string) => boolean = () => true,
): Promise<void> {
  const embedded = Object.entries(widgets).map(
    ([name, uses]) => [`embed/${name}/`, '[data-embed]', uses] as const,
  );
  const whole = Object.entries(pages).map(([path, uses]) => [path, 'body', uses] as const);
  await page.addInitScript(standInForTheWorker);
  for (const [path, selector, uses] of [...embedded, ...whole]) {
    if (!only(path)) continue;
    await page.goto('about:blank');
    await open(page, root + path);
    const part = page.locator(selector);
    await page.waitForFunction(() => {
      const island = document.querySelector('main astro-island');
      const inside = island?.firstElementChild;
      if (!inside?.checkVisibility()) return true;
      inside.scrollIntoView({ block: 'center', behavior: 'instant' });
      return island?.hasAttribute('ssr') !== true;
    });
    await look(part, `${path} at rest`);
    for (const [place, use] of uses.entries()) {
      await use(part, page);
      await look(part, `${path} after use ${String(place + 1)}`);
    }
  }
}
