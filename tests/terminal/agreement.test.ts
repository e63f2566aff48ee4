/**
 * In random worlds ss, lsof, netstat and /proc/net say the same, and what the engine's sockets are.
 */

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testMachine } from '../golden/terminal/test-machine.ts';

const port = fc.integer({ min: 1024, max: 65_535 });
const step = fc.oneof(
  port.map((number) => `nc -l ${number} &`),
  port.map((number) => `nc -l -k 127.0.0.1 ${number} &`),
  port.map((number) => `nc -l -u ${number} &`),
  fc.constant('ssh -f -N web'),
  fc.constant('curl -s -o /dev/null http://web/'),
  fc.constant('curl -s -o /dev/null http://web2/'),
  port.map((number) => `curl -s -o /dev/null --local-port ${number} http://web/`),
  fc.constant('exec 3<>/dev/tcp/10.0.0.11/80'),
  fc.constant('kill %1'),
  fc.constant('sudo systemctl start nginx'),
  fc.integer({ min: 1, max: 40 }).map((seconds) => `sleep ${seconds}`),
);

const tcpNumbers: Readonly<Record<string, string>> = {
  '01': 'ESTAB',
  '02': 'SYN-SENT',
  '04': 'FIN-WAIT-1',
  '05': 'FIN-WAIT-2',
  '06': 'TIME-WAIT',
  '08': 'CLOSE-WAIT',
  '09': 'LAST-ACK',
  '0A': 'LISTEN',
  '0B': 'CLOSING',
};
const netstatNames: Readonly<Record<string, string>> = {
  ESTABLISHED: 'ESTAB',
  TIME_WAIT: 'TIME-WAIT',
  FIN_WAIT1: 'FIN-WAIT-1',
  FIN_WAIT2: 'FIN-WAIT-2',
  CLOSE_WAIT: 'CLOSE-WAIT',
  SYN_SENT: 'SYN-SENT',
  LAST_ACK: 'LAST-ACK',
};

const lines = (text: string) => text.split('\n').filter(Boolean);
const endpoint = (hex: string) => {
  const [address = '', number = ''] = hex.split(':');
  const bytes =
    address
      .match(/../g)
      ?.map((byte) => Number.parseInt(byte, 16))
      .reverse() ?? [];
  const value = Number.parseInt(number, 16);
  return `${bytes.join('.')}:${value === 0 ? '*' : value}`;
};

/** An end as ss shows it. */
const shown = (address: string, number: number) =>
  `${address.includes(':') ? `[${address}]` : address}:${number === 0 ? '*' : number}`;
/** An IPv6 end of netstat, as ss shows it: `:::22`. */
const bracketed = (end: string) => end.replace(/^(.*:.*):([^:]*)$/, '[$1]:$2');

describe('the socket tools', () => {
  it('agree with one another and with the world', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 10 }),
        fc.integer({ min: 1, max: 1000 }),
        async (steps, seed) => {
          const machine = await testMachine('amazon-linux-2', { seed });
          for (const line of steps) await machine.run(line);
          const read = async (line: string) => (await machine.run(line)).stdout;

          const world = machine.host.host
            .sockets()
            .filter((socket) => socket.protocol === 'tcp' && socket.state !== 'BOUND')
            .map(
              (socket) =>
                `${{ ESTABLISHED: 'ESTAB', 'SYN-RECEIVED': 'SYN-RECV' }[socket.state] ?? socket.state} ${shown(socket.localAddress, socket.localPort)} ${shown(socket.remoteAddress, socket.remotePort)}`,
            )
            .sort();
          const ss = lines(await read('ss -Htan | cat'))
            .map((line) => line.trim().split(/\s+/))
            .map(([state, , , local, peer]) => `${state} ${local} ${peer}`)
            .sort();
          expect(ss).toEqual(world);

          const netstat = lines(await read('netstat -tan'))
            .slice(2)
            .map((line) => line.trim().split(/\s+/))
            .map(
              ([, , , local = '', peer = '', state = '']) =>
                `${netstatNames[state] ?? state} ${bracketed(local)} ${bracketed(peer)}`,
            )
            .sort();
          expect(netstat).toEqual(world);

          const proc = lines(await read('cat /proc/net/tcp'))
            .slice(1)
            .map((line) => line.trim().split(/\s+/))
            .map(
              ([, local = '', peer = '', state = '']) =>
                `${tcpNumbers[state] ?? state} ${endpoint(local)} ${endpoint(peer)}`,
            )
            .sort();
          // IPv6 has a file of its own: tcp6.
          expect(proc).toEqual(world.filter((line) => !line.includes('[')));

          const held = lines(await read('sudo ss -Htanp | cat'))
            .filter((line) => line.includes('pid='))
            .map(
              (line) =>
                `${/pid=(\d+)/.exec(line)?.[1]}/${/fd=(\d+)/.exec(line)?.[1]} ${line.trim().split(/\s+/)[3]}`,
            )
            .sort();
          const lsof = lines(await read('sudo lsof -nP -iTCP'))
            .slice(1)
            .map((line) => {
              const [, pid, , fd = '', type, , , , name = ''] = line.trim().split(/\s+/);
              const every = type === 'IPv6' ? '[::]' : '0.0.0.0';
              return `${pid}/${fd.replace('u', '')} ${name.split('->')[0]?.replace('*', every)}`;
            })
            .sort();
          expect(lsof).toEqual(held);

          const udp = lines(await read('ss -Huan | cat')).length;
          expect(lines(await read('cat /proc/net/udp')).length - 1).toBe(udp);
          expect(lines(await read('netstat -uan')).length - 2).toBe(udp);
        },
      ),
      { numRuns: 25 },
    );
  }, 120_000);
});
