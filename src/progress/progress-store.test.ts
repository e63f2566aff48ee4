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
