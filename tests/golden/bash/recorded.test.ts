/**
 * Scripts through our shell give what bash 5.2 gave (recorded.json, made by record.ts): the same output,
 * the same status, and but for the page's own words the same errors.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { testMachine } from '../terminal/test-machine.ts';
import { readCases } from './cases.ts';

interface Recorded {
  readonly name: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const recorded = new Map(
  (JSON.parse(read('recorded.json')) as Recorded[]).map((one) => [one.name, one]),
);

describe('as bash does', () => {
  for (const { name, script } of readCases(read('cases.txt'))) {
    it(name, async () => {
      const machine = await testMachine('debian-12');
      machine.host.writeText('/tmp/case.sh', script);
      await machine.run('sudo -i');
      await machine.run('cd /tmp');
      const { exitCode } = await machine.run(
        'env -i HOME=/tmp PATH=/usr/bin:/bin LANG=C.UTF-8 bash /tmp/case.sh < /dev/null > /root/out 2> /root/err',
      );
      const written = (file: string) => machine.host.readText(`/root/${file}`);
      const real = recorded.get(name);
      expect({ stdout: written('out'), stderr: written('err'), status: exitCode }).toEqual({
        stdout: real?.stdout,
        stderr: real?.stderr,
        status: real?.status,
      });
    });
  }
});
