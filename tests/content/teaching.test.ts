/**
 * Teachers' notes and plans: every lesson has them, their minutes add up, and what they point to is
 * there, in both languages: screens in the lesson's order, widgets in states that these widgets write.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { plansSchema, teachingSchema } from '../../src/schemas/teaching.ts';
import { misconceptions } from '../../src/schemas/misconceptions.ts';
import { readLessons } from './read-lesson.ts';

const root = new URL('../../content/teach/', import.meta.url);
const lessons = readLessons();
const slugs = [...new Set(lessons.map(({ slug }) => slug))];
const read = (name: string): unknown => parse(readFileSync(new URL(name, root), 'utf8'));

/** What a part's place on the page is called, beside its id. */
const prefixes: Readonly<Record<string, string>> = { Lab: 'lab-', ConnectionSimulator: 'sim-' };

/** The screens of a lesson's stage, in order. */
function screensOf(slug: string, locale: string): readonly string[] {
  const lesson = lessons.find((one) => one.slug === slug && one.locale === locale);
  const parts = (lesson?.parts ?? []).flatMap(({ name, props: { id } }) =>
    id === undefined ? [] : [`${prefixes[name] ?? ''}${id}`],
  );
  return ['title', ...parts, 'summary'];
}

it('are there for every lesson, and for nothing else', () => {
  expect(readdirSync(root).toSorted()).toEqual(
    [...slugs.map((slug) => `${slug}.yaml`), 'plans.yaml'].toSorted(),
  );
});

describe.each(slugs)('the notes of %s', (slug) => {
  const notes = teachingSchema.parse(read(`${slug}.yaml`));

  it('have steps that add up to a class, and begin at the title', () => {
    const sum = notes.plan.reduce((all, { minutes }) => all + minutes, 0);
    expect(sum).toBe(notes.minutes);
    expect(notes.plan[0]?.at).toBe('title');
  });

  it.each(['en', 'ja'])('point to screens of the lesson in its order (%s)', (locale) => {
    const screens = screensOf(slug, locale);
    const places = [
      ...notes.plan.map(({ at }) => at),
      ...notes.ask.map(({ at }) => at),
      ...notes.misconceptions.map(({ at }) => at),
      notes.board.at,
      ...notes.misconceptions.flatMap(({ show }) => show?.widget ?? []),
    ];
    const isThere = (place: string) => screens.includes(place) || screens.includes(`sim-${place}`);
    expect(places.filter((place) => !isThere(place))).toEqual([]);
    expect(notes.plan.filter(({ at }) => !screens.includes(at))).toEqual([]);
    const order = notes.plan.map(({ at }) => screens.indexOf(at));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it('name misconceptions that the course knows, each once', () => {
    const ids = notes.misconceptions.map(({ id }) => id);
    const known = misconceptions.map(({ id }) => id);
    expect(ids.filter((id) => !known.includes(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the plans', () => {
  const plans = plansSchema.parse(read('plans.yaml'));

  it('are for one class, for a long one, for five and for half a day', () => {
    expect(plans.map(({ id, minutes }) => [id, minutes])).toEqual([
      ['one-class', 50],
      ['ninety', 90],
      ['five-classes', 250],
      ['half-day', 240],
    ]);
  });

  it('add up: steps to sessions, sessions to plans', () => {
    const add = (parts: readonly { minutes: number }[]): number =>
      parts.reduce((all, { minutes }) => all + minutes, 0);
    for (const { minutes, sessions } of plans) {
      expect(add(sessions)).toBe(minutes);
      for (const session of sessions) expect(add(session.steps)).toBe(session.minutes);
    }
  });

  it('begin at screens that are there', () => {
    for (const { lesson, at } of plans.flatMap((plan) => plan.sessions.flatMap((s) => s.steps))) {
      if (lesson !== undefined) expect(screensOf(lesson, 'en')).toContain(at);
    }
  });
});

it('minutes that do not add up are refused', () => {
  const [slug = ''] = slugs;
  const notes = teachingSchema.parse(read(`${slug}.yaml`));
  const { success } = teachingSchema.safeParse({ ...notes, minutes: notes.minutes + 1 });
  expect(success).toBe(false);
});
