/**
 * What does not end by itself never keeps the page: it is stopped by counts, not by a clock, or lets the
 * event loop have its turn again and again.
 */

import { describe, expect, it, vi } from 'vitest';
import {
  serveTools,
  type StartThread,
  type ToThread,
} from '../../src/terminal/shell/just-bash/tool-thread.ts';
import { awkSteps } from '../../src/terminal/shell/limits.ts';
import { testMachine } from '../golden/terminal/test-machine.ts';

describe('a program of the library that goes on for ever', () => {
  it.each([
    [`awk 'BEGIN{while(1) x++}'`, `awk: more than ${awkSteps(0)} steps of a program`],
    [`awk 'BEGIN{for(;;) x=x "aaaaaaaaaa"}'`, `awk: more than ${awkSteps(0)} steps of a program`],
    [`seq 10 | awk '{while(1) print}'`, `awk: more than ${awkSteps(10)} steps of a program`],
    [
      `seq 10 | awk '{for(i=0;i<100000;i++) s+=i} END{print s}'`,
      `awk: more than ${awkSteps(10)} steps of a program`,
    ],
    [`printf '%99999999d' 1`, 'a value of more than 4194304 characters'],
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

describe('a tool in a thread of its own', () => {
  it('leaves nothing to compute on this thread, and ends with Ctrl+C', async () => {
    const posted: ToThread[] = [];
    let ended = 0;
    // A thread that never answers: whatever this thread does, it does by itself.
    const machine = await testMachine('generic-linux', {
      startToolThread: () => ({
        post: (message) => posted.push(message),
        end: () => (ended += 1),
      }),
    });
    const running = machine.run(`awk 'BEGIN{while(1) x++}'`);
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
    expect(posted.map((message) => message.kind)).toEqual(['run']);
    machine.send({ kind: 'interrupt' });
    expect((await running).exitCode).toBe(130);
    expect(ended).toBe(1);
  });

  it('where no thread can be had, tools run on the page', async () => {
    const machine = await testMachine('generic-linux', {
      startToolThread: (heard) => {
        setTimeout(() => {
          heard({ kind: 'lost' });
        }, 0);
        return { post: () => undefined, end: () => undefined };
      },
    });
    const line = `seq 5 | awk '{s+=$1} END{print s}'`;
    expect((await machine.run(line)).stdout).toBe('15\n');
    expect((await machine.run(line)).stdout).toBe('15\n');
  });

  it.each([
    `seq 5 | awk '{s+=$1} END{print s}'`,
    `awk 'BEGIN{while(1) x++}'`,
    `find /etc -name 'host*' -exec wc -l {} \\;`,
    `cat /etc/hosts > q; sed -i s/local/LOCAL/ q; cat q`,
    `grep -rn root /etc | head -3; grep x /nosuch /root/x`,
    `find / -name '*.conf'; mkdir /a/b; touch /root/x; mkdir n; rmdir n; ls -d n`,
    `yes | sed s/y/z/ | head -3; seq 30 | sort -rn | tail -1 | tr 0-9 a-j`,
    `head -c 40 /dev/urandom | base64 | wc -c; printf '\\377\\0' | od -c`,
    `seq 4 | xargs -n1 ss -tln sport = | wc -l`,
  ])('%s does there what it does here', async (line) => {
    const here = await testMachine('generic-linux');
    const there = await testMachine('generic-linux', { startToolThread: cloningThread });
    expect(await there.run(line)).toEqual(await here.run(line));
  });
});

/** A thread as a worker is one: whatever passes is copied, and arrives later. */
const cloningThread: StartThread = (heard) => {
  const serve = serveTools((message) => {
    const copy = structuredClone(message);
    setTimeout(() => {
      heard(copy);
    }, 0);
  });
  return {
    post: (message) => {
      const copy = structuredClone(message);
      setTimeout(() => {
        serve(copy);
      }, 0);
    },
    end: () => undefined,
  };
};

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

  it('gives the event loop its turns within one long word', async () => {
    const machine = await testMachine('generic-linux');
    let turns = 0;
    const count = () => {
      turns += 1;
      timer = setTimeout(count, 0);
    };
    let timer = setTimeout(count, 0);
    const { output } = await machine.run('echo {1..99999} | wc -w');
    clearTimeout(timer);
    expect(output).toBe('99999\n');
    expect(turns).toBeGreaterThan(1);
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

describe('one long piece of work on this thread', () => {
  const grown = (letters: string, times: number) =>
    `x=${letters}; for i in {1..${times}}; do x=$x$x; done; `;

  // How often at least the page may have its turn, were every moment the right one for it.
  it.each([
    ['each letter replaced', `${grown('abcdefgh', 15)}y=\${x//[ab]/--}; echo \${#y}`, 8, '327680'],
    ['any letter replaced', `${grown('abcdefgh', 15)}y=\${x//?/b}; echo \${#y}`, 30, '262144'],
    ['a repetition replaced', `${grown('aabz', 14)}y=\${x//a*b/-}; echo $y`, 1, '-z'],
    [
      'letters made large',
      `${grown('abcdefgh', 15)}y=\${x^^[a-c]}; echo \${y:0:8}`,
      30,
      'ABCdefgh',
    ],
    ['the shortest end taken', `${grown('abcdefgh', 13)}y=\${x%b*z*}; echo \${#y}`, 1, '65536'],
    ['the longest end taken', `${grown('abcdefgh', 13)}y=\${x%%b*z}; echo \${#y}`, 1, '65536'],
    ['the longest start taken', `${grown('abcdefgh', 13)}y=\${x##*h*z}; echo \${#y}`, 1, '65536'],
    ['a pattern', `${grown('abcdefgh', 13)}[[ $x == *h*g*z ]] || echo no`, 1, 'no'],
    ['a case', `${grown('abcdefgh', 13)}case $x in *h*g*z) ;; *) echo no ;; esac`, 1, 'no'],
    ['an expression', `${grown('abcdefgh', 13)}[[ $x =~ h.*z ]] || echo no`, 1, 'no'],
    ['many elements', `a=({1..9000}); echo "\${a[*]/9/}" | wc -c`, 10, '41453'],
    ['a long line read', `${grown('abcdefgh', 15)}read -r y <<< $x; echo \${#y}`, 30, '262144'],
    ['many lines counted', 'seq 60000 | uniq -c | tail -1', 14, '      1 60000'],
  ])('%s gives the page its turns', async (_, line, least, printed) => {
    const machine = await testMachine('generic-linux');
    const prepared = line.slice(0, line.lastIndexOf('done; ') + 6);
    const work = line.slice(prepared.length === 5 ? 0 : prepared.length);
    if (work !== line) await machine.run(prepared);
    const { pageYield } = machine.shell;
    vi.spyOn(pageYield, 'isDue', 'get').mockReturnValue(true);
    const turn = vi.spyOn(pageYield, 'now').mockResolvedValue();
    await machine.run(':; :');
    const without = turn.mock.calls.length;
    turn.mockClear();
    expect((await machine.run(work)).output).toBe(`${printed}\n`);
    expect(turn.mock.calls.length - without).toBeGreaterThanOrEqual(least);
  });

  it('grows an array by one without looking at all of it', async () => {
    const machine = await testMachine('generic-linux');
    const line = 'a=(); for i in {1..30000}; do a+=($i); done; echo ${#a[@]} ${a[-1]} ${a[29998]}';
    expect((await machine.run(line)).output).toBe('30000 30000 29999\n');
  });
});

describe('lines that are pasted', () => {
  it('a here-document is read when its end is there, not with each line', async () => {
    const machine = await testMachine('generic-linux');
    const read = vi.spyOn(machine.shell, 'read');
    let printed = '';
    const isDone = new Promise<void>((resolve) => {
      machine.onOutput((output) => {
        if (output.event === 'text') printed += output.text;
        if (printed.endsWith('done\n')) resolve();
      });
    });
    const body = Array.from({ length: 400 }, (_, index) => `line ${index}`);
    for (const text of ['cat <<-EOF | wc -l', ...body, '\tEOF', '!nosuch', 'echo done'])
      machine.send({ kind: 'line', text });
    await isDone;
    expect(printed).toBe('400\nbash: !nosuch: event not found\ndone\n');
    expect(read.mock.calls.length).toBeLessThan(5);
  });

  it('the lines of a loop are each read once, whoever gives them', async () => {
    const machine = await testMachine('generic-linux');
    const loop = ['for i in 1 2; do', ...new Array<string>(40).fill('echo $i'), 'done | tail -1'];
    machine.host.writeText('/tmp/loop', `${loop.join('\n')}\n`);
    expect((await machine.run('bash < /tmp/loop; . /tmp/loop')).output).toBe('2\n2\n');
    let printed = '';
    const isDone = new Promise<void>((resolve) => {
      machine.onOutput((output) => {
        if (output.event === 'text') printed += output.text;
        if (printed.endsWith('done\n')) resolve();
      });
    });
    for (const text of [...loop, 'echo done']) machine.send({ kind: 'line', text });
    await isDone;
    expect(printed).toBe('2\ndone\n');
  });

  it('Ctrl+C forgets those that have not been run', async () => {
    const machine = await testMachine('generic-linux');
    const prompts: string[] = [];
    machine.onOutput((output) => {
      if (output.event === 'prompt') prompts.push(output.prompt);
    });
    for (const text of ['cat <<EOF', 'one', 'two', 'three']) machine.send({ kind: 'line', text });
    machine.send({ kind: 'interrupt' });
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
    expect(prompts.at(-1)).toContain('$');
    expect((await machine.run('echo again')).output).toBe('again\n');
  });
});
