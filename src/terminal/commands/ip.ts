/** ip (iproute2 6.1.0): addresses, links and routes; reading only. */

import { formatAddress, parseAddress } from '../../network/addresses.ts';
import { familyOf, isAddress, isLoopbackAddress } from '../linux/address-texts.ts';
import {
  interfacesOf,
  ipv6RoutesOf,
  routesOf,
  type Interface,
  type Ipv6Address,
} from '../linux/network-config.ts';
import {
  failed,
  printed,
  unsupported,
  type Command,
  type CommandContext,
  type CommandResult,
} from './command.ts';

interface Flags {
  readonly isBrief: boolean;
  readonly isOneLine: boolean;
  readonly family: 4 | 6 | undefined;
}

/** In the order in which an abbreviation finds them. */
const objects = ['address', 'route', 'link', 'neighbor', 'neighbour', 'rule'] as const;
const otherObjects = ['addrlabel', 'maddress', 'monitor', 'netns', 'tunnel', 'tuntap', 'xfrm'];
const otherOptions = [
  's',
  'statistics',
  'd',
  'details',
  'r',
  'resolve',
  'j',
  'json',
  'p',
  'pretty',
];
const moreOptions = ['h', 'human', 'b', 'batch', 'n', 'netns', 'a', 'all', 't', 'timestamp', '0'];
const changes = ['add', 'del', 'delete', 'change', 'replace', 'set', 'flush', 'append', 'save'];

const usage = 'Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }';

export const ip: Command = {
  name: 'ip',
  async run(context) {
    const args = [...context.args];
    let flags: Flags = { isBrief: false, isOneLine: false, family: undefined };
    while (args[0]?.startsWith('-')) {
      const option = (args.shift() ?? '').replace(/^--?/, '');
      if ('Version'.startsWith(option))
        return printed('ip utility, iproute2-6.1.0, libbpf 1.1.2\n');
      if (option === '4' || option === '6') flags = { ...flags, family: option === '4' ? 4 : 6 };
      else if (option === 'f' || option === 'family') {
        const family = args.shift() ?? '';
        if (!['inet', 'inet6'].includes(family)) return unsupported(context, 'ip', `-f ${family}`);
        flags = { ...flags, family: family === 'inet' ? 4 : 6 };
      } else if (option.length > 1 && 'brief'.startsWith(option))
        flags = { ...flags, isBrief: true };
      else if ('oneline'.startsWith(option)) flags = { ...flags, isOneLine: true };
      else if (/^c(?:o(?:lor)?)?(?:=\w+)?$/.test(option)) continue;
      else if ([...otherOptions, ...moreOptions].includes(option))
        return unsupported(context, 'ip', `-${option}`);
      else return failed(`Option "-${option}" is unknown, try "ip -help".`, 255);
    }
    const [typed, ...rest] = args;
    if (typed === undefined) return failed(usage, 255);
    if (typed === 'help') return { stdout: '', stderr: `${usage}\n`, exitCode: 0 };
    const object = objects.find((name) => name.startsWith(typed));
    if (object === undefined) {
      const other = otherObjects.find((name) => name.startsWith(typed));
      return other === undefined
        ? failed(`Object "${typed}" is unknown, try "ip help".`)
        : unsupported(context, 'ip', other);
    }
    if (rest[0] === 'help') return failed((await context.manual('ip')) ?? usage, 255);
    return run(context, object, rest, flags);
  },
};

function run(
  context: CommandContext,
  object: (typeof objects)[number],
  args: readonly string[],
  flags: Flags,
): CommandResult {
  const [verb = 'show', ...rest] = args;
  const isShow = ['show', 'list', 'lst'].some((word) => word.startsWith(verb));
  const name = object.startsWith('neigh') ? 'neigh' : object;
  if (!isShow && changes.some((word) => word.startsWith(verb)))
    return context.user.uid === 0
      ? unsupported(context, `ip ${name}`, verb)
      : failed('RTNETLINK answers: Operation not permitted', 2);
  const [address = ''] = context.host.addresses;
  if (object === 'route') return route(context, address, args, flags);
  if (!isShow && verb !== 'dev' && verb !== 'up') {
    const isDevice = interfacesOf(context.machine.distribution).some((one) => one.name === verb);
    if (!isDevice || object === 'rule')
      return failed(`Command "${verb}" is unknown, try "ip ${name} help".`, 255);
  }
  if (name === 'neigh') return printed('');
  if (object === 'rule')
    return printed(
      '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n',
    );
  const words = isShow ? rest : args;
  const device = words.find((word) => word !== 'dev' && word !== 'up');
  const all = interfacesOf(context.machine.distribution);
  const shown = device === undefined ? all : all.filter((one) => one.name === device);
  const isOne = device !== undefined;
  if (shown.length === 0) return failed(`Device "${device ?? ''}" does not exist.`);
  const lines = shown.map((one) =>
    object === 'link' ? linkText(one, flags) : addressText(one, flags, isOne),
  );
  return printed(lines.join(''));
}

/** Each address is followed by a blank, the last one too. */
function addressText(one: Interface, flags: Flags, isOne: boolean): string {
  const endpoint = `${one.address}/${one.prefix}`;
  const six = flags.family === 4 ? [] : one.ipv6;
  const isSixAlone = flags.family === 6;
  if (isSixAlone && six.length === 0 && !flags.isBrief) return '';
  if (flags.isBrief) {
    const all = [...(isSixAlone ? [] : [endpoint]), ...six.map(prefixed)];
    return `${one.name.padEnd(16)} ${one.state.padEnd(14)} ${all.map((text) => `${text} `).join('')}\n`;
  }
  const broadcast = one.broadcast === undefined ? '' : `brd ${one.broadcast} `;
  const lines = [
    ...(isSixAlone ? [] : [`inet ${endpoint} ${broadcast}scope ${one.scope} ${one.name}`]),
    ...six.map((each) => `inet6 ${prefixed(each)} scope ${each.scope} `),
  ];
  const lifetime = '       valid_lft forever preferred_lft forever\n';
  if (flags.isOneLine)
    return lines.map((line) => `${one.index}: ${one.name}    ${line}\\${lifetime}`).join('');
  const link = flags.family === undefined ? `${hardware(one)}\n` : '';
  // Asked for IPv6 of all interfaces, ip knows less of each.
  const top =
    isSixAlone && !isOne
      ? `${one.index}: ${one.name}: <${one.flags}> mtu ${one.mtu} state ${one.state} qlen 1000`
      : head(one, '');
  return `${top}\n${link}${lines.map((line) => `    ${line}\n${lifetime}`).join('')}`;
}

function prefixed({ address, prefix }: Ipv6Address): string {
  return `${address}/${prefix}`;
}

function linkText(one: Interface, flags: Flags): string {
  if (flags.isBrief)
    return `${one.name.padEnd(16)} ${one.state.padEnd(14)} ${one.mac} <${one.flags}> \n`;
  return `${head(one, 'mode DEFAULT ')}${flags.isOneLine ? '\\' : '\n'}${hardware(one)}\n`;
}

function head(one: Interface, mode: string): string {
  return `${one.index}: ${one.name}: <${one.flags}> mtu ${one.mtu} qdisc ${one.qdisc} state ${one.state} ${mode}group default qlen 1000`;
}

function hardware(one: Interface): string {
  return `    link/${one.kind} ${one.mac} brd ${one.broadcastMac}`;
}

function route(
  context: CommandContext,
  address: string,
  args: readonly string[],
  flags: Flags,
): CommandResult {
  const [verb = 'show', ...rest] = args;
  if ('get'.startsWith(verb)) return routeTo(context, address, rest);
  if (!['show', 'list', 'lst'].some((word) => word.startsWith(verb)))
    return failed(`Command "${verb}" is unknown, try "ip route help".`, 255);
  if (flags.family === 6) return ipv6Routes(context, rest);
  const device = rest[rest.indexOf('dev') + 1];
  const isDevice = rest.includes('dev') && device !== undefined;
  const table = rest[rest.indexOf('table') + 1];
  if (rest.includes('table') && table !== 'main')
    return unsupported(context, 'ip route', `table ${table ?? ''}`);
  const lines = routesOf(address)
    .filter((one) => !rest.includes('default') || one.destination === 'default')
    .filter((one) => !isDevice || one.device === device)
    .map((one) =>
      [
        one.destination,
        ...(one.gateway === undefined ? [] : ['via', one.gateway]),
        ...(isDevice ? [] : ['dev', one.device]),
        ...(one.source === undefined ? [] : ['proto kernel scope link src', one.source]),
      ].join(' '),
    );
  // Every word is followed by a blank.
  return printed(lines.map((line) => `${line} \n`).join(''));
}

function ipv6Routes(context: CommandContext, words: readonly string[]): CommandResult {
  const device = words[words.indexOf('dev') + 1];
  const isDevice = words.includes('dev') && device !== undefined;
  const table = words[words.indexOf('table') + 1];
  if (words.includes('table') && table !== 'main')
    return unsupported(context, 'ip -6 route', `table ${table ?? ''}`);
  const lines = ipv6RoutesOf(context.machine.distribution)
    .filter((one) => !words.includes('default') || one.destination === 'default')
    .filter(() => !isDevice || device === 'eth0')
    .map((one) =>
      [
        one.destination,
        ...(one.gateway === undefined ? [] : ['via', one.gateway]),
        ...(isDevice ? [] : ['dev', 'eth0']),
        one.words,
      ].join(' '),
    );
  return printed(lines.map((line) => `${line}\n`).join(''));
}

/** `ip -6 route get`: the kernel's answer for an address of IPv6. */
function ipv6RouteTo(context: CommandContext, typed: string): CommandResult {
  const { distribution, host } = context.machine;
  const target = formatAddress(parseAddress(typed) ?? 0);
  const own = distribution.ipv6?.address;
  const unreachable = failed('RTNETLINK answers: Network is unreachable', 2);
  if (distribution.ipv6 === undefined) return unreachable;
  if (isLoopbackAddress(target) || host.addresses.includes(target))
    return printed(
      `local ${target} from :: dev lo table local proto kernel src ${target} metric 0 pref medium\n`,
    );
  if (own === undefined) return unreachable;
  const [network = ''] = own.split('::');
  const isNear = target.startsWith(`${network}:`);
  return printed(
    isNear
      ? `${target} from :: dev eth0 proto kernel src ${own} metric 256 pref medium\n`
      : `${target} from :: via fe80::1 dev eth0 proto ra src ${own} metric 1024 pref medium\n`,
  );
}

function routeTo(
  context: CommandContext,
  address: string,
  [target]: readonly string[],
): CommandResult {
  if (target === undefined) return failed('need at least a destination address', 2);
  if (!isAddress(target))
    return failed(`Error: any valid prefix is expected rather than "${target}".`);
  if (familyOf(target) === 6) return ipv6RouteTo(context, target);
  const { uid } = context.user;
  if (target.startsWith('127.') || target === address) {
    const source = target === address ? address : '127.0.0.1';
    return printed(`local ${target} dev lo src ${source} uid ${uid} \n    cache <local> \n`);
  }
  const isNear =
    target.split('.').slice(0, 3).join('.') === address.split('.').slice(0, 3).join('.');
  const gateway = routesOf(address)[0]?.gateway ?? '';
  const via = isNear ? '' : `via ${gateway} `;
  return printed(`${target} ${via}dev eth0 src ${address} uid ${uid} \n    cache \n`);
}
