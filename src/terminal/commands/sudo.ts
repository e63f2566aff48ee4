/** sudo and su: commands and shells in another user's name. Passwords are not asked for. */

import { quote } from '../linux/quote.ts';
import { errorText, FileError, fromBytes, resolvePath } from '../linux/file-system.ts';
import type { User } from '../linux/users.ts';
import {
  failed,
  printed,
  unsupported,
  type Command,
  type CommandContext,
  type CommandResult,
} from './command.ts';
import { optionProblem, optionRefusal, parseOptions, tryHelp } from './options.ts';

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
    const { letters } = parsed.options;
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
    const userName = parsed.options.value('u') ?? 'root';
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
    if (!isShell && !name.includes('/') && !context.hasProgram(name))
      return failed(`sudo: ${name}: command not found`);
    const keeps = letters.has('E') ? context.exported : {};
    const options = {
      user,
      env: {
        ...keeps,
        ...environmentOf(context, user),
        SUDO_COMMAND: words.join(' '),
        SUDO_USER: context.user.name,
        SUDO_UID: String(context.user.uid),
        SUDO_GID: String(context.user.gid),
        ...env,
      },
      isWholeEnv: true,
      cwd: letters.has('i') ? user.home : context.cwd,
    };
    // With -s and -i the words go through a shell, each protected as it is.
    const exitCode = isShell
      ? await context.runShell({
          ...options,
          text: words.map(quote).join(' '),
          name: 'bash',
          args: [],
        })
      : await context.spawn(words, options);
    return printed('', exitCode);
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

/** The environment that sudo gives: the user's own, with the caller's terminal. */
function environmentOf(context: CommandContext, user: User): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of ['TERM', 'LANG', 'HOSTNAME']) {
    const value = context.exported[name];
    if (value !== undefined) kept[name] = value;
  }
  return {
    ...kept,
    HOME: user.home,
    LOGNAME: user.name,
    MAIL: `/var/mail/${user.name}`,
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    SHELL: user.shell,
    USER: user.name,
  };
}

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
    if (!parsed.ok) return failed(optionRefusal('su', parsed));
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
    const command = parsed.options.value('c');
    const shellPath = parsed.options.value('s') ?? user.shell;
    if (shellPath.endsWith('nologin')) return failed('This account is currently not available.');
    if (command === undefined) return shell(context, user, isLogin);
    const exitCode = await context.runShell({
      text: command,
      name: 'bash',
      args: parsed.operands.slice(1),
      user,
      env: isLogin
        ? environmentOf(context, user)
        : { ...context.exported, ...environmentOf(context, user) },
      isWholeEnv: true,
      cwd: isLogin ? user.home : context.cwd,
    });
    return printed('', exitCode);
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
    let letters = '';
    let isLine = false;
    let isStandardInput = false;
    for (let arg = args[0]; arg !== undefined && /^[-+]./.test(arg); arg = args[0]) {
      args.shift();
      if (arg === '--') break;
      if (arg === '--login' || arg === '--norc' || arg === '--noprofile' || arg === '--posix')
        continue;
      if (arg === '-o' || arg === '-O') {
        args.shift();
        continue;
      }
      if (!/^[-+][abefhikmnprstuvxBCEHPTcl]+$/.test(arg)) return unsupported(context, 'bash', arg);
      isLine ||= arg.includes('c');
      isStandardInput ||= arg.includes('s');
      letters += arg.slice(1).replaceAll(/[cils]/g, '');
    }
    const options = letters === '' ? {} : { options: letters };
    if (isLine) {
      const [text, name = 'bash', ...rest] = args;
      if (text === undefined) return failed('bash: -c: option requires an argument', 2);
      return printed(
        '',
        await context.runShell({ text, isArgument: true, name, args: rest, ...options }),
      );
    }
    const [file, ...rest] = args;
    if (file === undefined || file === '-' || isStandardInput) {
      if (context.stdin !== null)
        return printed(
          '',
          await context.runShell({ name: 'bash', args: isStandardInput ? args : rest, ...options }),
        );
      context.openShell(context.user, { isLogin: false });
      return printed('');
    }
    const { files } = context.machine;
    const path = resolvePath(context.cwd, file);
    try {
      const text = /^\/dev\/(?:fd\/\d+|stdin)$/.test(file)
        ? await context.openFile(file).readText()
        : fromBytes(files.read(path, context.identity));
      if (text.startsWith('\u007fELF'))
        return failed(`${file}: ${file}: cannot execute binary file`, 126);
      return printed('', await context.runShell({ text, name: file, args: rest, ...options }));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      const words = error.code === 'EISDIR' ? `${file}: Is a directory` : errorText(error.code);
      return failed(`bash: ${file}: ${words}`, error.code === 'ENOENT' ? 127 : 126);
    }
  },
};

export const nohup: Command = {
  name: 'nohup',
  async run(context) {
    if (context.args.length === 0)
      return failed(`nohup: missing operand\n${tryHelp('nohup')}`, 125);
    const [name = ''] = context.args;
    if (!name.includes('/') && !context.hasProgram(name))
      return failed(`nohup: failed to run command '${name}': No such file or directory`, 127);
    return printed('', await context.spawn(context.args));
  },
};
