/**
 * Stands in for vitest where mutations are tried (see in-process-runner.ts): `describe` and `it` only
 * collect, `expect` is vitest's own. Knows what the tests that are tried use and no more.
 */

export { expect } from 'vitest';

export interface CollectedTest {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly run: () => unknown;
}

export const collected = new Map<string, CollectedTest>();

let file = '';
let path: readonly string[] = [];

/** Blocks that are still to be read: one after another, for some wait for a machine. */
const blocks: (() => unknown)[] = [];

/** Collects the tests of a file, which `load` imports. */
export async function collectFrom(testFile: string, load: () => Promise<unknown>): Promise<void> {
  file = testFile;
  path = [];
  await load();
  for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) await block();
}

function within(name: string, define: () => unknown): void {
  const inner = [...path, name];
  blocks.push(() => {
    path = inner;
    return define();
  });
}

function collect(name: string, run: () => unknown): void {
  const fullName = [...path, name].join(' > ');
  let id = `${file}#${fullName}`;
  for (let again = 2; collected.has(id); again++) id = `${file}#${fullName} (${again})`;
  collected.set(id, { id, name: fullName, file, run });
}

/** `%s` and the like, filled in order; the name must only tell cases apart. */
function nameOf(template: string, values: readonly unknown[], index: number): string {
  let next = 0;
  const filled = template.replace(/%[sidjo]/g, () => {
    const value = values[next++];
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
  return `${filled} [${index}]`;
}

type Cases = (name: string, body: (...values: unknown[]) => unknown) => void;

function eachWith(define: (name: string, run: () => unknown) => void) {
  return (cases: readonly unknown[]): Cases =>
    (name, body) => {
      // As vitest does: lists are spread where every case is one.
      const areLists = cases.every((values) => Array.isArray(values));
      cases.forEach((values, index) => {
        const list: readonly unknown[] = areLists ? (values as unknown[]) : [values];
        define(nameOf(name, list, index), () => body(...list));
      });
    };
}

export const it = Object.assign(collect, { each: eachWith(collect) });
export const test = it;
export const describe = Object.assign(within, { each: eachWith(within) });
