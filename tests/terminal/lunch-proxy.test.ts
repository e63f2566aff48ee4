/** The lunch proxy of the labs: what it does with too few ports, and with a configuration that is wrong. */

import { expect, it } from 'vitest';
import { distributions } from '../../src/terminal/distributions/index.ts';
import { packageIds, withPackages } from '../../src/terminal/distributions/packages.ts';
import { LinuxHost } from '../../src/terminal/linux/linux-host.ts';

const [distribution] = distributions;
if (distribution === undefined) throw new Error('no distribution');

function host(...packages: readonly string[]): LinuxHost {
  return new LinuxHost({ distribution: withPackages(distribution ?? never(), packages), seed: 4 });
}

function never(): never {
  throw new Error('no distribution');
}

const log = (machine: LinuxHost): readonly string[] =>
  (machine.services.find('lunch-proxy')?.state.log ?? []).map(({ text }) => text);

const summaries = (machine: LinuxHost): readonly (readonly number[])[] =>
  log(machine).flatMap((line) => {
    const [, passed, failed] = /: (\d+) passed on, (\d+) failed/.exec(line) ?? [];
    return passed === undefined ? [] : [[Number(passed), Number(failed)]];
  });

it('with 100 ports and four a second: 25 good seconds, then 35 bad ones, as recorded', () => {
  const machine = host('lunch-proxy', 'hundred-ports');
  machine.advance(60_000);
  // remedies.json, sustained, 4 a second: 40 40 20 0 0 0 in the first six times ten seconds.
  expect(summaries(machine).map(([passed]) => passed)).toEqual([40, 40, 20, 0, 0, 0]);
  machine.advance(30_000);
  expect(summaries(machine).some(([passed = 0], index) => index > 5 && passed > 20)).toBe(true);
});

it('with the default range nothing fails', () => {
  const machine = host('lunch-proxy');
  machine.advance(120_500);
  expect(summaries(machine)).toEqual(Array.from({ length: 12 }, () => [40, 0]));
});

it('keeps one connection when told to, and makes another when that is gone', () => {
  const machine = host('lunch-proxy', 'hundred-ports');
  const path = '/etc/lunch-proxy.conf';
  machine.writeText(path, (machine.readText(path) ?? '').replace('= no', '= yes'));
  expect(machine.services.reload('lunch-proxy')).toEqual({ ok: true });
  machine.advance(200_000);
  expect(log(machine).at(-1)).toBe('last 10 s: 40 passed on, 0 failed');
  const own = () => machine.host.sockets().filter(({ remotePort }) => remotePort === 80);
  expect(own().map(({ state }) => state)).toEqual(['ESTABLISHED']);
  for (const { id } of own()) machine.host.reset(id);
  machine.advance(1000);
  expect(own().map(({ state }) => state)).toEqual(['ESTABLISHED']);
});

it('says which port refuses, and what is wrong with its file', () => {
  const machine = host('lunch-proxy');
  const path = '/etc/lunch-proxy.conf';
  const withLines = (text: string): readonly string[] => {
    machine.writeText(path, text);
    machine.services.stop('lunch-proxy');
    const outcome = machine.services.start('lunch-proxy');
    return outcome.ok ? [] : [outcome.problem];
  };
  expect(withLines('backend = web:8080\n')).toEqual([]);
  machine.advance(1000);
  expect(log(machine)).toContain('connect to 10.0.0.10:8080: Connection refused (111)');
  expect(withLines('backend = 10.0.0.10\n')).toEqual([
    `${path}: backend needs an address and a port`,
  ]);
  expect(withLines('backend = web:80\nkeep_alive = often\n')).toEqual([
    `${path}:2: keep_alive is yes or no`,
  ]);
  expect(withLines('# a remark\nkeepalive on\n')).toEqual([
    `${path}:2: unknown setting: keepalive on`,
  ]);
  expect(machine.services.find('lunch-proxy')?.state.active).toBe('failed');
});

it('there is no package that nobody wrote', () => {
  expect(() => host('cake')).toThrow(packageIds.join(', '));
});
