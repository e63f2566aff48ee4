/** getent, dmesg, reboot, chown, clear, sshd -t, nginx -t and other one-screen system tools. */

import { familyOf } from '../linux/address-texts.ts';
import { errorText, FileError, resolvePath } from '../linux/file-system.ts';
import { failed, Printer, printed, unsupported, type Command } from './command.ts';
import { optionProblem, parseOptions } from './options.ts';

const tryGetent = "Try `getent --help' or `getent --usage' for more information.";

/** From /etc/protocols; the numbers are IANA's. */
const protocols: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, sctp: 132 };

const databasesNotHere = ['aliases', 'ethers', 'gshadow', 'initgroups', 'netgroup'];

export const getent: Command = {
  name: 'getent',
  run(context) {
    const { machine } = context;
    const parsed = parseOptions(context.args, {
      flags: 'iAV',
      valued: 's',
      long: { service: 's', 'no-idn': 'i', 'no-addrconfig': 'A', version: 'V' },
    });
    if (!parsed.ok) return failed(`${optionProblem('getent', parsed)}\n${tryGetent}`, 64);
    if (parsed.options.has('V')) return printed('getent (GNU libc) 2.36\n');
    const [database, ...keys] = parsed.operands;
    const out = new Printer();
    let exitCode = 0;
    if (database === 'services') {
      const services = machine.serviceNames();
      const show = (entry: {
        name: string;
        port: number;
        protocol: string;
        aliases: readonly string[];
      }) => {
        out.line(
          `${entry.name.padEnd(21)} ${entry.port}/${entry.protocol}${entry.aliases.map((alias) => ` ${alias}`).join('')}`,
        );
      };
      if (keys.length === 0) for (const entry of services.entries) show(entry);
      for (const key of keys) {
        const [name = '', protocol] = key.split('/');
        const entry = /^\d+$/.test(name)
          ? protocol === undefined
            ? (services.byPort(Number(name), 'tcp') ?? services.byPort(Number(name), 'udp'))
            : services.byPort(Number(name), protocol)
          : services.byName(name, protocol);
        if (entry === undefined) exitCode = 2;
        else show(entry);
      }
      return out.result(exitCode);
    }
    if (database === 'hosts') {
      if (keys.length === 0) return unsupported(context, 'getent', 'hosts (all of them)');
      for (const key of keys) {
        const entry = machine.hostEntry(key);
        if (entry === undefined) exitCode = 2;
        else out.line(`${entry.address.padEnd(15)} ${entry.names.join(' ')}`);
      }
      return out.result(exitCode);
    }
    if (database === 'ahosts' || database === 'ahostsv4' || database === 'ahostsv6') {
      const family = { ahosts: undefined, ahostsv4: 4, ahostsv6: 6 }[database];
      for (const key of keys) {
        const addresses = machine
          .resolveAll(key)
          .filter((address) => family === undefined || familyOf(address) === family);
        if (addresses.length === 0) exitCode = 2;
        const name = machine.hostEntry(key)?.names[0] ?? key;
        for (const [index, address] of addresses.entries()) {
          const shown = index > 0 ? '' : address === key ? key : name;
          out.line(`${address.padEnd(15)} STREAM ${shown}`);
          for (const kind of ['DGRAM', 'RAW']) out.line(`${address.padEnd(15)} ${kind.padEnd(6)} `);
        }
      }
      return out.result(exitCode);
    }
    if (database === 'protocols') {
      for (const key of keys.length === 0 ? Object.keys(protocols) : keys) {
        const found = Object.entries(protocols).find(
          ([name, number]) => [name, name.toUpperCase()].includes(key) || String(number) === key,
        );
        if (found === undefined) exitCode = 2;
        else out.line(`${found[0].padEnd(21)} ${found[1]} ${found[0].toUpperCase()}`);
      }
      return out.result(exitCode);
    }
    if (database !== undefined && databasesNotHere.includes(database))
      return unsupported(context, 'getent', database);
    if (database === 'passwd' || database === 'group') {
      const lines = (machine.readText(`/etc/${database}`) ?? '').split('\n').filter(Boolean);
      if (keys.length === 0) for (const line of lines) out.line(line);
      for (const key of keys) {
        const line = lines.find((one) => one.startsWith(`${key}:`) || one.split(':')[2] === key);
        if (line === undefined) exitCode = 2;
        else out.line(line);
      }
      return out.result(exitCode);
    }
    return failed(
      database === undefined
        ? `getent: wrong number of arguments\n${tryGetent}`
        : `Unknown database: ${database}\n${tryGetent}`,
    );
  },
};

export const dmesg: Command = {
  name: 'dmesg',
  run(context) {
    const { machine, args } = context;
    const unknown = args.find((arg) => arg !== '-T' && arg !== '-t');
    if (unknown !== undefined) return unsupported(context, 'dmesg', unknown);
    const stamp = (ms: number) =>
      args.includes('-t') ? '' : `[${((ms - machine.bootedAtMs) / 1000).toFixed(6).padStart(12)}] `;
    const log = machine.host.sysctl
      .log()
      .map(
        (line, index) => `${stamp(machine.sysctls.logTimes[index] ?? machine.bootedAtMs)}${line}\n`,
      );
    return printed(
      `${stamp(machine.bootedAtMs)}Linux version ${machine.distribution.kernelRelease} ${machine.distribution.kernelVersion}\n${log.join('')}`,
    );
  },
};

export const reboot: Command = {
  name: 'reboot',
  aliases: ['shutdown', 'poweroff', 'halt'],
  run(context) {
    if (context.user.uid !== 0)
      return failed('Failed to reboot system via logind: Interactive authentication required.');
    context.reboot();
    return printed('');
  },
};

export const chown: Command = {
  name: 'chown',
  run(context) {
    const [spec, ...paths] = context.args.filter((arg) => !arg.startsWith('-'));
    if (spec === undefined || paths.length === 0)
      return failed("chown: missing operand\nTry 'chown --help' for more information.");
    const [userName = '', groupName] = spec.split(/[:.]/);
    const user = context.machine
      .users()
      .find((one) => one.name === userName || String(one.uid) === userName);
    if (userName !== '' && user === undefined) return failed(`chown: invalid user: '${spec}'`);
    const group =
      groupName === undefined || groupName === ''
        ? undefined
        : context.machine
            .groups()
            .find((one) => one.name === groupName || String(one.gid) === groupName);
    if (groupName !== undefined && groupName !== '' && group === undefined)
      return failed(`chown: invalid group: '${spec}'`);
    const out = new Printer();
    let exitCode = 0;
    for (const path of paths) {
      try {
        context.machine.files.change(resolvePath(context.cwd, path), context.identity, {
          ...(user !== undefined && { uid: user.uid }),
          ...(group !== undefined && { gid: group.gid }),
        });
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        out.problem(
          error.code === 'EPERM'
            ? `chown: changing ownership of '${path}': ${errorText(error.code)}`
            : `chown: cannot access '${path}': ${errorText(error.code)}`,
        );
        exitCode = 1;
      }
    }
    return out.result(exitCode);
  },
};

export const clear: Command = {
  name: 'clear',
  run: ({ terminal, isTty }) => {
    if (isTty) terminal.clear();
    return printed('');
  },
};

/** `sshd -t` and `nginx -t`: is the configuration sound? */
function configTest(name: 'sshd' | 'nginx'): Command {
  return {
    name,
    run(context) {
      const [flag] = context.args;
      if (name === 'nginx' && flag === '-v')
        return { ...printed(''), stderr: 'nginx version: nginx/1.22.1\n' };
      if (flag !== '-t' && flag !== '-T')
        return flag === undefined
          ? failed(`${name}: use systemctl to start it`, 1)
          : unsupported(context, name, flag);
      const found =
        context.machine.services.find(name === 'sshd' ? 'sshd' : 'nginx') ??
        context.machine.services.find('ssh');
      const work = found?.spec.work;
      if (work?.kind !== 'server' || work.configPath === undefined)
        return failed(`${name}: no configuration`);
      const config = work.config(context.machine.readText(work.configPath) ?? '');
      if (!config.ok)
        return failed(
          name === 'nginx'
            ? `${config.problem}\nnginx: configuration file ${work.configPath} test failed`
            : config.problem,
          name === 'nginx' ? 1 : 255,
        );
      if (name === 'nginx')
        return {
          ...printed(''),
          stderr: `nginx: the configuration file ${work.configPath} syntax is ok\nnginx: configuration file ${work.configPath} test is successful\n`,
        };
      if (flag === '-T')
        return printed(
          config.listens
            .map(
              (listen) => `port ${listen.port}\nlistenaddress ${listen.address}:${listen.port}\n`,
            )
            .join(''),
        );
      return printed('');
    },
  };
}

export const sshd = configTest('sshd');
export const nginx = configTest('nginx');

export const nproc: Command = { name: 'nproc', run: () => printed('1\n') };
