import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Both values of every `--name: light-dark(#rrggbb, #rrggbb)` of tokens.css. */
function readTokens(): Map<string, readonly [string, string]> {
  const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
  const pairs = css.matchAll(/--([a-z-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g);
  return new Map([...pairs].map(([, name = '', light = '', dark = '']) => [name, [light, dark]]));
}

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

const tokens = readTokens();
const ranges = ['well-known', 'registered', 'ephemeral'];
const grounds = ['paper', 'paper-raised', 'paper-sunken'];
const answers = ['good', 'bad', 'caution'];

/** WCAG: 7 is AAA for text, 4.5 AA for text, 3 AA for what is not text. */
const rules: readonly (readonly [number, readonly string[], readonly string[]])[] = [
  [7, ['ink', 'ink-soft', 'link'], grounds],
  [7, ['ink-faint'], ['paper', 'paper-raised']],
  [7, ranges.map((range) => `range-${range}-ink`), ['paper', 'paper-raised']],
  [3, ranges.map((range) => `range-${range}`), grounds],
  [3, ['line-strong', 'focus', 'seal'], grounds],
  [4.5, answers, grounds],
];

describe.each([
  ['light', 0],
  ['dark', 1],
] as const)('%s', (_, theme) => {
  const colour = (name: string) => tokens.get(name)?.[theme] ?? '';

  it.each(rules)('keeps a contrast of %s for %s on %s', (least, names, on) => {
    for (const name of names) {
      for (const ground of on) {
        expect(contrast(colour(name), colour(ground)), `${name} on ${ground}`).toBeGreaterThan(
          least,
        );
      }
    }
  });

  it('keeps words readable on the soft ground of their own kind', () => {
    for (const range of ranges) {
      const soft = colour(`range-${range}-soft`);
      expect(contrast(colour(`range-${range}-ink`), soft), range).toBeGreaterThan(7);
      expect(contrast(colour('ink'), soft), range).toBeGreaterThan(7);
    }
    for (const answer of answers) {
      expect(contrast(colour(answer), colour(`${answer}-soft`)), answer).toBeGreaterThan(4.5);
    }
  });
});
