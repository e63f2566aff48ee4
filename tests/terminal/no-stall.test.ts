/**
 * What does not end by itself never keeps the page: it is stopped by counts, not by a clock, or lets the
 * event loop have its turn again and again.
 */

import { describe, expect, it } from 'vitest';
import { awkSteps } from '../../src/terminal/shell/limits.ts';
import { testMachine } from '../golden/terminal/test-machine.ts';

describe('a program of the library that goes on for ever', () => {
  it.each([
    [`awk 'BEGIN{while(1) x++}'`, `awk: more than ${awkSteps(0)} steps of a program`],
    [`awk 'BEGIN{for(;;) x=x "aaaaaaaaaa"}'`, `awk: more than ${awkSteps(0)} steps of a program`],
    [`seq 10 | awk '{while(1) print}'`, `awk: more than ${awkSteps(10)} steps of a program`],
    [
      `seq 1000 | awk '{for(i=0;i<100;i++) s+=i} END{print s}'`,
      `awk: more than ${awkSteps(1000)} steps of a program`,
    ],
    [`echo x | sed ':a;ba'`, 'sed: sed: sed: command execution exceeded maximum iterations (5000)'],
    [
      `echo x | sed ':a;s/x/xx/;ta'`,
      'sed: sed: sed: command execution exceeded maximum iterations (5000)',
    ],
  ])('%s is stopped by a count', async (line, limit) => {
    const machine = await testMachine('generic-linux');
    const { output, exitCode } = await machine.run(line);
    expect(output).toContain(`stopped by this page's limit: ${limit}`);
    expect(exitCode).toBe(130);
  });

  it('has enough steps for the longest table of sockets', async () => {
    const machine = await testMachine('generic-linux');
    const line = `seq 28232 | awk '{n[$1 % 7]++; s+=$1} END{print s, n[3]}'`;
    expect((await machine.run(line)).output).toBe('398537028 4033\n');
    const { output } = await machine.run(`seq 20000 | sed 's/1/2/g;s/3/4/g' | tail -1`);
    expect(output).toBe('20000\n');
  });
});

describe('a script that goes on for ever', () => {
  it.each([
    'while :; do :; done',
    'f() { while true; do x=$((x+1)); done; }; f',
    'yes | cat >/dev/null',
    'cat /dev/zero | wc -c',
    'cat /dev/urandom >/dev/null',
  ])('%s gives the event loop its turns', async (line) => {
    const machine = await testMachine('generic-linux');
    const running = machine.run(line);
    // Each of these is a turn that the page would have had; none would come if the script kept it.
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
    machine.send({ kind: 'interrupt' });
    expect((await running).exitCode).toBe(130);
  });

  it('matches patterns in bounded steps', async () => {
    const machine = await testMachine('generic-linux');
    const long = 'a'.repeat(60);
    for (const test of [
      `[[ ${long}! =~ (a+)+$ ]]`,
      `[[ ${long}! == ${'*a'.repeat(14)}b ]]`,
      `shopt -s extglob; [[ ${long}! == +(+(a)) ]]`,
    ])
      expect((await machine.run(`${test} || echo no`)).output).toBe('no\n');
  });
});
