/** Every lab is played: its solutions, and the wrong attempts with the hints meant for them. */

import { describe, expect, it } from 'vitest';
import { languagesOf, wordsIn } from '../../src/i18n/by-language.ts';
import { labIn, type LabFile } from '../../src/schemas/lab.ts';
import { firewalldService } from '../../src/terminal/distributions/firewalld-files.ts';
import { findDistribution } from '../../src/terminal/distributions/index.ts';
import type { LabSession } from '../../src/terminal/labs/lab-session.ts';
import { labTaps } from './lab-taps.ts';
import { openLab, perform, readLabs } from './play-labs.ts';

const labs = readLabs();

/** What is wrong with a lab when it is played, in words. */
async function problemsOf(file: LabFile): Promise<readonly string[]> {
  const problems: string[] = [];
  const lab = labIn(file, 'en');
  const session = await openLab(lab);
  const isTaken = (index: number) => session.position.states[index] !== 'open';
  for (const [index, step] of file.steps.entries()) {
    session.choose(index);
    const before = session.snapshot();
    for (const { do: actions, hint } of step.wrong) {
      session.restore(before);
      await perform(session, actions);
      const what = `${file.id}/${step.id}: ${JSON.stringify(actions)}`;
      if (isTaken(index)) problems.push(`${what} passes`);
      else if (session.hint()?.id !== hint)
        problems.push(`${what} gives the hint "${session.hint()?.id ?? ''}", not "${hint}"`);
    }
    for (const actions of step.also ?? []) {
      session.restore(before);
      await perform(session, actions);
      if (!isTaken(index))
        problems.push(
          `${file.id}/${step.id}: ${JSON.stringify(actions)} does not pass: hint "${session.hint()?.id ?? ''}", ${session.position.printed.slice(-300)}`,
        );
    }
    session.restore(before);
    await session.play('done');
    if (file.order !== 'any' ? session.position.index !== index + 1 : !isTaken(index)) {
      problems.push(
        `${file.id}/${step.id}: the solution leads to step ${session.position.index}, hint "${session.hint()?.id ?? ''}": ${session.position.printed.slice(-300)}`,
      );
      break;
    }
  }
  return problems;
}

describe.each(labs.map((file) => [file.id, file] as const))('lab %s', (_, file) => {
  it('is solved by its solutions and other right ways; wrong attempts do not pass and get their hints', async () => {
    expect(await problemsOf(file)).toEqual([]);
  });

  it('comes back as it was when the page is closed after any step', async () => {
    const lab = labIn(file, 'en');
    let session: LabSession = await openLab(lab);
    for (const index of lab.steps.keys()) {
      const { position } = session;
      expect(position.index).toBe(index);
      session = await openLab(lab, JSON.parse(JSON.stringify(session.snapshot())) as unknown);
      expect(session.position).toEqual(position);
      await session.play('done');
    }
    expect(session.isComplete).toBe(true);
  });

  it('can be done by tapping chips alone', async () => {
    const session = await openLab(labIn(file, 'en'));
    for (const [index, step] of file.steps.entries()) {
      session.choose(index);
      const chips = (step.chips ?? []).map((chip) => (typeof chip === 'string' ? chip : chip.put));
      for (const taps of labTaps[file.id]?.[step.id] ?? []) {
        expect(chips).toEqual(expect.arrayContaining([...taps]));
        await session.act(taps.join(''));
      }
      expect([step.id, session.position.states[index]]).toEqual([step.id, 'done']);
      if (file.order !== 'any') expect(session.position.index).toBe(index + 1);
    }
  });

  it('has the same code words in every language', () => {
    const codes = (text: string) => (text.match(/`[^`]+`/g) ?? []).sort();
    for (const step of file.steps) {
      const texts = [step.instruction, step.hint, step.after, ...step.hints];
      for (const text of texts)
        for (const language of languagesOf(text))
          expect(codes(wordsIn(text, language))).toEqual(codes(text.en));
    }
  });
});

describe.each(labs.filter(({ order }) => order === 'any').map((file) => [file.id, file] as const))(
  'lab %s, without an order',
  (_, file) => {
    const play = async (order: readonly number[]): Promise<LabSession> => {
      const session = await openLab(labIn(file, 'en'));
      for (const index of order) {
        session.choose(index);
        if (session.position.states[index] === 'open') await session.play('done');
      }
      return session;
    };
    const places = [...file.steps.keys()];

    it.each([places.toReversed(), [2, 4, 0, 3, 1]])('is done in the order %j', async (...order) => {
      const { isComplete, position } = await play(order);
      expect([isComplete, position.states]).toEqual([true, file.steps.map(() => 'done')]);
    });

    it('says what has been found before it is mended, and takes it back with the command', async () => {
      const session = await openLab(labIn(file, 'en'));
      expect(session.position.found).toEqual(places.map(() => false));
      await perform(session, ['sudo ss -ltnp']);
      const seen = session.position.found ?? [];
      expect(seen).toContain(true);
      expect(seen).toContain(false);
      expect(session.position.states).toEqual(places.map(() => 'open'));
      session.undo();
      expect(session.position.found).toEqual(places.map(() => false));
    });

    it('turns to any fault that is open, and to none that is mended', async () => {
      const session = await play([1]);
      expect(session.position.index).toBe(2);
      session.choose(1);
      expect(session.position.index).toBe(2);
      session.choose(4);
      expect(session.step?.id).toBe(file.steps[4]?.id);
    });
  },
);

it('no lab is played on a machine with firewalld, which packages for platforms leave out', () => {
  for (const file of labs) {
    const services = findDistribution(labIn(file, 'en').machine.distribution)?.services ?? [];
    expect(
      services.map(({ name }) => name),
      file.id,
    ).not.toContain(firewalldService.name);
  }
});

describe('the check of labs itself', () => {
  const file = labs.find(({ id }) => id === 'range');
  if (file === undefined) throw new Error('no lab "range"');

  it('finds a solution that does not solve', async () => {
    const steps = file.steps.map((step) =>
      step.id === 'apply' ? { ...step, solution: ['sysctl -p'] } : step,
    );
    expect(await problemsOf({ ...file, steps })).toEqual([
      expect.stringContaining('range/apply: the solution leads to step 3'),
    ]);
  });

  it('finds another right way that does not pass', async () => {
    const steps = file.steps.map((step, index) =>
      index === 0 ? { ...step, also: [['uptime']] } : step,
    );
    expect(await problemsOf({ ...file, steps })).toEqual([
      expect.stringContaining('range/read: ["uptime"] does not pass'),
    ]);
  });

  it('finds a wrong attempt that passes, and one with another hint', async () => {
    const [first, ...rest] = file.steps;
    if (first === undefined) throw new Error('no step');
    const wrong = [
      { do: ['sysctl -a | grep port_range'], hint: 'wrong-key' },
      { do: ['ss -tan'], hint: 'wrong-key' },
    ];
    expect(await problemsOf({ ...file, steps: [{ ...first, wrong }, ...rest] })).toEqual([
      expect.stringContaining('passes'),
      expect.stringContaining('gives the hint "sockets-instead", not "wrong-key"'),
    ]);
  });
});
