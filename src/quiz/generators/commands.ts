/**
 * Questions answered by a command: a machine made ready, what must be true of it afterwards, and what is
 * said about the mistakes that people make. The machine judges (src/terminal/labs): any way that gets
 * there is right.
 */

import type { Condition } from '../../terminal/labs/lab.ts';
import type { Random } from '../../time-and-chance/random.ts';
import { between, item, oneOf, phrase, shuffled } from './drawing.ts';
import type { CommandHint, CommandTask, Generator, Value, Variant } from './variant.ts';

type Values = Readonly<Record<string, Value>>;

interface Drawn extends Omit<CommandTask, 'distribution' | 'seed' | 'hints' | 'otherwise'> {
  /** The mistakes foreseen, by phrase: the first that fits is spoken of. */
  readonly hints: readonly (readonly [
    phrase: string,
    when: readonly Condition[],
    misconception?: string,
  ])[];
  readonly values: Values;
}

interface CommandItem {
  readonly lesson: string;
  readonly turn: string;
  readonly draw: (random: Random) => Drawn;
}

const DISTRIBUTION = 'amazon-linux-2';
const RANGE = 'net.ipv4.ip_local_port_range';
const RESERVED = 'net.ipv4.ip_local_reserved_ports';

const NOT_ROOT: Condition = {
  printed: 'ermission denied|must be root|not permitted|Access denied',
};

/** The redirection of `sudo echo … > file` is the shell's own. */
const REDIRECTED: readonly Condition[] = [{ typed: String.raw`sudo\s.*>` }, NOT_ROOT];

/** A rule with a port needs its protocol first, and two hyphens. */
const NO_PROTOCOL: Condition = { printed: 'unknown option "--[ds]port"|host/network `port' };

const NO_KEY: Condition = { printed: 'No such file|cannot stat' };

const webServer = (port: number) => ({
  command: 'python3',
  args: `python3 -m http.server ${String(port)}`,
  port,
});

const SERVER_PORTS = [3000, 5000, 8000, 8080, 8888, 9000] as const;

const twoPorts = (random: Random): readonly [number, number] => {
  const [one = 8000, other = 9000] = shuffled(random, SERVER_PORTS);
  return [one, other];
};

/** A range that is no system's default. */
function drawRange(random: Random): readonly [low: number, high: number] {
  const low = between(random, 11, 45) * 1000;
  return [low, low + oneOf(random, [999, 1999, 4999, 9999])];
}

const guard = (...rules: readonly string[]): readonly string[] => [
  'iptables -A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT',
  'iptables -A INPUT -p tcp --dport 22 -j ACCEPT',
  ...rules,
];

const ITEMS: Readonly<Record<string, CommandItem>> = {
  'service-name': {
    lesson: '20-well-known-ports',
    turn: 'asked',
    draw: (random) => {
      const [port, name] = oneOf(random, [
        [993, 'imaps'],
        [143, 'imap2'],
        [110, 'pop3'],
        [22, 'ssh'],
        [3306, 'mysql'],
        [389, 'ldap'],
      ] as const);
      return {
        setup: [],
        servers: [],
        goal: [{ shown: String.raw`^${name}\s+${String(port)}/tcp` }],
        hints: [
          ['service-name-other-file', [{ printed: 'No such file' }]],
          ['service-name-sockets', [{ typed: String.raw`\b(ss|netstat|lsof)\b` }]],
          ['service-name-nothing', [{ not: { printed: '.' } }]],
        ],
        solution: `getent services ${String(port)}/tcp`,
        values: { port, name },
      };
    },
  },
  'who-listens': {
    lesson: '30-listening',
    turn: 'your-turn',
    draw: (random) => {
      const [port, other] = twoPorts(random);
      return {
        setup: [],
        servers: [webServer(port), webServer(other)],
        goal: [{ 'seen-listener': port }],
        hints: [
          ['who-listens-no-sudo', [{ typed: String.raw`^\s*(ss|netstat)\s.*p|^\s*lsof` }]],
          [
            'who-listens-no-process',
            [{ typed: String.raw`\b(ss|netstat)\s+-[a-oq-z]*l[a-oq-z]*(\s|$)` }],
          ],
          ['who-listens-udp', [{ typed: String.raw`\b(ss|netstat)\s+-[a-su-z]*u[a-su-z]*(\s|$)` }]],
          [
            'who-listens-connections',
            [{ typed: String.raw`\b(ss|netstat)\b(?!.*\s-(\w*l|-listening))` }],
          ],
          ['who-listens-other-port', [{ typed: String.raw`:\d+` }]],
        ],
        solution: 'sudo ss -ltnp',
        values: { port },
      };
    },
  },
  'free-port': {
    lesson: '30-listening',
    turn: 'taken',
    draw: (random) => {
      const [port, other] = twoPorts(random);
      return {
        setup: [],
        servers: [webServer(port), webServer(other)],
        goal: [{ not: { listening: { port } } }, { listening: { port: other } }],
        hints: [
          [
            'free-port-no-sudo',
            [
              {
                any: [
                  NOT_ROOT,
                  {
                    all: [
                      { typed: String.raw`^(?!.*sudo).*\b(p?kill|killall|fuser)\b` },
                      { not: { user: 'root' } },
                      { listening: { port } },
                      { listening: { port: other } },
                    ],
                  },
                ],
              },
            ],
          ],
          [
            'free-port-all',
            [{ not: { listening: { port: other } } }, { not: { listening: { port } } }],
            'ports-are-taken-by-name',
          ],
          ['free-port-other', [{ not: { listening: { port: other } } }]],
          ['free-port-looked', [{ 'seen-listener': port }]],
        ],
        solution: `sudo kill $(sudo lsof -t -iTCP:${String(port)} -sTCP:LISTEN)`,
        values: { port, other },
      };
    },
  },
  'read-range': {
    lesson: '70-linux-lab-range',
    turn: 'say-and-ask',
    draw: (random) => {
      const [low, high] = drawRange(random);
      return {
        setup: [`sysctl -w ${RANGE}="${String(low)} ${String(high)}"`],
        servers: [],
        goal: [{ 'seen-running': RANGE }],
        hints: [
          ['read-range-file', [{ typed: String.raw`sysctl\.(conf|d)` }]],
          ['read-range-key', [NO_KEY]],
          ['read-range-sockets', [{ typed: String.raw`\b(ss|netstat|lsof)\b` }]],
        ],
        solution: `sysctl ${RANGE}`,
        values: { key: RANGE, low, high },
      };
    },
  },
  'set-range': {
    lesson: '70-linux-lab-range',
    turn: 'by-hand',
    draw: (random) => {
      const [low, high] = drawRange(random);
      return {
        setup: [],
        servers: [],
        goal: [{ running: { key: RANGE, is: `${String(low)} ${String(high)}` } }],
        hints: [
          ['set-range-redirect', REDIRECTED],
          ['set-range-no-sudo', [NOT_ROOT]],
          ['set-range-swapped', [{ printed: 'Invalid argument' }]],
          ['set-range-file', [{ typed: String.raw`sysctl\.(conf|d)` }]],
          ['set-range-low-only', [{ running: { key: RANGE, is: `${String(low)} 60999` } }]],
          ['set-range-key', [NO_KEY]],
          ['set-range-other', [{ not: { running: { key: RANGE, is: '32768 60999' } } }]],
        ],
        solution: `sudo sysctl -w ${RANGE}="${String(low)} ${String(high)}"`,
        values: { key: RANGE, low, high },
      };
    },
  },
  'keep-range': {
    lesson: '70-linux-lab-range',
    turn: 'two-places',
    draw: (random) => {
      const [low, high] = drawRange(random);
      const path = '/etc/sysctl.d/90-ports.conf';
      const value = `${String(low)} ${String(high)}`;
      return {
        setup: [],
        servers: [],
        goal: [{ sets: { path, key: RANGE, value } }],
        hints: [
          ['keep-range-redirect', REDIRECTED],
          ['keep-range-no-sudo', [NOT_ROOT]],
          ['keep-range-running', [{ running: { key: RANGE, is: value } }]],
          ['keep-range-other-value', [{ sets: { path, key: RANGE } }]],
          ['keep-range-other-line', [{ exists: path }]],
          ['keep-range-other-file', [{ typed: String.raw`/etc/sysctl\b` }]],
        ],
        solution: `echo '${RANGE} = ${value}' | sudo tee ${path}`,
        values: { key: RANGE, low, high, path },
      };
    },
  },
  reserve: {
    lesson: '80-linux-lab-reserved',
    turn: 'replaced',
    draw: (random) => {
      const kept = oneOf(random, SERVER_PORTS);
      const low = between(random, 33, 58) * 1000 + between(random, 0, 9) * 10;
      const high = low + between(random, 5, 90);
      const block = `${String(low)}-${String(high)}`;
      return {
        setup: [`sysctl -w ${RESERVED}=${String(kept)}`],
        servers: [],
        goal: [{ running: { key: RESERVED, is: `${String(kept)},${block}` } }],
        hints: [
          ['reserve-redirect', REDIRECTED],
          ['reserve-no-sudo', [NOT_ROOT]],
          ['reserve-replaced', [{ running: { key: RESERVED, is: block } }]],
          ['reserve-invalid', [{ printed: 'Invalid argument' }]],
          ['reserve-range', [{ not: { running: { key: RANGE, is: '32768 60999' } } }]],
          ['reserve-key', [NO_KEY]],
          ['reserve-file', [{ typed: String.raw`/etc/sysctl\b` }]],
          ['reserve-other', [{ not: { running: { key: RESERVED, is: String(kept) } } }]],
        ],
        solution: `sudo sysctl -w ${RESERVED}=${String(kept)},${block}`,
        values: { key: RESERVED, kept, low, high },
      };
    },
  },
  reach: {
    lesson: '120-doors-and-guards',
    turn: 'only-knocking',
    draw: (random) => {
      const [host, at] = oneOf(random, [
        ['web', '10.0.0.10'],
        ['web2', '10.0.0.11'],
      ] as const);
      const port = oneOf(random, [22, 80, 443]);
      const dotted = at.replaceAll('.', String.raw`\.`);
      return {
        setup: [],
        servers: [],
        goal: [
          {
            any: [
              { connection: { to: port, at, fresh: true } },
              // The server closed first: what is left is there.
              { connection: { on: host, from: port, at: '10.0.0.2', fresh: true } },
              // Nothing is left of it, but what came back was seen: a scan, a reset, a greeting.
              { shown: String.raw`${dotted}\)?\n[^]*?^${String(port)}/tcp +open` },
              { shown: String.raw`^\* Connected to .*\(${dotted}\) port ${String(port)} ` },
              ...(port === 22
                ? [{ all: [{ shown: '^SSH-2' }, { typed: String.raw`\b(${host}|${dotted})\b` }] }]
                : []),
            ],
          },
        ],
        hints: [
          [
            'reach-own',
            [{ typed: String.raw`\b(ss|netstat|lsof)\b` }],
            'listening-means-reachable',
          ],
          ['reach-refused', [{ printed: "refused|Couldn't connect" }]],
          ['reach-name', [{ printed: 'not resolve|not known|resolve host' }]],
          ['reach-udp', [{ typed: String.raw`nc\s.*-\w*u` }], 'tcp-udp-same-port'],
        ],
        solution: `nc -zv ${host} ${String(port)}`,
        values: { host, port },
      };
    },
  },
  'let-in': {
    lesson: '120-doors-and-guards',
    turn: 'let-through',
    draw: (random) => {
      const [port, other] = twoPorts(random);
      return {
        setup: guard('iptables -P INPUT DROP'),
        servers: [webServer(port)],
        goal: [{ 'lets-in': port }, { 'lets-in': 22 }, { not: { 'lets-in': other } }],
        hints: [
          ['let-in-no-sudo', [NOT_ROOT]],
          ['let-in-all', [{ 'lets-in': port }, { 'lets-in': other }]],
          ['let-in-output', [{ typed: 'OUTPUT' }]],
          [
            'let-in-source',
            [{ typed: String.raw`--sport|--source-port` }],
            'client-uses-server-port',
          ],
          ['let-in-protocol', [NO_PROTOCOL]],
          ['let-in-forward', [{ typed: 'FORWARD' }]],
          ['let-in-udp', [{ typed: String.raw`-p\s*udp` }], 'tcp-udp-same-port'],
          ['let-in-drop', [{ typed: 'DROP|REJECT' }]],
        ],
        solution: `sudo iptables -A INPUT -p tcp --dport ${String(port)} -j ACCEPT`,
        values: { port },
      };
    },
  },
  'shut-out': {
    lesson: '120-doors-and-guards',
    turn: 'first-to-decide',
    draw: (random) => {
      const [port, other] = twoPorts(random);
      return {
        setup: guard(`iptables -A INPUT -p tcp --dport ${String(port)} -j ACCEPT`),
        servers: [webServer(port)],
        goal: [
          { not: { 'lets-in': port } },
          { 'lets-in': 22 },
          { 'lets-in': other },
          { listening: { port } },
        ],
        hints: [
          ['shut-out-no-sudo', [NOT_ROOT]],
          ['shut-out-killed', [{ not: { listening: { port } } }]],
          ['shut-out-all', [{ any: [{ not: { 'lets-in': 22 } }, { not: { 'lets-in': other } }] }]],
          ['shut-out-behind', [{ typed: String.raw`-A\s+INPUT.*(DROP|REJECT)` }]],
          ['shut-out-removed', [{ typed: String.raw`-[DF]\s|-F$|--delete|--flush` }]],
          ['shut-out-protocol', [NO_PROTOCOL]],
          ['shut-out-udp', [{ typed: String.raw`-p\s*udp` }], 'tcp-udp-same-port'],
          [
            'shut-out-source',
            [{ typed: String.raw`--sport|--source-port` }],
            'client-uses-server-port',
          ],
          ['shut-out-output', [{ typed: 'OUTPUT' }]],
        ],
        solution: `sudo iptables -I INPUT -p tcp --dport ${String(port)} -j DROP`,
        values: { port },
      };
    },
  },
};

/** A command that does this, typed. */
export const typeCommand: Generator = {
  name: 'type-command',
  items: () =>
    Object.entries(ITEMS).map(([name, { lesson, turn }]) =>
      item(`type-command/${name}`, lesson, turn),
    ),
  draw: (name, random): Variant => {
    const asked = Object.hasOwn(ITEMS, name) ? ITEMS[name] : undefined;
    if (!asked) throw new RangeError(`there is no item "${name}".`);
    const { hints, values, ...task } = asked.draw(random);
    return {
      prompt: phrase(`prompt-${name}`, values),
      asked: {
        kind: 'command',
        task: {
          ...task,
          distribution: DISTRIBUTION,
          seed: random.uint32(),
          hints: hints.map(([words, when, misconception]): CommandHint => ({
            id: words,
            when,
            feedback: phrase(words, values),
            ...(misconception === undefined ? {} : { misconception }),
          })),
          otherwise: phrase(`otherwise-${name}`, values),
        },
      },
      because: phrase(`because-${name}`, values),
    };
  },
};
