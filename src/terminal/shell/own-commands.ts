/** Our commands as the shell library runs them: each is handed the machine and the terminal. */

import { defineCommand, type CustomCommand, type ResolvedCommandContext } from 'just-bash/browser';
import { failed, jobPidVariable, type Command, type CommandContext } from '../commands/command.ts';
import type { CommandResult } from '../commands/command.ts';
import { FileError, fromBytes } from '../linux/file-system.ts';
import { refusalText } from '../linux/user-files.ts';
import type { User } from '../linux/users.ts';
import { fill } from '../words.ts';
import type { CommandHome } from './command-home.ts';
import { ttyFlag } from './line-transform.ts';

export function ownCommands(home: CommandHome, user: User): CustomCommand[] {
  return home.options.commands.flatMap((command) =>
    [command.name, ...(command.aliases ?? [])].map((name) =>
      defineCommand(name, (args, context) => run(home, command, args, context, user)),
    ),
  );
}

async function run(
  home: CommandHome,
  command: Command,
  args: readonly string[],
  context: ResolvedCommandContext,
  user: User,
) {
  const flag = Number(context.env.get(ttyFlag) ?? '0');
  const commandContext = contextOf(home, args, context, user, flag);
  try {
    const result =
      args.length === 1 && args[0] === '--help'
        ? await help(command.name, commandContext)
        : await command.run(commandContext);
    if (result.inOrder === undefined || (flag & 3) !== 3) return { ...result };
    for (const piece of result.inOrder) home.write(piece.text, piece.stream);
    return { stdout: '', stderr: '', exitCode: result.exitCode };
  } catch (error) {
    if (error instanceof FileError)
      return failed(`${command.name}: ${error.path}: ${refusalText(error.code)}`);
    throw error;
  }
}

function contextOf(
  home: CommandHome,
  args: readonly string[],
  context: ResolvedCommandContext,
  user: User,
  flag: number,
): CommandContext {
  const { machine, terminal, pace, words } = home.options;
  const isTty = (flag & 1) !== 0;
  const jobPid = context.env.get(jobPidVariable);
  const signal = context.signal ?? home.signal;
  return {
    machine,
    args,
    user,
    identity: { uid: user.uid, gid: user.gid },
    cwd: context.cwd,
    env: new Map([...context.env].filter(([name]) => name !== ttyFlag)),
    exported: context.exportedEnv ?? {},
    host: machine.host,
    hostName: machine.hostName(),
    socketRows: () => machine.socketRows(),
    socketCounters: () => machine.socketCounters(),
    stdin: (flag & 4) !== 0 ? null : fromBytes(context.stdin as unknown as string),
    isTty,
    terminal,
    pace: jobPid === undefined ? pace : home.jobs.paceOf(Number(jobPid)),
    words,
    signal,
    manual: (name) => home.options.manual(name),
    reboot: () => {
      home.options.reboot();
    },
    jobs: home.jobs,
    history: home.history,
    commandNames: home.commandNames(),
    openShell: (who, how) => {
      home.openShell(who, how);
    },
    run: (script, options = {}) =>
      home.runScript(script, options.user ?? user, {
        cwd: context.cwd,
        ...options,
        env: { ...options.env, ...(jobPid !== undefined && { [jobPidVariable]: jobPid }) },
        signal,
        isTty: isTty && (options.toTerminal ?? true),
      }),
  };
}

async function help(name: string, context: CommandContext): Promise<CommandResult> {
  const page = await context.manual(name);
  return page === undefined
    ? failed(fill(context.words.noManual, { tool: name }))
    : { stdout: page, stderr: '', exitCode: 0 };
}
