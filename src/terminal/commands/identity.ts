/** Small questions about the machine and the user: hostname, uname, whoami, id, uptime, date, history. */

import { quote } from '../shell/shell-level.ts';
import { failed, printed, unsupported, type Command, type CommandContext } from './command.ts';
import { optionProblem, parseOptions } from './options.ts';

export const hostname: Command = {
  name: 'hostname',
  run(context) {
    const { args, machine } = context;
    const parsed = parseOptions(args, {
      flags: 'aAdfiIsyhVb',
      valued: 'F',
      long: {
        alias: 'a',
        'all-fqdns': 'A',
        domain: 'd',
        fqdn: 'f',
        long: 'f',
        'ip-address': 'i',
        'all-ip-addresses': 'I',
        short: 's',
        yp: 'y',
        nis: 'y',
        file: 'F',
        help: 'h',
        version: 'V',
        boot: 'b',
      },
    });
    if (!parsed.ok) return failed(`${optionProblem('hostname', parsed)}\n${hostnameUsage}`, 255);
    const letter = parsed.options.at(-1)?.letter;
    const name = machine.hostName();
    switch (letter) {
      case undefined:
        break;
      case 'f':
        return printed(`${name}\n`);
      case 's':
        return printed(`${name.split('.')[0] ?? ''}\n`);
      case 'd':
        return printed(name.includes('.') ? `${name.slice(name.indexOf('.') + 1)}\n` : '');
      case 'i':
        return printed(`${machine.resolve(name) ?? ''}\n`);
      case 'I':
        return printed(`${machine.host.addresses.join(' ')} \n`);
      case 'A':
        return printed(`${machine.host.addresses.map((one) => machine.nameOf(one)).join(' ')} \n`);
      case 'V':
        return printed('hostname 3.23\n');
      default:
        return unsupported(context, 'hostname', `-${letter}`);
    }
    const [first, extra] = parsed.operands;
    if (extra !== undefined) return failed(hostnameUsage, 255);
    if (first === undefined) return printed(`${name}\n`);
    if (context.user.uid !== 0) return failed('hostname: you must be root to change the host name');
    machine.sysctls.set('kernel.hostname', first);
    return printed('');
  },
};

const hostnameUsage =
  'Usage: hostname [-b] {hostname|-F file}         set host name (from file)\n       hostname [-a|-A|-d|-f|-i|-I|-s|-y]       display formatted name';

export const hostnamectl: Command = {
  name: 'hostnamectl',
  run({ machine }) {
    const { prettyName, kernelRelease } = machine.distribution;
    return printed(
      `   Static hostname: ${machine.hostName()}\n  Operating System: ${prettyName}\n            Kernel: Linux ${kernelRelease}\n      Architecture: x86-64\n`,
    );
  },
};

export const uname: Command = {
  name: 'uname',
  run({ args, machine }) {
    const { kernelRelease, kernelVersion } = machine.distribution;
    const letters = new Set(
      args.flatMap((arg) =>
        arg.startsWith('--')
          ? [long[arg] ?? '?']
          : arg.startsWith('-')
            ? Array.from(arg.slice(1))
            : ['?'],
      ),
    );
    if (letters.has('?') || [...letters].some((letter) => !'asnrvmpio'.includes(letter))) {
      return failed(
        `uname: invalid option -- '${args[0]?.replace(/^-+/, '') ?? ''}'\nTry 'uname --help' for more information.`,
      );
    }
    if (letters.size === 0) letters.add('s');
    const all = letters.has('a');
    const parts: readonly (readonly [string, string])[] = [
      ['s', 'Linux'],
      ['n', machine.hostName()],
      ['r', kernelRelease],
      ['v', kernelVersion],
      ['m', 'x86_64'],
      ['p', 'x86_64'],
      ['i', 'x86_64'],
      ['o', 'GNU/Linux'],
    ];
    return printed(
      `${parts.flatMap(([letter, text]) => (all || letters.has(letter) ? [text] : [])).join(' ')}\n`,
    );
  },
};

const long: Readonly<Record<string, string>> = {
  '--all': 'a',
  '--kernel-name': 's',
  '--nodename': 'n',
  '--kernel-release': 'r',
  '--kernel-version': 'v',
  '--machine': 'm',
  '--operating-system': 'o',
};

export const whoami: Command = { name: 'whoami', run: ({ user }) => printed(`${user.name}\n`) };

export const id: Command = {
  name: 'id',
  run(context) {
    const { machine, args } = context;
    const flag = args.find((arg) => arg.startsWith('-'));
    const name = args.find((arg) => !arg.startsWith('-')) ?? context.user.name;
    const user = machine.user(name);
    if (user === undefined) return failed(`id: '${name}': no such user`);
    const groups = machine
      .groups()
      .filter((group) => group.gid === user.gid || group.members.includes(name));
    switch (flag) {
      case '-u':
        return printed(`${user.uid}\n`);
      case '-un':
        return printed(`${user.name}\n`);
      case '-g':
        return printed(`${user.gid}\n`);
      case '-Gn':
      case '-nG':
        return printed(`${groups.map((group) => group.name).join(' ')}\n`);
      case undefined: {
        const own = groups.find((group) => group.gid === user.gid)?.name ?? user.name;
        return printed(
          `uid=${user.uid}(${user.name}) gid=${user.gid}(${own}) groups=${groups.map((group) => `${group.gid}(${group.name})`).join(',')}\n`,
        );
      }
      default:
        return unsupported(context, 'id', flag);
    }
  },
};

export const groups: Command = {
  name: 'groups',
  run({ machine, user }) {
    const list = machine
      .groups()
      .filter((group) => group.gid === user.gid || group.members.includes(user.name));
    return printed(`${list.map((group) => group.name).join(' ')}\n`);
  },
};

export const uptime: Command = {
  name: 'uptime',
  run({ machine }) {
    const minutes = Math.floor((machine.world.nowMs - machine.bootedAtMs) / 60_000);
    const time = new Date(machine.epochNowMs).toISOString().slice(11, 19);
    const up =
      minutes < 60
        ? `${minutes} min`
        : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
    return printed(` ${time} up ${up},  1 user,  load average: 0.00, 0.01, 0.05\n`);
  },
};

export const date: Command = {
  name: 'date',
  run(context) {
    const { args, machine } = context;
    const unknown = args.find((arg) => arg.startsWith('-') && arg !== '-u' && arg !== '--utc');
    if (unknown !== undefined) return unsupported(context, 'date', unknown);
    const format = args.find((arg) => arg.startsWith('+'))?.slice(1) ?? '%a %b %e %H:%M:%S %Z %Y';
    return printed(`${formatDate(format, machine.epochNowMs)}\n`);
  },
};

function formatDate(format: string, ms: number): string {
  const when = new Date(ms);
  const iso = when.toISOString();
  const [day = '', , month = ''] = when.toUTCString().replace(',', '').split(' ');
  const values: Readonly<Record<string, string>> = {
    Y: iso.slice(0, 4),
    m: iso.slice(5, 7),
    d: iso.slice(8, 10),
    e: String(when.getUTCDate()).padStart(2),
    H: iso.slice(11, 13),
    M: iso.slice(14, 16),
    S: iso.slice(17, 19),
    s: String(Math.floor(ms / 1000)),
    N: String(Math.floor((ms % 1000) * 1e6)).padStart(9, '0'),
    a: day,
    b: month,
    T: iso.slice(11, 19),
    F: iso.slice(0, 10),
    D: `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(2, 4)}`,
    Z: 'UTC',
    z: '+0000',
    n: '\n',
    '%': '%',
  };
  return format.replaceAll(/%([a-zA-Z%])/g, (whole, letter: string) => values[letter] ?? whole);
}

export const history: Command = {
  name: 'history',
  run: ({ history: lines, args }) => {
    const count = Number(args[0] ?? lines.length);
    const from = Math.max(0, lines.length - count);
    return printed(
      lines
        .slice(from)
        .map((line, index) => `${String(from + index + 1).padStart(5)}  ${line}\n`)
        .join(''),
    );
  },
};

function exportedLines(context: CommandContext): string {
  return Object.entries(context.exported)
    .filter(([name]) => !/^(?:BASH|SHELLOPTS|__)/.test(name))
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

export const printenv: Command = {
  name: 'printenv',
  run(context) {
    const [name] = context.args;
    if (name === undefined) return printed(exportedLines(context));
    const value = context.exported[name];
    return value === undefined ? printed('', 1) : printed(`${value}\n`);
  },
};

export const env: Command = {
  name: 'env',
  run(context) {
    const [first, ...rest] = context.args;
    if (first === undefined) return printed(exportedLines(context));
    if (first.startsWith('-')) return unsupported(context, 'env', first);
    const words = [first, ...rest].map((word) =>
      /^\w+=/.test(word)
        ? word.replace(/=(.*)$/s, (_, value: string) => `=${quote(value)}`)
        : quote(word),
    );
    return context.run(words.join(' '), context.stdin === null ? {} : { stdin: context.stdin });
  },
};
