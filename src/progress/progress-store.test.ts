import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const key = 'port-dojo.progress';
const lesson = '50-ephemeral-ports';

/** localStorage as a browser gives it; `room` is how many characters fit. */
class FakeStorage {
  readonly #items: Map<string, string>;
  room = Infinity;

  constructor(items: Readonly<Record<string, string>>) {
    this.#items = new Map(Object.entries(items));
    return new Proxy(this, {
      ownKeys: (target) => [...target.#items.keys()],
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
      set: (target, name, value) => Reflect.set(target, name, value, target),
    });
  }

  getItem(name: string): string | null {
    return this.#items.get(name) ?? null;
  }

  setItem(name: string, text: string): void {
    if (text.length > this.room) throw new DOMException('full', 'QuotaExceededError');
    this.#items.set(name, text);
  }

  removeItem(name: string): void {
    this.#items.delete(name);
  }
}

async function openTab(storage: FakeStorage | null) {
  vi.resetModules();
  vi.stubGlobal('localStorage', storage ?? undefined);
  vi.stubGlobal('addEventListener', vi.fn());
  vi.stubGlobal('dispatchEvent', vi.fn());
  return await import('./progress-store.ts');
}

describe('progress in the browser', () => {
  beforeEach(() => {
    vi.unstubAllGlobals();
  });

  it('is there again after a reload', async () => {
    const storage = new FakeStorage({});
    const before = await openTab(storage);
    before.recordLesson(lesson, 'opened');
    before.recordTurn(lesson, 'first-page');
    before.recordCheck(lesson, 'reply-ports', 'right');
    const after = await openTab(storage);
    expect(after.readProgress()).toEqual(before.readProgress());
    expect(after.readProgress().lessons[lesson]?.turns).toEqual(['first-page']);
    expect(after.progressState()).toEqual({ canRemember: true, aside: [] });
  });

  it('of two tabs is kept together', async () => {
    const storage = new FakeStorage({});
    const one = await openTab(storage);
    const two = await openTab(storage);
    one.recordTurn(lesson, 'a');
    two.recordTurn(lesson, 'b');
    one.recordTurn(lesson, 'c');
    expect(two.readProgress().lessons[lesson]?.turns).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['damaged', '{"version":1,"lessons":{"50-eph'],
    ['newer', '{"version":9,"lessons":{"50-ephemeral-ports":{"turns":["a"],"checks":{}}},"x":1}'],
  ])('that is %s is kept aside word for word', async (_, text) => {
    const storage = new FakeStorage({ [key]: text });
    const tab = await openTab(storage);
    tab.readProgress();
    tab.recordTurn(lesson, 'b');
    const again = await openTab(storage);
    const { aside, canRemember } = again.progressState();
    expect(canRemember).toBe(true);
    expect(aside.map((name) => again.readAside(name))).toEqual([text]);
    expect(again.readProgress().lessons[lesson]?.turns).toContain('b');
  });

  it('is not written over a damaged record that cannot be kept aside', async () => {
    const text = `{"version":1,"lessons":{"50-eph${'x'.repeat(100)}`;
    const storage = new FakeStorage({ [key]: text });
    storage.room = 0;
    const tab = await openTab(storage);
    tab.recordTurn(lesson, 'a');
    expect(storage.getItem(key)).toBe(text);
    expect(tab.progressState().canRemember).toBe(false);
    expect(tab.readProgress().lessons[lesson]?.turns).toEqual(['a']);
  });

  it('works without storage, and says that it cannot remember', async () => {
    const tab = await openTab(null);
    tab.recordTurn(lesson, 'a');
    tab.recordTurn(lesson, 'b');
    expect(tab.readProgress().lessons[lesson]?.turns).toEqual(['a', 'b']);
    expect(tab.progressState()).toEqual({ canRemember: false, aside: [] });
  });

  it('works when storage is full, and remembers again once there is room', async () => {
    const storage = new FakeStorage({});
    const tab = await openTab(storage);
    storage.room = 10;
    tab.recordTurn(lesson, 'a');
    expect(tab.progressState().canRemember).toBe(false);
    storage.room = Infinity;
    tab.recordTurn(lesson, 'b');
    expect(tab.progressState().canRemember).toBe(true);
    const after = await openTab(storage);
    expect(after.readProgress().lessons[lesson]?.turns).toEqual(['a', 'b']);
  });

  it('goes into a file and is merged back from it', async () => {
    const one = await openTab(new FakeStorage({}));
    one.recordTurn(lesson, 'a');
    const file = one.exportProgress();
    const two = await openTab(new FakeStorage({}));
    two.recordTurn(lesson, 'b');
    const heard = vi.fn();
    two.onProgressChange(heard);
    expect(two.importProgress(file)).toBe('whole');
    expect(two.readProgress().lessons[lesson]?.turns).toEqual(['a', 'b']);
    expect(heard).toHaveBeenCalledOnce();
    expect(two.importProgress('holiday.jpg')).toBe('foreign');
    expect(two.readProgress().lessons[lesson]?.turns).toEqual(['a', 'b']);
  });

  it.each([
    ['empty', '', 'foreign'],
    ['no JSON', '<!doctype html><title>Sign in</title>', 'foreign'],
    ['cut off', '{"version":1,"lessons":{"10-', 'foreign'],
    ['another product’s', '{"type":"anki","version":1,"notes":[{"id":1}]}', 'foreign'],
    ['a list', '[{"version":1}]', 'foreign'],
    ['nested beyond reason', '['.repeat(200_000), 'foreign'],
    ['of a later version', `{"version":99,"lessons":{"${lesson}":{"stars":5}}}`, 'newer'],
    ['damaged', `{"version":1,"lessons":{"${lesson}":null,"x":{"turns":"all"}}}`, 'damaged'],
    [
      'after the names of objects',
      '{"version":1,"lessons":{"__proto__":{"turns":["z"]}}}',
      'damaged',
    ],
  ])('loses nothing to a file that is %s', async (_what, file, condition) => {
    const storage = new FakeStorage({});
    const tab = await openTab(storage);
    tab.recordTurn(lesson, 'a');
    tab.recordCheck(lesson, 'why', 'right');
    const before = tab.readProgress();
    expect(tab.importProgress(file)).toBe(condition);
    expect(tab.readProgress()).toMatchObject(before);
    const after = await openTab(storage);
    expect(after.readProgress()).toMatchObject(before);
    expect(Object.prototype).not.toHaveProperty('turns');
  });

  it('keeps nothing aside any more once the learner has it elsewhere', async () => {
    const tab = await openTab(new FakeStorage({ [key]: '{' }));
    tab.recordTurn(lesson, 'a');
    tab.forgetAside();
    expect(tab.progressState().aside).toEqual([]);
    expect(tab.readProgress().lessons[lesson]?.turns).toEqual(['a']);
  });

  it('can be cleared, with what lies aside', async () => {
    const storage = new FakeStorage({ [key]: '{' });
    const tab = await openTab(storage);
    tab.recordTurn(lesson, 'a');
    tab.clearProgress();
    expect(tab.progressState().aside).toEqual([]);
    expect(storage.getItem(key)).toBeNull();
    expect(tab.readProgress().lessons).toEqual({});
  });
});

describe('what the page is told', () => {
  const told = (): unknown[] =>
    vi.mocked(dispatchEvent).mock.calls.map(([event]) => 'detail' in event && event.detail);

  it('is the outcome of real writings', async () => {
    const storage = new FakeStorage({});
    const tab = await openTab(storage);
    tab.recordTurn(lesson, 'a');
    expect(told()).toEqual([]);
    storage.room = 60;
    tab.recordTurn(lesson, 'b');
    tab.recordTurn(lesson, 'c');
    expect(told()).toEqual([false]);
    storage.room = Infinity;
    tab.recordTurn(lesson, 'd');
    expect(told()).toEqual([false, true]);
  });

  it('is at once that a damaged record has no room to be kept aside', async () => {
    const storage = new FakeStorage({ [key]: '{"version":1,"lessons":{"50-eph' });
    storage.room = 10;
    const tab = await openTab(storage);
    tab.readProgress();
    expect(told()).toEqual([false]);
  });

  it('does not promise room for an act where only a few characters are left', async () => {
    const storage = new FakeStorage({});
    const tab = await openTab(storage);
    storage.room = 100;
    expect(tab.progressState().canRemember).toBe(false);
  });
});

describe('a record that does not fit aside', () => {
  it('is offered itself, and gives way once the learner has it elsewhere', async () => {
    const text = `{"version":9,"lessons":{"${lesson}":{"turns":["a"],"checks":{}}}}${' '.repeat(900)}`;
    const storage = new FakeStorage({ [key]: text });
    storage.room = 500;
    const tab = await openTab(storage);
    tab.recordTurn(lesson, 'b');
    const { aside } = tab.progressState();
    expect(aside.map((name) => tab.readAside(name))).toEqual([text]);
    tab.forgetAside();
    storage.room = Infinity;
    expect(tab.progressState()).toEqual({ canRemember: true, aside: [] });
    const after = await openTab(storage);
    expect(after.readProgress().lessons[lesson]?.turns).toEqual(['a', 'b']);
  });

  it('is not read where it is far larger than a record can be', async () => {
    const large = JSON.stringify({ version: 1, lessons: {}, x: 'x'.repeat(600_000) });
    const parse = vi.spyOn(JSON, 'parse');
    const tab = await openTab(new FakeStorage({ [key]: large }));
    tab.recordTurn(lesson, 'a');
    expect(tab.importProgress(large)).toBe('too-large');
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
    expect(tab.progressState().aside.map((name) => tab.readAside(name))).toEqual([large]);
  });
});

/**
 * Storage as browsers with a process for each tab share it: a tab sees its own writing at once and
 * that of others only when word of it arrives, in the order in which all of it took place.
 */
class SharedStorage {
  stored: string | null = null;
  readonly #tabs: TabView[] = [];

  open(): TabView {
    const tab = new TabView(this);
    this.#tabs.push(tab);
    return tab;
  }

  write(writer: TabView, value: string | null): void {
    if (value === this.stored) return;
    this.stored = value;
    for (const tab of this.#tabs) tab.coming.push({ value, isOwn: tab === writer });
  }
}

class TabView {
  readonly coming: { readonly value: string | null; readonly isOwn: boolean }[] = [];
  readonly #shared: SharedStorage;
  #seen: string | null;
  hear: (event: { key: string; newValue: string | null }) => void = () => undefined;

  constructor(shared: SharedStorage) {
    this.#shared = shared;
    this.#seen = shared.stored;
  }

  getItem(name: string): string | null {
    return name === key ? this.#seen : null;
  }

  setItem(name: string, value: string): void {
    if (name !== key) return;
    this.#seen = value;
    this.#shared.write(this, value);
  }

  removeItem(name: string): void {
    if (name !== key) return;
    this.#seen = null;
    this.#shared.write(this, null);
  }

  /** Word of one more writing arrives. */
  next(): boolean {
    const news = this.coming.shift();
    if (news === undefined) return false;
    if (news.isOwn) return true;
    // What this tab has written since hides what others wrote before.
    if (!this.coming.some(({ isOwn }) => isOwn)) this.#seen = news.value;
    this.hear({ key, newValue: news.value });
    return true;
  }
}

describe('tabs that see one another late', () => {
  interface OpenedTab {
    readonly view: TabView;
    readonly store: Awaited<ReturnType<typeof openTab>>;
    /** Does something in this tab. */
    readonly run: <T>(act: () => T) => T;
  }

  async function openTabs(count: number) {
    const shared = new SharedStorage();
    const tabs: OpenedTab[] = [];
    for (let index = 0; index < count; index += 1) {
      const view = shared.open();
      const store = await openTab(null);
      const listener: unknown = vi.mocked(addEventListener).mock.calls[0]?.[1];
      const run = <T>(act: () => T): T => {
        vi.stubGlobal('localStorage', view);
        return act();
      };
      view.hear = (event) => {
        run(() => {
          if (typeof listener === 'function') Reflect.apply(listener, undefined, [event]);
        });
      };
      tabs.push({ view, store, run });
    }
    const settle = (): void => {
      for (let rounds = 0; tabs.some(({ view }) => view.next()); rounds += 1) {
        if (rounds > 10_000) throw new Error('The tabs answer one another for ever');
      }
    };
    return { shared, tabs, settle };
  }

  it('lose nothing that any of them did, whatever the order', async () => {
    const acts = fc.array(fc.record({ tab: fc.nat(2), writes: fc.boolean() }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(acts, async (steps) => {
        const { shared, tabs, settle } = await openTabs(3);
        const done: string[] = [];
        steps.forEach(({ tab, writes }, index) => {
          const one = tabs[tab];
          if (!writes) one?.view.next();
          else {
            one?.run(() => {
              one.store.recordTurn(lesson, `turn-${index}`);
            });
            done.push(`turn-${index}`);
          }
        });
        settle();
        const kept = tabs.map(({ run, store }) => run(() => store.exportProgress()));
        if (done.length > 0) expect(new Set([...kept, shared.stored]).size).toBe(1);
        const turns = tabs[0]?.run(() => tabs[0]?.store.readProgress().lessons[lesson]?.turns);
        expect(turns ?? []).toEqual(done.sort());
      }),
      { numRuns: 60 },
    );
  });

  it('forget together', async () => {
    const { shared, tabs, settle } = await openTabs(2);
    const [one, two] = tabs;
    one?.run(() => {
      one.store.recordTurn(lesson, 'a');
    });
    settle();
    two?.run(() => {
      two.store.clearProgress();
    });
    settle();
    expect(shared.stored).toBeNull();
    expect(one?.run(() => one.store.readProgress().lessons)).toEqual({});
  });
});
