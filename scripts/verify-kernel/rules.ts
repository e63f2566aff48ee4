/**
 * The rules that the engine claims, each as a procedure for a machine. `exact` procedures leave nothing
 * to chance: the answers must be equal. `samples` are drawn on both and must come from one
 * distribution.
 */

import {
  conflictMatrix,
  conflictsOfFamilies,
  datagramsOfFamilies,
} from '../../tests/golden/conflict-matrix.ts';
import type { Command, Machine } from '../../tests/golden/machine.ts';
import { ofBothFamilies, randomScript } from '../../tests/golden/random-script.ts';
import { Random } from '../../src/time-and-chance/random.ts';
import { linux } from '../../src/network/os-profiles/linux.ts';
import { timetable } from '../../src/network/os-profiles/timers.ts';
import { SysctlTable } from '../../src/network/sysctl/sysctl-table.ts';
import { isOfScenarios } from '../../tests/golden/world-machine.ts';
import type { KernelMachine } from './kernel-machine.ts';
import { bothFamilies, disagreement } from './mixed-calls.ts';
import { settingWrites } from './setting-writes.ts';

export type Rule =
  | { readonly name: string; readonly exact: readonly Command[] }
  /** The same, of a whole world in the engine's place. */
  | { readonly name: string; readonly exactInWorld: readonly Command[] }
  /** Asks the kernel by itself, and says where the engine disagrees, or null. */
  | { readonly name: string; readonly follow: (kernel: KernelMachine) => Promise<string | null> }
  | {
      readonly name: string;
      /** Draws a sample from a fresh machine. */
      readonly sample: (machine: Machine) => Promise<readonly (number | string)[]>;
    };

const rangeKey = 'net.ipv4.ip_local_port_range';
const reservedKey = 'net.ipv4.ip_local_reserved_ports';

const server: Command = ['bind', { as: 'server', port: 8080, listen: true }];

/** Takes both families. */
const dualServer: Command = ['bind', { as: 'server', address: '::', port: 8080, listen: true }];

interface Setting {
  readonly range: string;
  readonly reserved?: string;
  readonly isIPv6?: boolean;
}

function serverOf({ isIPv6 = false }: Setting): Command {
  return isIPv6 ? dualServer : server;
}

function prepare(setting: Setting): Command[] {
  const { range, reserved = '', isIPv6 = false } = setting;
  return [
    ...(isIPv6 ? [['address', { address: network6 }] as Command] : []),
    ['set', { key: rangeKey, value: range }],
    ['set', { key: reservedKey, value: reserved }],
    serverOf(setting),
  ];
}

/** Lists of ports of many runs, each to a destination of its own, as one list for each run. */
async function runs(
  machine: Machine,
  setting: Setting,
  count: number,
  call: (run: number) => Command,
): Promise<readonly (readonly (number | string)[])[]> {
  await machine.run(prepare(setting));
  const commands: Command[] = [];
  for (let run = 0; run < count; run++)
    commands.push(call(run), ['reset-all', {}], serverOf(setting));
  const answers = await machine.run(commands);
  return answers.filter((answer) => typeof answer === 'object');
}

/**
 * Each run's own; and each setting's own too (`net`), for the kernel remembers for ten seconds how far
 * it has come towards a destination, and a second draw in that time is no longer drawn from chance.
 */
function destination(run: number, net = 9): string {
  return `127.${net}.${run >> 8}.${run & 255}`;
}

/** All addresses of it are the machine's own, as those of 127.0.0.0/8 are. */
const network6 = 'fd00:77::/64';

function destination6(run: number, net: number): string {
  return `fd00:77::${net.toString(16)}:${(run + 1).toString(16)}`;
}

function orders(
  name: string,
  setting: Setting,
  call: (run: number) => Command,
  count = 400,
): Rule[] {
  /** Drawn once on each kind of machine, and looked at in several ways. */
  const drawn = new Map<string, ReturnType<typeof runs>>();
  const draw = (machine: Machine): ReturnType<typeof runs> => {
    const kind = machine.constructor.name;
    const made = drawn.get(kind) ?? runs(machine, setting, count, call);
    drawn.set(kind, made);
    return made;
  };
  const each = (
    of: (ports: readonly (number | string)[]) => number | string,
    what: string,
  ): Rule => ({
    name: `${name}: ${what}`,
    sample: async (machine) => (await draw(machine)).map(of),
  });
  const parity = (port: number | string | undefined): string =>
    typeof port === 'number' ? String(port & 1) : (port ?? '');
  return [
    each((ports) => ports[0] ?? '', 'first port'),
    each((ports) => `${ports[0] ?? ''}>${ports[1] ?? ''}`, 'second after first'),
    each((ports) => ports.map(parity).join(''), 'parities in order, and how it ends'),
    each((ports) => ports.at(-2) ?? '', 'last port'),
  ];
}

/** Ranges, lists and destinations other than those of the recordings. */
const settings: readonly Setting[] = [
  { range: '40000 40009' },
  { range: '41001 41006' },
  { range: '20000 20012' },
  { range: '50001 50007' },
  { range: '65530 65535' },
  { range: '40000 40019', reserved: '40002,40005-40011' },
  { range: '30001 30020', reserved: '30001-30004,30010' },
  { range: '1024 1035', reserved: '1030' },
  { range: '40000 40001' },
  { range: '40001 40003' },
  { range: '40000 40002' },
  { range: '65534 65535' },
  { range: '1024 1026' },
  { range: '40000 40010', reserved: '39000-40001,40009-50000' },
];

const tinyRules = settings.flatMap((setting, index) => {
  const label =
    setting.reserved === undefined ? setting.range : `${setting.range} without ${setting.reserved}`;
  return [
    ...orders(`connect, ${label}`, setting, (run) => [
      'connect-many',
      { as: 'c', to: destination(run, 10 + index), port: 8080, count: 40 },
    ]),
    ...orders(`bind 0, ${label}`, setting, () => [
      'bind-many',
      { as: 'b', address: '127.0.0.1', count: 40 },
    ]),
    ...orders(`bind 0 with SO_REUSEADDR, ${label}`, setting, () => [
      'bind-many',
      { as: 'b', address: '127.0.0.1', reuseAddress: true, count: 40 },
    ]),
    ...orders(`UDP, ${label}`, setting, () => ['bind-many', { as: 'b', udp: true, count: 40 }]),
  ];
});

/** The same walk of sockets of IPv6. */
const tinyRulesOfIPv6 = settings.slice(0, 7).flatMap((each, index) => {
  const setting = { ...each, isIPv6: true };
  const label = `${each.range}${each.reserved === undefined ? '' : ` without ${each.reserved}`}`;
  const net = 1 + index;
  return [
    ...orders(`connect over IPv6, ${label}`, setting, (run) => [
      'connect-many',
      { as: 'c', to: destination6(run, net), port: 8080, count: 40 },
    ]),
    ...orders(`bind 0 on ::1, ${label}`, setting, () => [
      'bind-many',
      { as: 'b', address: '::1', count: 40 },
    ]),
    ...orders(`UDP over IPv6, ${label}`, setting, () => [
      'bind-many',
      { as: 'b', udp: true, isIPv6: true, count: 40 },
    ]),
  ];
});

/** Steps from one port to the next towards one destination. */
function steps(name: string, range: string, own?: readonly [number, number], isIPv6 = false): Rule {
  return {
    name,
    sample: async (machine) => {
      const all = await runs(machine, { range, isIPv6 }, 4, (run) => [
        'connect-many',
        {
          as: 'c',
          to: isIPv6 ? destination6(run, 20) : destination(run),
          port: 8080,
          count: 700,
          ...(own === undefined ? {} : { range: own }),
        },
      ]);
      return all.flatMap((ports) =>
        ports.slice(1).flatMap((port, i) => {
          const step = Number(port) - Number(ports[i]);
          return step > 0 && step <= 16 ? [step] : [];
        }),
      );
    },
  };
}

function starts(name: string, setting: Setting, tenths: number): Rule {
  const [low = 0, high = 0] = setting.range.split(' ').map(Number);
  return {
    name,
    sample: async (machine) => {
      const [ports = []] = await runs(machine, setting, 1, () => [
        'connect-many',
        {
          as: 'c',
          to: setting.isIPv6 === true ? destination6(0, 30) : '127.8.0.1',
          port: 8080,
          count: 3000,
          toStep: 1,
        },
      ]);
      return ports.map((port) => Math.floor(((Number(port) - low) / (high - low + 1)) * tenths));
    },
  };
}

const selfConnect: Rule = {
  name: 'connecting to a closed port of the range: oneself or nobody',
  sample: async (machine) => {
    await machine.run([['set', { key: rangeKey, value: '40000 40005' }]]);
    const commands: Command[] = [];
    for (let run = 0; run < 600; run++) {
      commands.push(
        [
          'connect',
          { as: 'c', to: destination(run), port: 40_002, from: destination(run), noPort: true },
        ],
        ['reset-all', {}],
      );
    }
    const answers = await machine.run(commands);
    return answers.flatMap((answer) =>
      answer === 'ok' || typeof answer === 'object' ? [] : [answer],
    );
  },
};

/** TIME-WAIT gives way to connect() after tcp_tw_reuse_delay, or not, by setting and address. */
function timeWait(reuse: string, to: string): Command[] {
  return [
    ['set', { key: 'net.ipv4.tcp_tw_reuse', value: reuse }],
    ['set', { key: rangeKey, value: '40000 40000' }],
    ['connect', { as: 'c', to, port: 8080 }],
    ['accept', { socket: 'server', as: 's' }],
    ['close', { socket: 'c' }],
    ['close', { socket: 's' }],
    ['connect', { to, port: 8080 }],
    ['bind', { port: 40_000, reuseAddress: true }],
    ['wait', { ms: 900 }],
    ['connect', { to, port: 8080 }],
    ['wait', { ms: 200 }],
    ['connect', { as: 'again', to, port: 8080 }],
    ['reset-all', {}],
    server,
  ];
}

const exhausted: Command[] = [
  ['set', { key: rangeKey, value: '40000 40009' }],
  server,
  ['bind', { as: 'second', port: 8081, listen: true }],
  ['bind-many', { as: 'b', address: '127.0.0.1', count: 10 }],
  ['listen', {}],
  ['connect', { to: '127.0.0.1', port: 8080 }],
  ['reset-all', {}],
  ['bind-many', { as: 'u', udp: true, count: 10 }],
  ['connect', { udp: true, to: '127.0.0.1', port: 9 }],
  ['connect', { udp: true, to: '127.0.0.1', port: 9, send: true }],
  ['bind', { udp: true }],
  ['bind', { port: 79, uid: 1000 }],
  ['set', { key: 'net.ipv4.ip_unprivileged_port_start', value: '80' }],
  ['bind', { port: 79, uid: 1000 }],
  ['bind', { as: 'low', port: 80, uid: 1000 }],
].map((command) => command as Command);

const tcp = 'net.ipv4.tcp_';

/** Settings that shorten it, so that the longest takes half a minute. */
const openings: readonly (readonly [retries: string, flat: string])[] = [
  ['1', '4'],
  ['2', '4'],
  ['3', '4'],
  ['2', '1'],
  ['4', '2'],
  ['3', '0'],
];

/** Measured moments come late, never early: by the kernel's timers, by a busy machine. */
function isLate(measured: readonly number[], expected: readonly number[]): boolean {
  return (
    measured.length === expected.length &&
    expected.every((ms, i) => {
      const late = (measured[i] ?? NaN) - ms;
      return late >= -20 && late <= 250 + ms * 0.1;
    })
  );
}

function timing(
  name: string,
  question: string,
  settings: readonly (readonly [key: string, value: string])[],
  expected: (table: SysctlTable) => readonly number[],
): Rule {
  return {
    name,
    follow: async (kernel) => {
      const table = new SysctlTable(linux.settings);
      for (const [key, value] of settings) table.set(key, value);
      await kernel.run(settings.map(([key, value]): Command => ['set', { key, value }]));
      const measured = await kernel.ask(question, {});
      const ours = expected(table);
      return isLate(measured, ours)
        ? null
        : `kernel ${measured.join(' ')}, engine ${ours.join(' ')}`;
    },
  };
}

const timings: readonly Rule[] = [
  ...openings.map(([retries, flat]) =>
    timing(
      `when a SYN is repeated and given up, tcp_syn_retries=${retries}, tcp_syn_linear_timeouts=${flat}`,
      'syn-times',
      [
        [`${tcp}syn_retries`, retries],
        [`${tcp}syn_linear_timeouts`, flat],
      ],
      (table) => {
        const { sentMs, givenUpMs } = timetable(linux.timers(table).syn, 0);
        return [...sentMs, givenUpMs];
      },
    ),
  ),
  ...['2', '5'].map((seconds) =>
    timing(
      `how long an orphan stays in FIN-WAIT-2, tcp_fin_timeout=${seconds}`,
      'fin-wait',
      [[`${tcp}fin_timeout`, seconds]],
      (table) => [linux.timers(table).finWait2Ms ?? Infinity],
    ),
  ),
];

/** The lists of ports in it are drawn: only how many there are is a rule. */
export function withoutLuck(answer: unknown): unknown {
  return Array.isArray(answer)
    ? answer.map((port) => (typeof port === 'string' ? port : 0))
    : answer;
}

export function allRules(scripts: number): Rule[] {
  const random = new Random(2026);
  return [
    { name: 'settings: taken, refused, printed', exact: settingWrites() },
    { name: 'errno of each call when all is taken', exact: exhausted },
    { name: 'two sockets on one port: every pair', exact: conflictMatrix() },
    { name: 'two sockets on one port: every pair of both families', exact: conflictsOfFamilies() },
    { name: 'UDP sockets on one port: every pair of both families', exact: datagramsOfFamilies() },
    ...Array.from({ length: scripts }, (_, i) => ({
      name: `calls at random on a range of one port, ${i + 1}`,
      exact: randomScript(random.fork(String(i)), 80).map(({ command }) => command),
    })),
    ...Array.from({ length: scripts }, (_, i) => ({
      name: `calls at random of both families on a range of one port, ${i + 1}`,
      exact: randomScript(random.fork(`families/${i}`), 80, undefined, ofBothFamilies).map(
        ({ command }) => command,
      ),
    })),
    ...Array.from({ length: scripts }, (_, i) => ({
      name: `calls of all kinds of both families at random on small ranges, ${i + 1}`,
      follow: (kernel: KernelMachine) =>
        disagreement(random.fork(`mixed-families/${i}`), kernel, 120, bothFamilies),
    })),
    ...Array.from({ length: scripts }, (_, i) => ({
      name: `calls of all kinds at random on small ranges, ${i + 1}`,
      follow: (kernel: KernelMachine) => disagreement(random.fork(`mixed/${i}`), kernel, 120),
    })),
    {
      name: 'two sockets on one port: every pair, in a world',
      exactInWorld: conflictMatrix().filter(isOfScenarios),
    },
    ...Array.from({ length: scripts }, (_, i) => ({
      name: `calls at random on a range of one port, in a world, ${i + 1}`,
      exactInWorld: randomScript(random.fork(`world/${i}`), 120, isOfScenarios).map(
        ({ command }) => command,
      ),
    })),
    {
      name: 'two sockets on one port: every pair of both families, in a world',
      exactInWorld: conflictsOfFamilies().filter(isOfScenarios),
    },
    ...Array.from({ length: scripts }, (_, i) => ({
      name: `calls at random of both families on a range of one port, in a world, ${i + 1}`,
      exactInWorld: randomScript(
        random.fork(`world-families/${i}`),
        120,
        isOfScenarios,
        ofBothFamilies,
      ).map(({ command }) => command),
    })),
    ...timings,
    ...['0', '1', '2'].flatMap((reuse) =>
      ['10.99.0.1', '127.0.0.1'].map((to) => ({
        name: `TIME-WAIT with tcp_tw_reuse=${reuse} at ${to}`,
        exact: [['address', { address: '10.99.0.1' }], server, ...timeWait(reuse, to)] as Command[],
      })),
    ),
    ...tinyRules,
    ...tinyRulesOfIPv6,
    steps('steps to one destination over IPv6, 32768 60999', '32768 60999', undefined, true),
    starts('starts for many destinations over IPv6', { range: '32768 60999', isIPv6: true }, 20),
    steps('steps to one destination, 32768 60999', '32768 60999'),
    steps('steps to one destination, 1024 65535', '1024 65535'),
    steps('steps with IP_LOCAL_PORT_RANGE 41000-46000', '32768 60999', [41_000, 46_000]),
    starts('starts for many destinations, 32768 60999', { range: '32768 60999' }, 20),
    starts('starts for many destinations, 10001 30000', { range: '10001 30000' }, 20),
    starts('starts beside a reserved block', { range: '20000 21999', reserved: '20100-21499' }, 40),
    selfConnect,
  ];
}
