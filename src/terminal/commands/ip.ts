/** ip (iproute2): addresses, links and routes of the one interface; reading only. */

import { failed, printed, unsupported, type Command } from './command.ts';

export const ip: Command = {
  name: 'ip',
  run(context) {
    const flags = context.args.filter((arg) => arg.startsWith('-'));
    const [object = '', verb = 'show', ...rest] = context.args.filter(
      (arg) => !arg.startsWith('-'),
    );
    const unknown = flags.find(
      (flag) => !['-4', '-br', '-brief', '-c', '-color', '-o', '-6'].includes(flag),
    );
    if (unknown === '-V') return printed('ip utility, iproute2-6.1.0\n');
    if (unknown !== undefined) return unsupported(context, 'ip', unknown);
    if (object === '')
      return failed(
        'Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\nwhere  OBJECT := { address | link | route }',
        255,
      );
    if (!'show list ls s l'.split(' ').includes(verb) && verb !== 'dev')
      return context.user.uid === 0
        ? unsupported(context, `ip ${object}`, verb)
        : failed('RTNETLINK answers: Operation not permitted', 2);
    const device = verb === 'dev' ? rest[0] : (rest[rest.indexOf('dev') + 1] ?? rest[0]);
    const [address = ''] = context.host.addresses;
    const isBrief = flags.some((flag) => flag.startsWith('-br'));
    if ('address'.startsWith(object)) {
      if (device !== undefined && device !== 'lo' && device !== 'eth0')
        return failed(`Device "${device}" does not exist.`);
      return printed(isBrief ? brief(address, device) : addresses(address, device));
    }
    if ('link'.startsWith(object)) return printed(links(device));
    if ('route'.startsWith(object)) {
      const net = address.split('.').slice(0, 3).join('.');
      return printed(
        `default via ${net}.1 dev eth0\n${net}.0/24 dev eth0 proto kernel scope link src ${address}\n`,
      );
    }
    return failed(`Object "${object}" is unknown, try "ip help".`);
  },
};

const loopback =
  '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000\n';
const ethernet =
  '2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000\n';
const loopbackLink = '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n';
const ethernetLink = '    link/ether 06:0a:00:00:00:02 brd ff:ff:ff:ff:ff:ff\n';
const forever = '       valid_lft forever preferred_lft forever\n';

function addresses(address: string, device: string | undefined): string {
  const net = address.split('.').slice(0, 3).join('.');
  const first = `${loopback}${loopbackLink}    inet 127.0.0.1/8 scope host lo\n${forever}`;
  const second = `${ethernet}${ethernetLink}    inet ${address}/24 brd ${net}.255 scope global eth0\n${forever}`;
  if (device === 'lo') return first;
  return device === 'eth0' ? second : first + second;
}

function brief(address: string, device: string | undefined): string {
  const first = 'lo               UNKNOWN        127.0.0.1/8\n';
  const second = `eth0             UP             ${address}/24\n`;
  if (device === 'lo') return first;
  return device === 'eth0' ? second : first + second;
}

function links(device: string | undefined): string {
  if (device === 'lo') return loopback + loopbackLink;
  return device === 'eth0'
    ? ethernet + ethernetLink
    : loopback + loopbackLink + ethernet + ethernetLink;
}
