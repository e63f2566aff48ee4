/** The commands that only rewritten lines call (see line-transform.ts). */

import { defineCommand, type CustomCommand } from 'just-bash/browser';
import { failed, success } from '../commands/command.ts';
import { resolvePath } from '../linux/file-system.ts';
import { refusalText } from '../linux/user-files.ts';
import type { User } from '../linux/users.ts';
import type { CommandHome } from './command-home.ts';
import { closeCommand, openCommand, settleCommand, tickCommand } from './line-transform.ts';
import type { ShellFiles } from './shell-files.ts';
import { tcpPrefix } from './tcp-files.ts';

export function plumbing(home: CommandHome, user: User, files: ShellFiles): CustomCommand[] {
  return [
    defineCommand(tickCommand, async (args) => {
      await home.breath.take();
      return { ...success, exitCode: Number(args[0] ?? 0) };
    }),
    defineCommand(openCommand, async (args, context) => {
      for (let index = 0; index + 1 < args.length; index += 2) {
        const [mode, path] = [args[index], args[index + 1] ?? ''];
        if (path.startsWith(tcpPrefix)) {
          const signal = context.signal ?? new AbortController().signal;
          const problem = await home.tcpFiles.open(path, user, signal, mode);
          if (problem !== null) return failed(problem);
          continue;
        }
        if (mode === 'x') {
          const problem = files.tryEnter(resolvePath(context.cwd, path));
          if (problem !== null) return failed(`bash: cd: ${path}: ${problem}`);
          continue;
        }
        const problem =
          path === ''
            ? 'No such file or directory'
            : files.tryOpen(resolvePath(context.cwd, path), mode === 'r');
        if (problem !== null) return failed(`bash: ${path}: ${problem}`);
      }
      return { ...success };
    }),
    defineCommand(closeCommand, (args) => {
      home.tcpFiles.close(args.map(Number));
      return Promise.resolve({ ...success });
    }),
    defineCommand(settleCommand, ([status, name, ...paths], context) => {
      for (const path of paths) {
        const code = files.takeLateRefusal(resolvePath(context.cwd, path));
        if (code !== null)
          return Promise.resolve(
            failed(`bash: ${name ?? 'bash'}: write error: ${refusalText(code)}`),
          );
      }
      return Promise.resolve({ ...success, exitCode: Number(status ?? 0) });
    }),
  ];
}
