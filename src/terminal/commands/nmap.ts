/** nmap (7.93): which of the named TCP ports are open, by connect() calls (-sT). */

import {
  Printer,
  printed,
  startOwner,
  unsupported,
  type Command,
  type CommandContext,
} from './command.ts';
import { connectTcp } from './client-connection.ts';
import { parseOptions } from './options.ts';

/** Names that nmap has and /etc/services has not, or has otherwise (nmap-services 7.93). */
const ownNames: Readonly<Record<number, string>> = {
  3000: 'ppp',
  5000: 'upnp',
  8000: 'http-alt',
  8008: 'http',
  8080: 'http-proxy',
  8081: 'blackice-icecap',
  8443: 'https-alt',
  8888: 'sun-answerbook',
  9000: 'cslistener',
};

/** What 100 ports of -F and all others would take is more than a page should wait for. */
const mostPorts = 2000;
/** How long an unanswered SYN is waited for before the port counts as filtered. */
const patienceMs = 1000;

type PortState = 'open' | 'closed' | 'filtered';

interface Scanned {
  readonly port: number;
  readonly state: PortState;
  readonly reason: string;
}

export const nmap: Command = {
  name: 'nmap',
  async run(context) {
    const parsed = parseOptions(
      context.args.map((arg) =>
        /^-(?:Pn|sT|sS|sU|sV|sn|T[0-5])$/.test(arg) ? `--${arg.slice(1)}` : arg,
      ),
      {
        flags: 'nvAFOrRh',
        valued: 'p',
        long: {
          sT: 't',
          Pn: 'P',
          reason: 'Δ',
          open: 'o',
          help: 'h',
          version: 'V',
          T0: 'T',
          T1: 'T',
          T2: 'T',
          T3: 'T',
          T4: 'T',
          T5: 'T',
          sS: 'S',
          sU: 'U',
          sV: 's',
          sn: 'N',
        },
      },
    );
    if (!parsed.ok) return unsupported(context, 'nmap', parsed.option);
    const { operands, options } = parsed;
    const { letters } = options;
    if (letters.has('V')) return printed('Nmap version 7.93 ( https://nmap.org )\n');
    if (letters.has('h') || operands.length === 0)
      return printed((await context.manual('nmap')) ?? '', letters.has('h') ? 0 : 255);
    const names: Readonly<Record<string, string>> = {
      S: '-sS',
      U: '-sU',
      s: '-sV',
      N: '-sn',
      A: '-A',
      F: '-F',
      O: '-O',
    };
    const missing = options.list.find(({ letter }) => names[letter] !== undefined);
    if (missing !== undefined) return unsupported(context, 'nmap', names[missing.letter] ?? '');
    const { machine } = context;
    const out = new Printer();
    const minute = new Date(machine.epochNowMs).toISOString().slice(0, 16).replace('T', ' ');
    out.line(`Starting Nmap 7.93 ( https://nmap.org ) at ${minute} UTC`);
    const text = options.value('p');
    if (text === undefined) return unsupported(context, 'nmap', 'a scan without -p');
    const ports = readPorts(context, text);
    if (typeof ports === 'string') {
      out.problem(`${ports}\nQUITTING!`);
      return out.result(1);
    }
    if (ports.length > mostPorts)
      return unsupported(context, 'nmap', `-p with more than ${mostPorts} ports`);
    const startedAtMs = machine.world.nowMs;
    const { owner, end } = startOwner(context, 'nmap', { kind: 'idle' });
    let up = 0;
    let known = 0;
    try {
      for (const name of operands) {
        const address = machine.resolve(name);
        if (address === undefined) {
          out.problem(`Failed to resolve "${name}".`);
          continue;
        }
        known += 1;
        const scanned: Scanned[] = [];
        const firstMs = machine.world.nowMs;
        let isAbsent = false;
        for (const port of ports) {
          if (context.signal.aborted) return printed('', 130);
          const outcome = await connectTcp(context, {
            address,
            port,
            owner,
            isRoot: context.user.uid === 0,
            limitMs: patienceMs,
          });
          if (outcome.kind === 'connected') {
            context.host.reset(outcome.socket.id);
            scanned.push({ port, state: 'open', reason: 'syn-ack' });
          } else if (outcome.kind === 'failed' && outcome.error === 'ECONNREFUSED') {
            scanned.push({ port, state: 'closed', reason: 'conn-refused' });
          } else if (outcome.kind === 'failed' && outcome.isImmediate) {
            isAbsent = true;
            break;
          } else {
            scanned.push({ port, state: 'filtered', reason: 'no-response' });
          }
        }
        const isSilent = isAbsent || scanned.every(({ state }) => state === 'filtered');
        if (isSilent && !letters.has('P')) continue;
        up += 1;
        const latency = (
          (machine.world.nowMs - firstMs) /
          Math.max(1, ports.length) /
          1000
        ).toPrecision(2);
        report(context, out, name, address, scanned, latency, letters);
      }
    } finally {
      end();
    }
    if (known === 0) out.problem('WARNING: No targets were specified, so 0 hosts scanned.');
    else if (up === 0)
      out.line('Note: Host seems down. If it is really up, but blocking our ping probes, try -Pn');
    const seconds = ((machine.world.nowMs - startedAtMs) / 1000).toFixed(2);
    const addresses = `${known} IP address${known === 1 ? '' : 'es'}`;
    out.line(
      `Nmap done: ${addresses} (${up} host${up === 1 ? '' : 's'} up) scanned in ${seconds} seconds`,
    );
    return out.result(0);
  },
};

function readPorts(context: CommandContext, text: string): readonly number[] | string {
  const ports = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(\d*)(-?)(\d*)$/.exec(part);
    if (match === null) {
      const port = context.machine.serviceNames().byName(part)?.port;
      if (port === undefined)
        return `Found no matches for the service mask '${part}' and your specified protocols`;
      ports.add(port);
      continue;
    }
    const [, low = '', dash = '', high = ''] = match;
    const from = low === '' ? 1 : Number(low);
    const to = dash === '' ? from : high === '' ? 65_535 : Number(high);
    if (Math.max(from, to) > 65_535) return 'Ports specified must be between 0 and 65535 inclusive';
    if (to < from) return `Your port range ${part} is backwards. Did you mean ${to}-${from}?`;
    for (let port = from; port <= to; port++) ports.add(port);
  }
  return [...ports].sort((one, other) => one - other);
}

function report(
  context: CommandContext,
  out: Printer,
  name: string,
  address: string,
  scanned: readonly Scanned[],
  latency: string,
  letters: ReadonlySet<string>,
): void {
  const { machine } = context;
  const services = machine.serviceNames();
  const shownName = machine.nameOf(address);
  const title = name === address ? shownName : name;
  out.line(`Nmap scan report for ${title === address ? address : `${title} (${address})`}`);
  const isReasoned = letters.has('Δ');
  const reason = isReasoned
    ? `, received ${address.startsWith('127.') ? 'localhost-response' : 'conn-refused'}`
    : '';
  out.line(`Host is up${reason} (${latency}s latency).`);
  if (name !== address && shownName !== name && shownName !== address)
    out.line(`rDNS record for ${address}: ${shownName}`);
  // Many ports of one kind are only counted.
  const kinds = ['closed', 'filtered'] as const;
  const hidden = letters.has('o')
    ? kinds
    : kinds.filter((state) => scanned.filter((one) => one.state === state).length > 25);
  const rows = scanned.filter(({ state }) => !hidden.some((one) => one === state));
  for (const state of hidden) {
    const count = scanned.filter((one) => one.state === state).length;
    if (count === 0 || letters.has('o')) continue;
    const why = state === 'closed' ? 'conn-refused' : 'no-response';
    out.line(`Not shown: ${count} ${state} tcp port${count === 1 ? '' : 's'} (${why})`);
  }
  out.line('');
  const serviceOf = (port: number) =>
    ownNames[port] ?? services.byPort(port, 'tcp')?.name ?? 'unknown';
  const width = Math.max(4, ...rows.map(({ port }) => String(port).length + 4));
  const states = Math.max(5, ...rows.map(({ state }) => state.length));
  const names = Math.max(7, ...rows.map(({ port }) => serviceOf(port).length));
  if (rows.length > 0) {
    out.line(
      `${'PORT'.padEnd(width)} ${'STATE'.padEnd(states)} ${isReasoned ? `${'SERVICE'.padEnd(names)} REASON` : 'SERVICE'}`,
    );
    for (const { port, state, reason: why } of rows) {
      const service = serviceOf(port);
      out.line(
        `${`${port}/tcp`.padEnd(width)} ${state.padEnd(states)} ${isReasoned ? `${service.padEnd(names)} ${why}` : service}`,
      );
    }
    out.line('');
  }
}
