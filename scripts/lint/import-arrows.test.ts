import { describe, expect, it } from 'vitest';
import { judgeImport } from './import-arrows.js';

describe('imports point from pages to views to pure code', () => {
  it.each([
    ['pages/index.astro', '../layouts/BaseLayout.astro'],
    ['pages/index.astro', '@/simulations/connection/ConnectionSimulator.astro'],
    ['simulations/connection/view.ts', '../../network/world.ts'],
    ['simulations/connection/view.ts', './model.ts'],
    ['simulations/connection/View.svelte', 'svelte'],
    ['simulations/a/A.astro', '@/simulations/b/B.astro'],
    ['network/world.ts', './port-selection/linux.ts'],
    ['network/world.ts', '../time-and-chance/random.ts'],
    ['quiz/engine/grade.ts', '../../network/port-ranges.ts'],
    ['quiz/view/Check.svelte', '../engine/grade.ts'],
    ['terminal/view/Terminal.svelte', '../commands/ss.ts'],
  ])('%s may import %s', (from, specifier) => {
    expect(judgeImport(from, specifier)).toBeUndefined();
  });

  it.each([
    ['network/world.ts', 'node:fs', /not pure code/],
    ['network/world.ts', 'svelte', /not pure code/],
    ['network/world.ts', '@/network/trace.ts', /relative path/],
    ['network/world.ts', '../simulations/connection/view.ts', /may not know simulations/],
    ['network/world.ts', '../services/registry.ts', /may not know services/],
    ['time-and-chance/random.ts', '../network/world.ts', /may not know network/],
    ['quiz/engine/grade.ts', '../view/Check.svelte', /may not know quiz\/view/],
    ['terminal/commands/ss.ts', '../view/Terminal.svelte', /may not know terminal\/view/],
    ['simulation-kit/clock.ts', '@/simulations/connection/view.ts', /may not know simulations/],
    ['simulations/a/view.ts', '../b/view.ts', /private to the widget b/],
    ['simulations/a/A.astro', '@/layouts/BaseLayout.astro', /may not know layouts/],
  ])('%s may not import %s', (from, specifier, reason) => {
    expect(judgeImport(from, specifier)).toMatch(reason);
  });
});
