import { expect, it } from 'vitest';
import { picksFor } from './picks.ts';

it('picks what Linux picks: even ports of its range, another one each time', () => {
  const [web = [], mail = []] = picksFor([443, 587]);
  expect([web.length, mail.length]).toEqual([12, 12]);
  expect(new Set([...web, ...mail]).size).toBe(24);
  for (const port of [...web, ...mail]) {
    expect(port % 2).toBe(0);
    expect(port).toBeGreaterThanOrEqual(32768);
    expect(port).toBeLessThanOrEqual(60999);
  }
});
