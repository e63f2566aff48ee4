/** route (net-tools 2.10): the routing table; reading only. */

import { formatRoutes } from '../formats/netstat-table.ts';
import { routesOf } from '../linux/network-config.ts';
import { failed, printed, unsupported, type Command } from './command.ts';
import { naming } from './address-names.ts';
import { optionProblem, parseOptions } from './options.ts';

export const route: Command = {
  name: 'route',
  run(context) {
    const parsed = parseOptions(context.args, {
      flags: 'nveV46',
      long: { numeric: 'n', verbose: 'v', extend: 'e', version: 'V' },
    });
    if (!parsed.ok) return failed(optionProblem('route', parsed), 3);
    const { letters } = parsed.options;
    if (letters.has('V')) return printed('net-tools 2.10\n');
    if (letters.has('6')) return unsupported(context, 'route', '-6');
    const [verb] = parsed.operands;
    if (verb !== undefined) {
      if (!['add', 'del', 'flush'].includes(verb)) return unsupported(context, 'route', verb);
      return context.user.uid === 0
        ? unsupported(context, 'route', verb)
        : failed('SIOCADDRT: Operation not permitted', 7);
    }
    const [address = ''] = context.host.addresses;
    const named = naming(context.machine, { ports: false, hosts: true });
    return printed(
      formatRoutes(routesOf(address), {
        isExtended: !letters.has('e'),
        hosts: letters.has('n') ? null : (one) => named.host(one),
      }),
    );
  },
};
