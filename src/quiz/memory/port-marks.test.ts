import { describe, expect, it } from 'vitest';
import { noPracticeMemory, type ItemMemory } from '../../progress/practice-memory.ts';
import { portMarks } from './port-marks.ts';

const NOW = 1_000_000;
const kept = (stability: number, due: number): ItemMemory => ({
  at: 0,
  due,
  stability,
  difficulty: 5,
  reps: 3,
  lapses: 0,
  state: 2,
  step: 0,
});
const marksOf = (items: Readonly<Record<string, ItemMemory>>) =>
  portMarks({ ...noPracticeMemory, items }, NOW);

describe('the ports on the line', () => {
  it('are known after a week, due when they are to be asked again, else new', () => {
    expect(
      marksOf({
        'port-of-service/993-tcp': kept(20, NOW + 1),
        'port-of-service/22-tcp': kept(7, NOW + 1),
        'port-of-service/53-udp': kept(20, NOW),
        'service-of-port/80-tcp': kept(6.9, NOW + 1),
        'range-of-port/443': kept(20, NOW + 1),
      }),
    ).toEqual([
      { port: 22, state: 'known' },
      { port: 53, state: 'due' },
      { port: 80, state: 'new' },
      { port: 993, state: 'known' },
    ]);
  });

  it('are as known as the least known that was asked of them', () => {
    const both = (one: ItemMemory, other: ItemMemory) =>
      marksOf({ 'port-of-service/22-tcp': one, 'service-of-port/22-tcp': other })[0]?.state;
    const [known, fresh, due] = [kept(9, NOW + 1), kept(1, NOW + 1), kept(9, NOW)];
    expect(both(known, fresh)).toBe('new');
    expect(both(fresh, known)).toBe('new');
    expect(both(due, fresh)).toBe('due');
    expect(both(known, due)).toBe('due');
  });
});
