/** What pasted sockets mean: who listens, which side called, and what each destination takes of the range. */

import { describe, expect, it } from 'vitest';
import { explainSockets, portsTaken } from './explain-sockets.ts';
import { readPaste } from './read-paste.ts';

describe('what sockets mean', () => {
  const explain = (text: string) => explainSockets(readPaste(text).rows, [32768, 60999]);

  it('tells listener, client and server apart', () => {
    const { sockets } = explain(`LISTEN 0 128 0.0.0.0:22 0.0.0.0:*
ESTAB 0 0 10.0.0.2:22 10.0.0.9:51514
ESTAB 0 0 10.0.0.2:40962 10.0.0.10:443
ESTAB 0 0 10.0.0.2:40000 10.0.0.10:40001`);
    expect(sockets.map((one) => [one.side, one.servicePort, one.clientPort])).toEqual([
      ['listening', 22, null],
      ['server', 22, null],
      ['client', 443, 40962],
      ['unsure', null, null],
    ]);
  });

  it('lets a listener in the paste outweigh the range: a service may live at 40001', () => {
    const { sockets } = explain(
      'LISTEN 0 128 *:40001 *:*\nESTAB 0 0 10.0.0.2:40001 10.0.0.9:50000',
    );
    expect(sockets[1]?.side).toBe('server');
  });

  it('counts the use of the range towards each destination, TIME-WAIT apart', () => {
    const { destinations, timeWait } = explain(`ESTAB 0 0 10.0.0.2:40962 10.0.0.10:443
TIME-WAIT 0 0 10.0.0.2:40964 10.0.0.10:443
TIME-WAIT 0 0 10.0.0.2:40966 10.0.0.10:443
ESTAB 0 0 10.0.0.2:40962 10.0.0.11:443`);
    expect(timeWait).toBe(2);
    expect(destinations).toEqual([
      {
        localAddress: '10.0.0.2',
        remoteAddress: '10.0.0.10',
        remotePort: 443,
        open: 1,
        other: 0,
        timeWait: 2,
      },
      {
        localAddress: '10.0.0.2',
        remoteAddress: '10.0.0.11',
        remotePort: 443,
        open: 1,
        other: 0,
        timeWait: 0,
      },
    ]);
  });
});

describe('a connection that is not open', () => {
  it.each(['SYN-SENT', 'FIN-WAIT-1', 'FIN-WAIT-2', 'CLOSE-WAIT', 'LAST-ACK', 'CLOSING'])(
    'takes its port without being counted as open: %s',
    (state) => {
      const { rows } = readPaste(
        `ESTAB 0 0 10.0.0.2:40962 10.0.0.10:443\n${state} 0 1 10.0.0.2:40964 10.0.0.10:443`,
      );
      const { destinations } = explainSockets(rows, [32768, 60999]);
      expect(destinations).toMatchObject([{ open: 1, other: 1, timeWait: 0 }]);
      expect(destinations.map(portsTaken)).toEqual([2]);
    },
  );
});

it('counts IPv4 that a socket of IPv6 sees with IPv4, and IPv6 by itself', () => {
  const { rows } = readPaste(`State Recv-Q Send-Q Local Address:Port Peer Address:Port
ESTAB 0 0 10.0.0.2:40000 10.0.0.10:80
ESTAB 0 0 [::ffff:10.0.0.2]:40002 [::ffff:10.0.0.10]:80
ESTAB 0 0 [fd00:a::2]:40000 [fd00:a::10]:80`);
  const { destinations } = explainSockets(rows, [32_768, 60_999]);
  expect(destinations.map(({ remoteAddress, open }) => `${remoteAddress} ${open}`)).toEqual([
    '10.0.0.10 2',
    'fd00:a::10 1',
  ]);
});
