/**
 * What nc says and hears, as OpenBSD netcat 1.219 does (tried on Debian 12): a listener prints what
 * comes, and a client whose input has ended waits on unless it is told otherwise.
 */

import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { testMachine } from '../golden/terminal/test-machine.ts';

describe('a listening nc', () => {
  it('prints what is said to it, in the terminal in which it was started', async () => {
    const machine = await testMachine();
    await machine.run('nc -l 8080 &');
    expect((await machine.run('echo hello | nc -N 127.0.0.1 8080')).stdout).toBe('hello\n');
    expect((await machine.run('ss -Htl sport = 8080')).stdout).toBe('');
  });

  it('hears datagrams too', async () => {
    const machine = await testMachine();
    await machine.run('nc -lu 5353 &');
    expect((await machine.run('echo hello | nc -u -w 1 127.0.0.1 5353')).stdout).toBe('hello\n');
  });

  it('hears one after the other where it goes on listening', async () => {
    const machine = await testMachine();
    await machine.run('nc -lk 8080 &');
    expect((await machine.run('echo one | nc -N localhost 8080')).stdout).toBe('one\n');
    expect((await machine.run('echo two | nc -q 0 localhost 8080')).stdout).toBe('two\n');
  });

  it('writes into the file it is told to, and not into the terminal', async () => {
    const machine = await testMachine();
    await machine.run('nc -l 8080 > /tmp/heard &');
    expect((await machine.run('echo hello | nc -N 127.0.0.1 8080')).stdout).toBe('');
    await machine.run('sleep 1');
    expect((await machine.run('cat /tmp/heard')).stdout).toBe('hello\n');
  });

  it('prints nothing of what is said to another', async () => {
    const machine = await testMachine();
    await machine.run('nc -lk 8080 &');
    await machine.run('nc -lk 8081 > /dev/null &');
    expect((await machine.run('echo hello | nc -N 127.0.0.1 8081')).stdout).toBe('');
  });
});

describe('a client whose input has ended', () => {
  it.each([
    ['nc 127.0.0.1 8080', true],
    ['nc -N 127.0.0.1 8080', false],
    ['nc -q 2 127.0.0.1 8080', false],
    ['nc -w 2 127.0.0.1 8080', false],
  ])('%s waits for the other side: %s', async (line, waits) => {
    const machine = await testMachine();
    await machine.run('nc -lk 8080 > /dev/null &');
    const { world } = machine.host;
    const begunMs = world.nowMs;
    const run = { isOver: false };
    const running = machine.run(`echo hello | ${line}`).then(() => {
      run.isOver = true;
    });
    while (!run.isOver && world.nowMs < begunMs + 10_000) await setImmediate();
    expect(run.isOver).toBe(!waits);
    machine.send({ kind: 'interrupt' });
    await running;
    expect((await machine.run('ss -Htn dport = 8080 and state established')).stdout).toBe('');
  });
});
