/** Every command can be found, has its manual page, and says what it has not. */

import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { locales } from '../../src/i18n/locales.ts';
import { commands } from '../../src/terminal/commands/index.ts';
import { distributions } from '../../src/terminal/distributions/index.ts';
import { testMachine } from '../golden/terminal/test-machine.ts';

const builtins = new Set(['bg', 'fg', 'history', 'jobs']);

describe('commands', () => {
  for (const command of commands) {
    it(`${command.name} has a manual page in every complete language`, () => {
      for (const { code } of locales.filter(({ isComplete }) => isComplete)) {
        const page = new URL(`../../content/man/${code}/${command.name}.txt`, import.meta.url);
        expect(existsSync(page), `${code}/${command.name}`).toBe(true);
      }
    });
  }

  for (const distribution of distributions) {
    it(`all lie in PATH on ${distribution.prettyName}`, async () => {
      const machine = await testMachine(distribution.id);
      for (const command of commands) {
        for (const name of [command.name, ...(command.aliases ?? [])]) {
          if (builtins.has(name)) continue;
          const result = await machine.run(`which ${name}`);
          const isHere = name !== 'firewall-cmd' || distribution.id === 'generic-linux';
          expect(result.output, name).toBe(isHere ? `/usr/bin/${name}\n` : '');
        }
      }
    });
  }

  it('--help and man say what is supported', async () => {
    const machine = await testMachine();
    expect((await machine.run('ss --help')).output).toContain('FILTER');
    expect((await machine.run('man lsof | head -2')).output).toContain('lsof');
    expect((await machine.run('man grep | cat')).exitCode).toBe(0);
    expect((await machine.run('man nonsense')).exitCode).toBe(16);
  });

  it.each([
    'ss -b',
    'ss -K',
    'netstat -ie',
    'lsof -K',
    'curl -r 0-4 http://web/',
    'nc -X 5 web 80',
    'ip route add default',
    'wget -c http://web/',
    'wget --mirror http://web/',
    'systemctl edit sshd --runtime',
    'sudo -b true',
    'date -d tomorrow',
    'diff -y a b',
  ])('an option it has not is named: %s', async (line) => {
    const machine = await testMachine();
    const result = await machine.run(line);
    expect(result.output).not.toBe('');
    expect(result.exitCode).not.toBe(0);
  });

  it('a page over https is the page, and over http on that port a mistake', async () => {
    const machine = await testMachine();
    for (const get of ['curl -s', 'wget -q -O -'])
      expect((await machine.run(`${get} https://web.example/`)).output).toContain('port 443');
    expect((await machine.run('curl -s http://web.example:443/')).output).toContain('400 Bad');
    expect((await machine.run('wget -q http://web.example:443/')).exitCode).toBe(8);
  });
});
