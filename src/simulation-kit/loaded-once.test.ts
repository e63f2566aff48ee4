import { expect, it } from 'vitest';
import { loadedOnce } from './loaded-once.ts';

it('loads once, and all who asked go on in their order', async () => {
  const waiting: ((part: string) => void)[] = [];
  const part = loadedOnce(() => new Promise<string>((resolve) => waiting.push(resolve)));
  const done: string[] = [];
  const press = async (name: string): Promise<void> => {
    done.push(`${name} ${await part()}`);
  };
  const pressed = [press('first'), press('second')];
  expect(waiting).toHaveLength(1);
  for (const resolve of waiting.toReversed()) resolve('has it');
  await Promise.all(pressed);
  expect(done).toEqual(['first has it', 'second has it']);
});

it('tries again after a failure', async () => {
  let count = 0;
  const part = loadedOnce(() =>
    (count += 1) === 1 ? Promise.reject(new Error('no network')) : Promise.resolve(count),
  );
  await expect(part()).rejects.toThrow('no network');
  expect(await part()).toBe(2);
  expect(await part()).toBe(2);
});
