/** journalctl -f prints what a service says while it waits. */

import { expect, it } from 'vitest';
import { listenTo, testMachine } from '../golden/terminal/test-machine.ts';

it('follows a service until Ctrl+C', async () => {
  const machine = await testMachine('debian-12');
  const written = listenTo(machine);
  const running = machine.run('journalctl -f -u ssh -n 1 -o cat');
  await written('Started ssh.service');
  machine.host.services.reload('ssh');
  machine.host.services.stop('cron');
  await written('Reloaded ssh.service');
  machine.send({ kind: 'interrupt' });
  const result = await running;
  expect(result.stdout.split('\n')).toEqual([
    'Started ssh.service - OpenBSD Secure Shell server.',
    'Received SIGHUP; restarting.',
    'Server listening on 0.0.0.0 port 22.',
    'Server listening on :: port 22.',
    'Reloaded ssh.service - OpenBSD Secure Shell server.',
    '',
  ]);
  expect(result.exitCode).toBe(130);
});

it('finds lines by their moment, and the latest first', async () => {
  const machine = await testMachine('debian-12');
  await machine.run('sudo systemctl restart cron');
  const lines = async (options: string) =>
    (await machine.run(`journalctl -u cron -o cat ${options} | wc -l`)).stdout.trim();
  expect(await lines('')).toBe('7');
  expect(await lines('--since "09:01"')).toBe('5');
  expect(await lines('--until "2026-01-05 09:01"')).toBe('2');
  expect(await lines('--since -10s')).toBe('5');
  expect((await machine.run('journalctl -ru cron -n 1')).stdout).toBe(
    'Jan 05 09:01:02 debian systemd[1]: Started cron.service - Regular background program processing daemon.\n',
  );
});
