import { describe, expect, it } from 'vitest';
import { senseiMoods, studentMoods } from '../../schemas/vocabulary.ts';
import { fill, merged, shared, sharedIn, stroke, turned, type Part } from './brush.ts';
import { pictures } from './people.ts';

const shapesOf = (parts: readonly Part[]): string[] =>
  parts.flatMap((part) => ('parts' in part ? shapesOf(part.parts) : [part.d]));

describe('a stroke', () => {
  it('begins and ends in a point, and is as wide as asked in between', () => {
    const { d } = stroke(4, [0, 0, 10, 0, 20, 0, 30, 0]);
    expect(d).toBe('M0 0c10 2.7 20 2.7 30 0c-10-2.7-20-2.7-30 0z');
  });

  it('says what is wrong with half a curve', () => {
    expect(() => stroke(1, [0, 0, 1, 1])).toThrow('not 4');
  });
});

describe('a picture', () => {
  it('joins neighbours of one tone, and leaves the order of tones', () => {
    const parts = [fill('line', 'M0 0z'), fill('line', 'M1 1z'), fill('skin', 'M2 2z')];
    expect(merged([turned('rotate(1)', parts)])).toEqual([
      { turn: 'rotate(1)', parts: [fill('line', 'M0 0zM1 1z'), fill('skin', 'M2 2z')] },
    ]);
  });

  it('names what it shares once, inner parts first', () => {
    const inner = shared('inner', [fill('line', 'M0 0z')]);
    const outer = shared('outer', [...inner, ...inner]);
    expect([...sharedIn([...outer, ...inner]).keys()]).toEqual(['inner', 'outer']);
  });
});

describe('the people', () => {
  const wanted = [
    ...senseiMoods.map((mood) => `sensei-${mood}`),
    ...studentMoods.map((mood) => `student-${mood}`),
  ];

  it('are drawn in every mood that an author can ask for, six each', () => {
    expect([...pictures.keys()].toSorted()).toEqual(wanted.toSorted());
    expect([senseiMoods.length, studentMoods.length]).toEqual([6, 6]);
  });

  it('look different in each mood', () => {
    const drawn = [...pictures.values()].map((parts) => JSON.stringify(parts));
    expect(new Set(drawn).size).toBe(12);
  });

  it('consist of shapes that a browser can draw', () => {
    for (const [name, parts] of pictures) {
      for (const d of shapesOf(parts)) expect(d, name).toMatch(/^M[-\d McClLhHvVsSzZ]+$/);
    }
  });
});
