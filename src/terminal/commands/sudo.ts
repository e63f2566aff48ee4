/** sudo and su: commands and shells in another user's name. Passwords are not asked for. */

import { quote } from '../shell/shell-level.ts';
import type { User } from '../linux/users.ts';
import {
  failed,
  printed,
  unsupported,
  type Command,
  type CommandContext,
  type CommandResult,
} from './command.ts';
import { optionProblem, parseOptions } from './options.ts';

export const sudo: Command = {
  name: 'sudo',
  async run(context) {
    const parsed = parseOptions(context.args, {
      flags: 'isnEHkKvlVSbA',
      valued: 'ugpCrTRD',
      long: {
        login: 'i',
        shell: 's',
        user: 'u',
        'non-interactive': 'n',
        'preserve-env': 'E',
        version: 'V',
        list: 'l',
        validate: 'v',
        help: 'h',
      },
      stopAtOperand: true,
    });
    if (!parsed.ok)
      return failed(`${optionProblem('sudo', parsed)}\nusage: sudo [-iEn] [-u user] [command]`);
    const letters = new Set(parsed.options.map((option) => option.letter));
    if (letters.has('V')) return printed('Sudo version 1.9.13p3\n');
    for (const letter of 'bACrTRDg')
      if (letters.has(letter)) return unsupported(context, 'sudo', `-${letter}`);
    if (!mayBecomeRoot(context))
      return failed(
        `${context.user.name} is not in the sudoers file.  This incident will be reported.`,
      );
    if (letters.has('l'))
      return printed(
        `User ${context.user.name} may run the following commands on ${context.machine.hostName()}:\n    (ALL) NOPASSWD: ALL\n`,
      );
    if (letters.has('v') || letters.has('k') || letters.has('K')) return printed('');
    const userName = parsed.options.findLast((option) => option.letter === 'u')?.value ?? 'root';
    const user = context.machine.user(userName);
    if (user === undefined)
      return failed(
        `sudo: unknown user ${userName}\nsudo: error initializing audit plugin sudoers_audit`,
      );
    const words = [...parsed.operands];
    const env: Record<string, string> = {};
    while (/^[A-Za-z_]\w*=/.test(words[0] ?? '')) {
      const assignment = words.shift() ?? '';
      env[assignment.slice(0, assignment.indexOf('='))] = assignment.slice(
        assignment.indexOf('=') + 1,
      );
    }
    const isShell = letters.has('i') || letters.has('s');
    if (words.length === 0) {
      if (!isShell)
        return failed('usage: sudo -h | -K | -k | -V\nusage: sudo [-iEn] [-u user] [command]');
      return shell(context, user, letters.has('i'));
    }
    const name = words[0] ?? '';
    if (name === 'su' && words.every((word) => word === 'su' || word === '-' || word === '-l'))
      return shell(context, user, words.length > 1);
    if ((name === 'bash' || name === 'sh') && words.length === 1 && context.stdin === null)
      return shell(context, user, false);
    if (!isKnown(context, name)) return failed(`sudo: ${name}: command not found`);
    const script = isShell && words.length === 1 ? name : words.map(quote).join(' ');
    return context.run(script, {
      user,
      env: { SUDO_USER: context.user.name, SUDO_UID: String(context.user.uid), ...env },
      cwd: letters.has('i') ? user.home : context.cwd,
      ...(context.stdin !== null && { stdin: context.stdin }),
    });
  },
};

function mayBecomeRoot(context: CommandContext): boolean {
  if (context.user.uid === 0) return true;
  return context.machine
    .groups()
    .some(
      (group) =>
        (group.name === 'wheel' || group.name === 'sudo') &&
        group.members.includes(context.user.name),
    );
}

/** Shell words such as `cd` are no programs, and sudo does not find them. */
function isKnown(context: CommandContext, name: string): boolean {
  if (name.includes('/')) return true;
  return context.commandNames.includes(name) && !shellWords.has(name);
}

const shellWords = new Set([
  'cd',
  'export',
  'alias',
  'unalias',
  'source',
  'history',
  'jobs',
  'fg',
  'bg',
  'exit',
  'set',
  'unset',
  'read',
  'type',
  'wait',
]);

function shell(context: CommandContext, user: User, isLogin: boolean): CommandResult {
  context.openShell(user, { isLogin });
  return printed('');
}

export const su: Command = {
  name: 'su',
  async run(context) {
    const isLogin = context.args.some((arg) => arg === '-' || arg === '-l' || arg === '--login');
    const parsed = parseOptions(
      context.args.filter((arg) => arg !== '-'),
      { flags: 'lmpf', valued: 'csgG', long: { login: 'l', command: 'c', shell: 's' } },
    );
    if (!parsed.ok)
      return failed(`${optionProblem('su', parsed)}\nTry 'su --help' for more information.`);
    const name = parsed.operands[0] ?? 'root';
    const user = context.machine.user(name);
    if (user === undefined)
      return failed(
        `su: user ${name} does not exist or the user entry does not contain all the required fields`,
      );
    if (context.user.uid !== 0) {
      if (context.stdin === null) await context.terminal.readLine('Password: ', context.signal);
      return failed('su: Authentication failure');
    }
    const command = parsed.options.findLast((option) => option.letter === 'c')?.value;
    const shellPath =
      parsed.options.findLast((option) => option.letter === 's')?.value ?? user.shell;
    if (shellPath.endsWith('nologin')) return failed('This account is currently not available.');
    if (command === undefined) return shell(context, user, isLogin);
    return context.run(command, {
      user,
      cwd: isLogin ? user.home : context.cwd,
      ...(context.stdin !== null && { stdin: context.stdin }),
    });
  },
};

/** `bash`, `sh`: a script, a line with -c, or a new shell on top. */
export const bash: Command = {
  name: 'bash',
  aliases: ['sh'],
  async run(context) {
    const args = [...context.args];
    if (args[0] === '--version')
      return printed('GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)\n');
    const switches: string[] = [];
    while (/^-[exuvnil]+$/.test(args[0] ?? '')) switches.push(args.shift() ?? '');
    const setting = switches.map((one) => one.replaceAll(/[-il]/g, '')).join('');
    const prelude = setting === '' ? '' : `set -${setting}\n`;
    if (/^-[a-z]*c$/.test(args[0] ?? '')) {
      const [, line, , ...rest] = args;
      if (line === undefined) return failed('bash: -c: option requires an argument', 2);
      return context.run(`${prelude}${positional(rest)}${line}`, stdinOf(context));
    }
    const [file, ...rest] = args;
    if (file !== undefined && file.startsWith('-') && file !== '-')
      return unsupported(context, 'bash', file);
    if (file === undefined || file === '-') {
      if (context.stdin !== null) return context.run(prelude + context.stdin);
      context.openShell(context.user, { isLogin: false });
      return printed('');
    }
    return context.run(`${prelude}${positional(rest)}. ${quote(file)}`, stdinOf(context));
  },
};

function positional(words: readonly string[]): string {
  return words.length === 0 ? '' : `set -- ${words.map(quote).join(' ')}\n`;
}

function stdinOf(context: CommandContext): { readonly stdin?: string } {
  return context.stdin === null ? {} : { stdin: context.stdin };
}

export const nohup: Command = {
  name: 'nohup',
  run: (context) =>
    context.args.length === 0
      ? failed('nohup: missing operand', 125)
      : context.run(context.args.map(quote).join(' '), stdinOf(context)),
};
