/** The sockets that stood behind each recording, as its transcripts show them. */

import type { EntryOwner, SocketEntry } from '../../../src/terminal/formats/socket-entry.ts';
import type { SocketCounters } from '../../../src/terminal/formats/ss-table.ts';

export interface RecordedWorld {
  readonly rows: readonly SocketEntry[];
  readonly counters: SocketCounters;
}

type Held = readonly [command: string, pid: number, fd: number];

function row(
  protocol: 'tcp' | 'udp',
  state: SocketEntry['state'],
  local: string,
  remote: string,
  inode: number,
  held: Held | null,
  extra: Partial<SocketEntry> = {},
): SocketEntry {
  const [localAddress, localPort] = split(local);
  const [remoteAddress, remotePort] = split(remote);
  const owners: EntryOwner[] =
    held === null ? [] : [{ command: held[0], pid: held[1], fd: held[2], user: 'root', uid: 0 }];
  return {
    protocol,
    family: localAddress.includes(':') ? 6 : 4,
    state,
    recvQ: 0,
    sendQ: 0,
    localAddress,
    localPort,
    remoteAddress,
    remotePort,
    inode,
    uid: 0,
    cookie: inode % 16,
    timer: null,
    owners,
    ...extra,
  };
}

function split(endpoint: string): [string, number] {
  const at = endpoint.lastIndexOf(':');
  return [endpoint.slice(0, at), Number(endpoint.slice(at + 1))];
}

const any = '0.0.0.0:0';
const timeWait = { timer: { kind: 'timewait', ms: 59_300, retries: 0 } } as const;

export const recordedWorlds: Readonly<Record<string, RecordedWorld>> = {
  servers: {
    rows: [
      row('tcp', 'LISTEN', '127.0.0.1:8080', any, 9450189, ['python3', 24336, 3], { sendQ: 5 }),
      row('tcp', 'LISTEN', '127.0.0.1:9000', any, 9450170, ['nc', 24337, 3], { sendQ: 1 }),
      row('tcp', 'ESTAB', '127.0.0.1:9000', '127.0.0.1:42056', 9450171, ['nc', 24337, 4]),
      row('tcp', 'ESTAB', '127.0.0.1:42056', '127.0.0.1:9000', 9450195, ['nc', 24384, 3]),
      row('tcp', 'TIME-WAIT', '127.0.0.1:56158', '127.0.0.1:8080', 0, null, timeWait),
      row('tcp', 'LISTEN', '::1:9001', ':::0', 9450172, ['nc', 24339, 3], { sendQ: 1 }),
      row('udp', 'UNCONN', '127.0.0.1:5353', any, 9450169, ['nc', 24338, 3]),
    ],
    counters: {
      used: 9,
      tcpAllocated: 25,
      tcp4: 4,
      tcp6: 1,
      established: 2,
      orphaned: 0,
      timeWait: 1,
      udp4: 1,
      udp6: 0,
    },
  },
  'servers-tty': {
    rows: [
      row('tcp', 'LISTEN', '127.0.0.1:9000', any, 9464257, ['nc', 29115, 3], { sendQ: 1 }),
      row('tcp', 'LISTEN', '127.0.0.1:8080', any, 9464283, ['python3', 29114, 3], { sendQ: 5 }),
      row('tcp', 'TIME-WAIT', '127.0.0.1:41422', '127.0.0.1:8080', 0, null, timeWait),
      row('tcp', 'ESTAB', '127.0.0.1:35366', '127.0.0.1:9000', 9462421, ['nc', 29173, 3]),
      row('tcp', 'ESTAB', '127.0.0.1:9000', '127.0.0.1:35366', 9464259, ['nc', 29115, 4]),
      row('udp', 'UNCONN', '127.0.0.1:5353', any, 9464250, ['nc', 29116, 3]),
    ],
    counters: {
      used: 0,
      tcpAllocated: 0,
      tcp4: 0,
      tcp6: 0,
      established: 0,
      orphaned: 0,
      timeWait: 0,
      udp4: 0,
      udp6: 0,
    },
  },
  'python-connected': {
    rows: [
      row('udp', 'UNCONN', '127.0.0.1:5353', any, 28008, ['python3', 12574, 4]),
      row('udp', 'ESTAB', '127.0.0.1:60833', '127.0.0.1:5353', 28009, ['python3', 12574, 7]),
      row('tcp', 'LISTEN', '0.0.0.0:9000', any, 28007, ['python3', 12574, 3], { sendQ: 1 }),
      row('tcp', 'LISTEN', '127.0.0.1:8080', any, 26019, ['python3', 12573, 3], { sendQ: 5 }),
      row('tcp', 'ESTAB', '127.0.0.1:38208', '127.0.0.1:9000', 26016, ['python3', 12574, 5]),
      row('tcp', 'ESTAB', '127.0.0.1:9000', '127.0.0.1:38208', 26017, ['python3', 12574, 6]),
    ],
    counters: {
      used: 9,
      tcpAllocated: 5,
      tcp4: 4,
      tcp6: 0,
      established: 2,
      orphaned: 0,
      timeWait: 0,
      udp4: 2,
      udp6: 0,
    },
  },
  'python-idle': {
    rows: [
      row('tcp', 'LISTEN', '0.0.0.0:9000', any, 28007, ['python3', 12574, 3], { sendQ: 1 }),
      row('tcp', 'LISTEN', '127.0.0.1:8080', any, 26019, ['python3', 12573, 3], { sendQ: 5 }),
      row('udp', 'UNCONN', '127.0.0.1:5353', any, 28008, ['python3', 12574, 4]),
    ],
    counters: {
      used: 6,
      tcpAllocated: 5,
      tcp4: 2,
      tcp6: 0,
      established: 0,
      orphaned: 0,
      timeWait: 0,
      udp4: 1,
      udp6: 0,
    },
  },
};
