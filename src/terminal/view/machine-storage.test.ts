import { beforeEach, describe, expect, it, vi } from 'vitest';
import { SimulatedMachine } from '../simulated-machine.ts';
import { debian12 } from '../distributions/debian-12.ts';
import { isSnapshot } from '../simulated-snapshot.ts';
import { machineStorage } from './machine-storage.ts';

/** As much of localStorage as is used; `room` is how many characters fit in all. */
class FakeStorage {
  readonly items = new Map<string, string>();
  room = Infinity;

  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }

  setItem(key: string, text: string): void {
    let used = text.length;
    for (const [name, value] of this.items) if (name !== key) used += value.length;
    if (used > this.room) throw new DOMException('full', 'QuotaExceededError');
    this.items.set(key, text);
  }

  removeItem(key: string): void {
    this.items.delete(key);
  }
}

let storage: FakeStorage;

beforeEach(() => {
  storage = new FakeStorage();
  vi.stubGlobal('localStorage', storage);
});

describe('a machine kept in the browser', () => {
  const cut = '{"kind":"simulated-linux","version":1,"distr';

  it('that is cut counts as none, and is copied before it is written over', () => {
    storage.setItem('port-dojo:machine:free', cut);
    expect(machineStorage.load('free')).toBeUndefined();
    expect(machineStorage.has('free')).toBe(true);
    expect(machineStorage.putAside('free')).toBe(true);
    machineStorage.save('free', { kind: 'other' });
    expect([...storage.items.values()]).toContain(cut);
  });

  it('is copied once, and another one beside it', () => {
    storage.setItem('port-dojo:machine:free', cut);
    machineStorage.putAside('free');
    machineStorage.putAside('free');
    expect(storage.items.size).toBe(2);
    storage.setItem('port-dojo:machine:free', '{"version":9}');
    machineStorage.putAside('free');
    expect([...storage.items.values()].sort()).toEqual(
      [cut, '{"version":9}', '{"version":9}'].sort(),
    );
  });

  it('that was put aside is given back word for word, and forgotten on request', () => {
    for (const text of [cut, '{"version":9}']) {
      storage.setItem('port-dojo:machine:free', text);
      machineStorage.putAside('free');
    }
    expect(machineStorage.aside('free')).toEqual([cut, '{"version":9}']);
    expect(machineStorage.aside('other')).toEqual([]);
    machineStorage.forgetAside('free');
    expect(machineStorage.aside('free')).toEqual([]);
    expect(machineStorage.has('free')).toBe(true);
  });

  it('says where there is no room for the copy or for the machine', () => {
    storage.setItem('port-dojo:machine:free', cut);
    storage.room = cut.length + 10;
    expect(machineStorage.putAside('free')).toBe(false);
    expect(machineStorage.save('other', 'x'.repeat(100))).toBe(false);
    expect(storage.getItem('port-dojo:machine:free')).toBe(cut);
  });
});

describe('a machine that is given what was kept', () => {
  const make = (): SimulatedMachine =>
    new SimulatedMachine({
      distribution: debian12,
      seed: 7,
      words: new Proxy({} as never, { get: () => '' }),
      pace: 'instant',
      setup: [],
      servers: [],
      manual: () => Promise.resolve(undefined),
    });

  it('goes on from a whole one, and starts from nothing with any that is not', async () => {
    const first = make();
    await first.start();
    const whole: unknown = JSON.parse(JSON.stringify(first.snapshot()));
    const second = make();
    second.restoreLater(whole);
    await second.start();
    expect(second.goesOn).toBe(true);
    if (!isSnapshot(whole)) throw new Error('A snapshot is not known as one');
    const odd: readonly unknown[] = [
      null,
      'text',
      { ...whole, version: 1 },
      { ...whole, seed: 8 },
      { ...whole, shell: { levels: whole.shell.levels } },
      { ...whole, shell: { ...whole.shell, history: 'ls' } },
      { ...whole, shell: { ...whole.shell, history: [1] } },
      { ...whole, shell: { ...whole.shell, levels: 5 } },
      { ...whole, host: {} },
    ];
    for (const kept of odd) {
      const machine = make();
      machine.restoreLater(kept);
      await machine.start();
      expect(machine.goesOn).toBe(false);
      machine.stop();
    }
    first.stop();
    second.stop();
  });
});
