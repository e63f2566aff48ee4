/** Small questions about the machine and the user: hostname, uname, whoami, id, uptime, date, history. */

import { resolvePath } from '../linux/file-system.ts';
import type { LinuxHost } from '../linux/linux-host.ts';
import type { Group, User } from '../linux/users.ts';
import {
  failed,
  Printer,
  printed,
  unsupported,
  type Command,
  type CommandContext,
} from './command.ts';
import { optionProblem, optionRefusal, parseOptions, tryHelp } from './options.ts';

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
    const letter = parsed.options.list.at(-1)?.letter;
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
    const { kernelRelease, kernelVersion, id: distribution } = machine.distribution;
    const parsed = parseOptions(args, {
      flags: 'asnrvmpioV',
      long: {
        all: 'a',
        'kernel-name': 's',
        sysname: 's',
        nodename: 'n',
        'kernel-release': 'r',
        release: 'r',
        'kernel-version': 'v',
        machine: 'm',
        processor: 'p',
        'hardware-platform': 'i',
        'operating-system': 'o',
        version: 'V',
      },
    });
    if (!parsed.ok) return failed(optionRefusal('uname', parsed));
    const [extra] = parsed.operands;
    if (extra !== undefined) return failed(`uname: extra operand ‘${extra}’\n${tryHelp('uname')}`);
    const given = parsed.options.letters;
    if (given.has('V')) return printed('uname (GNU coreutils) 9.1\n');
    const letters = given.size === 0 ? new Set(['s']) : given;
    const all = letters.has('a');
    // Fedora's family patches these two in; elsewhere they are unknown, and -a leaves them out.
    const processor = distribution === 'amazon-linux-2' ? 'x86_64' : 'unknown';
    const parts: readonly (readonly [string, string])[] = [
      ['s', 'Linux'],
      ['n', machine.hostName()],
      ['r', kernelRelease],
      ['v', kernelVersion],
      ['m', 'x86_64'],
      ['p', processor],
      ['i', processor],
      ['o', 'GNU/Linux'],
    ];
    const shown = parts.filter(
      ([letter, text]) => letters.has(letter) || (all && text !== 'unknown'),
    );
    return printed(`${shown.map(([, text]) => text).join(' ')}\n`);
  },
};

export const whoami: Command = {
  name: 'whoami',
  run: ({ user, args: [extra] }) =>
    extra === undefined
      ? printed(`${user.name}\n`)
      : failed(`whoami: extra operand ‘${extra}’\n${tryHelp('whoami')}`),
};

/** A user's groups, the user's own first. */
function groupsOf(machine: LinuxHost, user: User): readonly Group[] {
  const own = machine.groups().filter((group) => group.gid === user.gid);
  const others = machine
    .groups()
    .filter((group) => group.gid !== user.gid && group.members.includes(user.name));
  return [...own, ...others];
}

export const id: Command = {
  name: 'id',
  run(context) {
    const { machine } = context;
    const parsed = parseOptions(context.args, {
      flags: 'agGnruzZ',
      long: { user: 'u', group: 'g', groups: 'G', name: 'n', real: 'r', zero: 'z', context: 'Z' },
    });
    if (!parsed.ok) return failed(optionRefusal('id', parsed));
    const { letters } = parsed.options;
    const what = ['u', 'g', 'G'].filter((letter) => letters.has(letter));
    if (letters.has('Z'))
      return failed('id: --context (-Z) works only on an SELinux-enabled kernel');
    if (what.length > 1) return failed('id: cannot print "only" of more than one choice');
    if (what.length === 0 && (letters.has('n') || letters.has('r')))
      return failed('id: cannot print only names or real IDs in default format');
    if (what.length === 0 && letters.has('z'))
      return failed('id: option --zero not permitted in default format');
    const out = new Printer();
    let exitCode = 0;
    const names = parsed.operands.length > 0 ? parsed.operands : [context.user.name];
    for (const name of names) {
      const user = machine.user(name) ?? machine.users().find((one) => String(one.uid) === name);
      if (user === undefined) {
        out.problem(`id: ‘${name}’: no such user`);
        exitCode = 1;
        continue;
      }
      const groups = groupsOf(machine, user);
      const own = groups.find((group) => group.gid === user.gid)?.name ?? String(user.gid);
      const isName = letters.has('n');
      const end = letters.has('z') ? '\0' : '\n';
      if (what[0] === 'u') out.text(`${isName ? user.name : user.uid}${end}`);
      else if (what[0] === 'g') out.text(`${isName ? own : user.gid}${end}`);
      else if (what[0] === 'G')
        out.text(
          `${groups.map((group) => (isName ? group.name : group.gid)).join(letters.has('z') ? '\0' : ' ')}${end}`,
        );
      else
        out.line(
          `uid=${user.uid}(${user.name}) gid=${user.gid}(${own}) groups=${groups.map((group) => `${group.gid}(${group.name})`).join(',')}`,
        );
    }
    return out.result(exitCode);
  },
};

export const groups: Command = {
  name: 'groups',
  run({ machine, user, args }) {
    const out = new Printer();
    let exitCode = 0;
    const names = (one: User) =>
      groupsOf(machine, one)
        .map((group) => group.name)
        .join(' ');
    if (args.length === 0) out.line(names(user));
    for (const name of args) {
      const one = machine.user(name);
      if (one === undefined) {
        out.problem(`groups: ‘${name}’: no such user`);
        exitCode = 1;
      } else out.line(`${name} : ${names(one)}`);
    }
    return out.result(exitCode);
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

function exportedLines(context: CommandContext): string {
  return Object.entries(context.exported)
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
  async run(context) {
    const { args } = context;
    let isWholeEnv = false;
    let cwd: string | undefined;
    const removed: string[] = [];
    let at = 0;
    for (; at < args.length; at++) {
      const arg = args[at] ?? '';
      if (arg === '-i' || arg === '-' || arg === '--ignore-environment') isWholeEnv = true;
      else if (arg === '-u' || arg === '--unset') removed.push(args[++at] ?? '');
      else if (/^-u./.test(arg)) removed.push(arg.slice(2));
      else if (arg === '-C' || arg === '--chdir') cwd = args[++at];
      else if (arg === '--') {
        at += 1;
        break;
      } else if (arg.startsWith('-')) return unsupported(context, 'env', arg);
      else break;
    }
    const values: Record<string, string> = isWholeEnv
      ? {}
      : Object.fromEntries(
          Object.entries(context.exported).filter(([name]) => !removed.includes(name)),
        );
    for (; at < args.length; at++) {
      const [, name, value] = /^([^=]+)=([\s\S]*)$/.exec(args[at] ?? '') ?? [];
      if (name === undefined) break;
      values[name] = value ?? '';
    }
    const words = args.slice(at);
    if (words.length === 0)
      return printed(
        Object.entries(values)
          .map(([name, value]) => `${name}=${value}\n`)
          .join(''),
      );
    const [name = ''] = words;
    if (!name.includes('/') && !context.hasProgram(name))
      return failed(`env: ‘${name}’: No such file or directory`, 127);
    const exitCode = await context.spawn(words, {
      env: values,
      isWholeEnv: true,
      ...(cwd !== undefined && { cwd: resolvePath(context.cwd, cwd) }),
    });
    return printed('', exitCode);
  },
};
