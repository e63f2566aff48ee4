/** What the kernel counts, as ss -i, ss -E, netstat -s, netstat -i and /proc/net tell it. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HostCounters } from '../../src/network/kernel/counters.ts';
import { parseScenario } from '../../src/network/scenario/scenario-parser.ts';
import { World } from '../../src/network/world.ts';
import { formatInterfaces } from '../../src/terminal/formats/netstat-table.ts';
import { formatStatistics } from '../../src/terminal/formats/netstat-statistics.ts';
import { formatProcDev } from '../../src/terminal/formats/snmp.ts';
import { tcpInfo } from '../../src/terminal/formats/ss-info.ts';
import { interfacesOf } from '../../src/terminal/linux/network-config.ts';
import { toSocketEntries } from '../../src/terminal/linux/socket-entries.ts';
import { testMachine } from '../golden/terminal/test-machine.ts';

function recorded(name: string): unknown {
  return JSON.parse(
    readFileSync(new URL(`../golden/terminal/${name}.json`, import.meta.url), 'utf8'),
  );
}

describe('netstat -s', () => {
  const files = recorded('netstat-statistics') as Record<
    'snmp' | 'netstat' | 'all' | 'tcp' | 'udp' | 'raw',
    string
  >;
  const text = files.snmp + files.netstat;
  it.each([
    ['all', []],
    ['tcp', ['tcp']],
    ['udp', ['udp']],
    ['raw', ['raw']],
  ] as const)('says every counter as the real one does: %s', (which, wanted) => {
    expect(formatStatistics(text, new Set(wanted))).toBe(files[which]);
  });

  it('says as little as the real one where nothing has happened', async () => {
    const { fresh } = recorded('netstat-statistics') as { readonly fresh: string };
    const machine = await testMachine('generic-linux');
    const said = (await machine.run('netstat -s')).output;
    // MPTCP is not there, nor predicted headers.
    expect(said).toBe(
      fresh.replace('    0 packet headers predicted\n', '').replace('MPTcpExt:\n', ''),
    );
  });

  it('-i and /proc/net/dev lay their numbers out as the kernel and the tool do', () => {
    const { dev, interfaces } = recorded('netstat-statistics') as {
      readonly dev: string;
      readonly interfaces: string;
    };
    const counters = new HostCounters();
    Object.assign(counters.lo, { inPackets: 6, outPackets: 6, inBytes: 367, outBytes: 367 });
    Object.assign(counters.eth0, { inPackets: 12, outPackets: 16, inBytes: 876, outBytes: 1079 });
    expect(formatInterfaces(interfacesOf({ address: '10.0.0.2' }), counters)).toBe(interfaces);
    expect(formatProcDev(counters)).toBe(dev);
  });
});

/** Two programs on one host, as the recording's. */
function loopback() {
  const world = new World(
    parseScenario({
      version: 1,
      hosts: [{ name: 'host', os: 'linux', address: '10.0.0.2' }],
      actions: [],
    }),
  );
  const host = world.host('host');
  if (host === undefined) throw new Error('no host');
  host.listen('tcp', '127.0.0.1', 7001, { answersClose: false, backlog: 5 });
  const pass = (ms: number) => {
    world.runUntil(world.nowMs + ms);
  };
  const open = () => {
    const result = host.connect('tcp', '127.0.0.1', 7001, { request: 0, answersClose: false });
    if (!result.ok) throw new Error(result.error);
    pass(10);
    const client = result.value;
    const port = host.socket(client)?.localPort;
    const server = host.sockets().find((one) => one.remotePort === port && one.id !== client)?.id;
    return { client, server: server ?? 0 };
  };
  const info = (id: number, showOptions = false) => {
    const row = toSocketEntries(host.sockets(), world.nowMs).find((one) => one.cookie === id);
    if (row === undefined) throw new Error('no such socket');
    const context = { congestionControl: 'bbr', nowMs: world.nowMs, showOptions };
    return tcpInfo(row, host.traffic(id), context);
  };
  return { world, host, pass, open, info };
}

/** What the engine does not do is left out of the real text; so are times, and the recording's scale. */
function comparable(text: string): string {
  return (
    text
      .replace(/^.*?127\.0\.0\.1:\d+ +(?:127\.0\.0\.1:\d+|0\.0\.0\.0:\*)/s, '')
      .replace(/ timer:\(\S+\)/, '')
      .replace(/ bbr:\(\S+\)/, '')
      .replace(/ (?:send|pacing_rate|delivery_rate) \d+bps/g, '')
      .replace(
        / (?:mss|rcvmss|cwnd|delivered|rcv_space|rcv_ssthresh|minrtt|snd_wnd|lost|ato|busy|notsent):\S+/g,
        '',
      )
      .replace(' app_limited', '')
      .replace(/ (?:lastsnd|lastrcv|lastack|rtt):\S+/g, '')
      .replace(/wscale:\d+,\d+/, 'wscale:S')
      // The kernel counts in ticks of four milliseconds and a measured round trip.
      .replace(/rto:20[048]\b/, 'rto:200')
      .trim()
  );
}

describe('ss -i', () => {
  interface Both {
    readonly client: string;
    readonly server: string;
    readonly clientOptions: string;
  }
  const { sockets } = recorded('ss-info') as {
    readonly sockets: Readonly<Record<string, Both | string>>;
  };
  const both = (name: string) => sockets[name] as Both;
  const alone = (name: string) => sockets[name] as string;

  it.each(['idle', 'request', 'answered', 'half-closed', 'server-closed', 'three'])(
    'counts as the kernel does: %s',
    (name) => {
      const { host, info, open, pass } = loopback();
      const { client, server } = open();
      if (name === 'request' || name === 'half-closed') host.send(client, 5);
      if (name === 'three')
        for (let at = 0; at < 3; at++) {
          host.send(client, 3);
          pass(10);
        }
      if (name === 'answered') {
        host.send(client, 5);
        pass(10);
        host.send(server, 7);
      }
      pass(10);
      if (name === 'half-closed') host.shutdown(client);
      if (name === 'server-closed') host.close(server);
      pass(10);
      expect(comparable(info(client))).toBe(comparable(both(name).client));
      expect(comparable(info(server))).toBe(comparable(both(name).server));
      expect(comparable(info(client, true))).toBe(comparable(both(name).clientOptions));
    },
  );

  it('tells how often something was sent in vain', () => {
    const { host, info, open, pass } = loopback();
    const { client } = open();
    host.setFirewall({ policyIn: 'drop', policyOut: 'accept', rules: [], filtersOwn: true });
    host.send(client, 5);
    pass(1000);
    // The kernel's first repetition was a tail loss probe, which the engine does not send.
    const probed = comparable(both('repeated').client)
      .replace('bytes_sent:20 bytes_retrans:15', 'bytes_sent:15 bytes_retrans:10')
      .replace('segs_out:6', 'segs_out:5')
      .replace('data_segs_out:4', 'data_segs_out:3')
      .replace('retrans:1/3', 'retrans:1/2');
    expect(comparable(info(client))).toBe(probed);
    const syn = host.connect('tcp', '127.0.0.1', 7001, { request: 0 });
    if (!syn.ok) throw new Error(syn.error);
    pass(300);
    expect(comparable(info(syn.value))).toBe(comparable(alone('syn-sent')));
    pass(1000);
    expect(comparable(info(syn.value))).toBe(comparable(alone('syn-repeated')));
  });

  it('a listener has its congestion control alone, TIME-WAIT nothing', async () => {
    const machine = await testMachine('generic-linux');
    await machine.run('curl -s -o /dev/null http://web/');
    expect((await machine.run('ss -tlniH | cat')).stdout).toMatch(/^LISTEN .*\n\t cubic *\n$/);
    expect((await machine.run('ss -taniH state time-wait | cat')).stdout).toMatch(
      /^0 +0 .*:80 *\n\t *\n$/,
    );
    expect((await machine.run('ss -uni | cat')).stdout).not.toContain('\t');
  });
});

describe('ss -E', () => {
  const { events } = recorded('ss-info') as {
    readonly events: Readonly<Record<string, readonly string[]>>;
  };
  const speak = [
    'nc -N 127.0.0.1 7001 <<< hi',
    'nc -N ::1 7002 <<< hi',
    'nc -u -w1 127.0.0.1 53 <<< hi',
    'nc -w1 127.0.0.1 9',
  ];
  const shown = (line: string) =>
    line
      .trimEnd()
      // The recording machine's /etc/services had more names.
      .replace('afs3-callback', '7001')
      .replace('afs3-prserver', '7002')
      .replace(/sk:\w+/, 'sk:N')
      .replaceAll(/:\d{5}\b/g, ':PORT')
      .replaceAll(/ +/g, ' ');

  it.each(Object.keys(events))('shows what is destroyed: %s', async (command) => {
    const machine = await testMachine('debian-12');
    await machine.run('(nc -lk 127.0.0.1 7001 >/dev/null & nc -lk ::1 7002 >/dev/null) & sleep 1');
    machine.resize(100, 24);
    const { output } = await machine.run(
      `${command} & sleep 0.5; ${speak.join('; ')}; sleep 1; kill %2; sleep 0.2`,
    );
    const lines = output
      .split('\n')
      .filter((line) => /^(?:Netid|State|tcp|udp|UNCONN|ESTAB) /.test(line));
    // Which end's socket goes first hangs on the moment.
    expect(lines.map(shown).sort()).toEqual((events[command] ?? []).map(shown).sort());
  });

  it('takes a filter, and no heading with -H', async () => {
    const machine = await testMachine('debian-12');
    await machine.run('nc -lk 127.0.0.1 7001 >/dev/null & sleep 1');
    const { output } = await machine.run(
      `ss -EHtn dport = 7001 & sleep 0.5; ${speak[0]}; ${speak[3]}; sleep 1; kill %2; sleep 0.2`,
    );
    expect(output.split('\n').filter((line) => line.includes('UNCONN'))).toHaveLength(1);
    expect(output).not.toContain('State');
  });
});

describe('counters', () => {
  it('move with what the machine does, and begin at 0 with it', async () => {
    const machine = await testMachine('debian-12');
    const of = async (word: string) => {
      const { stdout } = await machine.run(`netstat -s | grep -m1 '${word}'`);
      return Number(/\d+/.exec(stdout)?.[0] ?? '0');
    };
    const before = await of('active connection openings');
    await machine.run('curl -s -o /dev/null http://web/; nc -z 127.0.0.1 9');
    expect(await of('active connection openings')).toBe(before + 2);
    expect(await of('failed connection attempts')).toBe(1);
    expect(await of('resets sent')).toBe(1);
    await machine.run('sleep 61');
    expect(await of('finished time wait')).toBe(1);
    await machine.run('sudo iptables -A INPUT -p tcp --sport 80 -j DROP');
    await machine.run('curl -s -m 4 http://web/');
    expect(await of('segments retransmitted')).toBeGreaterThanOrEqual(2);
    expect(await of('TCPSynRetrans')).toBeGreaterThanOrEqual(2);
    const snmp = (await machine.run('cat /proc/net/snmp')).stdout;
    expect(snmp.split('\n').filter((line) => line.startsWith('Tcp: '))).toHaveLength(2);
    const eth0 = async () =>
      (await machine.run('netstat -i')).stdout.split('\n').find((line) => line.startsWith('eth0'));
    expect((await eth0())?.split(/ +/)[2]).not.toBe('0');
    const dev = (await machine.run('cat /proc/net/dev')).stdout;
    expect(dev).toMatch(/^ {2}eth0: +[1-9]\d* +[1-9]/m);
    await machine.run('sudo reboot');
    expect(await of('failed connection attempts')).toBe(0);
  });

  it('a snapshot brings them back', async () => {
    const machine = await testMachine('debian-12');
    await machine.run('curl -s -o /dev/null http://web/; sudo reboot');
    await machine.run('curl -s -o /dev/null http://web/');
    const said = (await machine.run('netstat -st')).stdout;
    const snapshot = machine.snapshot();
    await machine.run('curl -s -o /dev/null http://web/');
    machine.restore(snapshot);
    expect((await machine.run('netstat -st')).stdout).toBe(said);
  });
});
