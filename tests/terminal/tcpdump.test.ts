/**
 * tcpdump: where the real one is installed, it prints the same lines as ours. That a capture holds each
 * packet of the trace is in src/network/trace/pcap.test.ts.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testMachine } from '../golden/terminal/test-machine.ts';
import { packetsIn } from '../pcap-reader.ts';

const isInstalled = (() => {
  try {
    execFileSync('tcpdump', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe.runIf(isInstalled)('beside the real tcpdump, over the same file', async () => {
  const machine = await testMachine('generic-linux');
  await machine.run('sudo -i');
  await machine.run('cd /tmp; mkdir www; cd www; echo hello > a.txt');
  await machine.run('python3 -m http.server 8080 >/dev/null 2>&1 &');
  await machine.run(
    'tcpdump -i any -w /tmp/any.pcap 2>/dev/null & tcpdump -i lo -w /tmp/lo.pcap 2>/dev/null &',
  );
  await machine.run(
    'sleep 0.2; curl -s web.example 127.0.0.1:8080/a.txt 127.0.0.1:8081 >/dev/null',
  );
  await machine.run('nc -u -w1 127.0.0.1 5354 <<< hi; nc -u -w1 10.0.0.10 9 <<< hello');
  await machine.run(
    'dig web.example; dig web6.example AAAA; dig nonsense.example; dig -x 10.0.0.10; host web6; dig ANY web.example',
  );
  await machine.run('ping -c 2 10.0.0.10; ping -c 1 127.0.0.1; ping -c 1 -s 8 10.0.0.11');
  await machine.run('kill -INT %2 %3; sleep 0.5');
  const folder = mkdtempSync(join(tmpdir(), 'captures-'));
  const paths = ['any', 'lo'].map((name) => {
    const path = join(folder, `${name}.pcap`);
    writeFileSync(
      path,
      Buffer.from(machine.host.files.read(`/tmp/${name}.pcap`, { uid: 0, gid: 0 }), 'latin1'),
    );
    return [name, path] as const;
  });

  it.each([
    '-n',
    '-nn -t',
    '-n -tt',
    '-n -ttt',
    '-n -tttt',
    '-n -ttttt',
    '-n -q',
    '-n -S',
    '-n -v',
    '-n -vv -c 3',
    '-n -A',
    '-n -X',
    '-n -c 2',
    "-n 'tcp[tcpflags] & (tcp-syn|tcp-fin) != 0'",
    "-n 'tcp[13] & 2 != 0 and tcp[13] & 16 == 0'",
    "-n 'tcp[2:2] = 8080'",
    '-n port 8080',
    '-n src port 8080',
    '-n dst port 8080 or dst port 80',
    '-n tcp port 80 or udp',
    '-n not port 8080',
    '-n udp or icmp',
    '-n icmp',
    '-n host 10.0.0.10 and port 80',
    '-n src host 10.0.0.10',
    '-n net 10.0.0.0/24',
    '-n net 127',
    '-n portrange 8080-8081',
    '-n port 80 or 8081',
    "-n '(port 80 or port 8081) and not tcp[tcpflags] & tcp-rst != 0'",
    '-n greater 100',
    '-n less 70',
    "-n 'len > 100'",
  ])('tcpdump %s', async (options) => {
    for (const [name, path] of paths) {
      const real = execFileSync(
        'bash',
        ['-c', `TZ=UTC tcpdump ${options} -r ${path} 2>/dev/null`],
        { encoding: 'latin1' },
      );
      const ours = await machine.run(`tcpdump ${options} -r /tmp/${name}.pcap 2>/dev/null`);
      // An interface's number is that of the machine where the file is read.
      const cards = (text: string) => text.replaceAll(/\S+ +(In {2}|Out )(?=IP)/g, 'CARD $1');
      expect(cards(ours.stdout)).toBe(cards(real));
    }
  });
});

it('offers what it has saved to be taken out of the machine', async () => {
  const machine = await testMachine('generic-linux');
  const offered: { name: string; bytes: string }[] = [];
  machine.onOutput((output) => {
    if (output.event === 'file') offered.push(output);
  });
  await machine.run(
    '(sleep 0.2; curl -s 127.0.0.1:8081) & sudo tcpdump -i lo -c 2 -w refused.pcap',
  );
  expect(offered.map(({ name }) => name)).toEqual(['refused.pcap']);
  const [file] = offered;
  expect(packetsIn(file?.bytes ?? '').map(({ text }) => text.replace(/\d{5}/, 'N'))).toEqual([
    '127.0.0.1:N > 127.0.0.1:8081 SYN 0 0 0',
    expect.stringMatching(/^127\.0\.0\.1:8081 > 127\.0\.0\.1:\w+ RST ACK \d+ 1 0$/),
  ]);
});
