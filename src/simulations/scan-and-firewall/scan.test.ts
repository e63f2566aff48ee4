import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fetchPage, scan } from './scan.ts';
import { startingSetup, type Guard, type ServerSetup } from './server-setup.ts';

function setupOf(
  ports: readonly (readonly [boolean, Guard])[],
  rest?: Partial<ServerSetup>,
): ServerSetup {
  return {
    ...startingSetup,
    ports: startingSetup.ports.map((one, index) => {
      const [isRunning = one.isRunning, guard = one.guard] = ports[index] ?? [];
      return { ...one, isRunning, guard };
    }),
    ...rest,
  };
}

describe('a scan from outside', () => {
  it('sees the ports as they are at the beginning', () => {
    expect(scan(startingSetup).map(({ port, verdict }) => [port, verdict])).toEqual([
      [22, 'open'],
      [80, 'open'],
      [443, 'open'],
      [3306, 'filtered'],
      [8080, 'closed'],
    ]);
  });

  it('is open only for a running program that may be reached, filtered only for a dropping guard', () => {
    const one = fc.tuple(fc.boolean(), fc.constantFrom<Guard>('accept', 'drop', 'reject'));
    fc.assert(
      fc.property(
        fc.array(one, { minLength: 5, maxLength: 5 }),
        fc.boolean(),
        (ports, isStateful) => {
          const setup = setupOf(ports, { isStateful });
          scan(setup).forEach((result, index) => {
            const [isRunning, guard] = ports[index] ?? [false, 'drop'];
            const expected =
              guard === 'drop' ? 'filtered' : guard === 'reject' || !isRunning ? 'closed' : 'open';
            expect(result.verdict).toBe(expected);
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('asks again into silence, and once where it is answered', () => {
    const results = scan(startingSetup);
    expect(results.map(({ syns }) => syns)).toEqual([1, 1, 1, 3, 1]);
  });
});

describe('a page fetched by the server itself', () => {
  it('comes back through a stateful rule, on the source port that it left from', () => {
    const result = fetchPage(startingSetup);
    expect(result.isFetched).toBe(true);
    expect(result.to).toMatch(/^10\.0\.0\.10:\d{5}$/);
    expect(result.from).toBe('10.0.0.20:443');
  });

  it('does not come back where replies are strangers', () => {
    expect(fetchPage({ ...startingSetup, isStateful: false }).isFetched).toBe(false);
    expect(fetchPage({ ...startingSetup, isStateful: false, isClosed: false }).isFetched).toBe(
      true,
    );
  });
});
