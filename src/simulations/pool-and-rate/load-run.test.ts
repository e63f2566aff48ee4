/** The recording of what each remedy achieves (tests/golden: remedies), done again by the engine. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runLoad } from './load-run.ts';
import type { Remedy } from './setup.ts';

interface Recording {
  readonly table: readonly (readonly [string, number, number, string, string])[];
}

const recording = JSON.parse(
  readFileSync(new URL('../../../tests/golden/remedies.json', import.meta.url), 'utf8'),
) as Recording;

const cases: readonly (readonly [string, readonly Remedy[]])[] = [
  ['none (client closes first)', []],
  ['wider range 40000 40999', ['wider-range']],
  ['second destination port', ['second-destination']],
  ['keep-alive: one connection for all requests', ['keep-alive']],
  ['server closes first', ['server-closes']],
  ['tcp_tw_reuse=1', ['reuse-on']],
  ['tcp_tw_reuse=1, tcp_tw_reuse_delay=100', ['reuse-on', 'reuse-delay']],
  ['tcp_tw_reuse=2 (default; not a loopback address)', ['reuse-loopback']],
  ['tcp_fin_timeout=5', ['fin-timeout']],
  ['SO_LINGER 0 (reset instead of close)', ['reset']],
  ['SO_REUSEADDR on the client, plain connect', ['reuse-address']],
];

describe.each(cases)('%s', (name, remedies) => {
  const row = recording.table.find(([remedy]) => remedy === name);
  if (!row) throw new Error(`the recording has no row "${name}"`);
  const [, steady, burst, firstError, left] = row;

  it('200 a second for 10 s: as many as recorded, with the same error', () => {
    const result = runLoad({ rate: 200, remedies });
    expect(result.attempts).toBe(2000);
    expect(result.ok).toBe(burst);
    expect(result.error ?? 'none').toBe(firstError);
    expect(`${String(result.timeWait.client)} / ${String(result.timeWait.server)}`).toBe(left);
  });

  it('10 a second for 130 s: as recorded, TIME-WAIT ending in lumps', () => {
    const result = runLoad({ rate: 10, remedies });
    expect(result.attempts).toBe(1300);
    // One more or less: where in its lumps the wheel was.
    expect(Math.abs(result.ok - steady)).toBeLessThanOrEqual(1);
    if (steady === 1300) expect(result.firstFailed).toBeNull();
  });
});

describe('the arithmetic', () => {
  it('100 ports carry 1.6 a second and not 1.7', () => {
    expect(runLoad({ rate: 1.6, remedies: [] }).firstFailed).toBeNull();
    expect(runLoad({ rate: 1.7, remedies: [] }).firstFailed).toBe(101);
  });

  it('a connect walks further once half the ports are gone', () => {
    const { parts } = runLoad({ rate: 10, remedies: [] });
    const walked = runLoad({ rate: 200, remedies: ['wider-range'] }).parts.map(
      (part) => part.walked,
    );
    expect(walked[0]).toBeLessThan(5);
    expect(Math.max(...walked)).toBeGreaterThan(500);
    expect(parts[2]).toEqual({ ok: 0, failed: 100, walked: 0 });
  });
});
