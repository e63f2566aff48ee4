/** Runs scripts with the shell library, one instance for each user, within the limits. */

import { Bash } from 'just-bash/browser';
import { FileError } from '../linux/file-system.ts';
import { refusalText } from '../linux/user-files.ts';
import type { User } from '../linux/users.ts';
import { fill } from '../words.ts';
import { repairMessages } from './bundled.ts';
import { bundledCommands } from './bundled-commands.ts';
import type { CommandHome } from './command-home.ts';
import { executionLimits, limitMet } from './limits.ts';
import { ownCommands } from './own-commands.ts';
import { plumbing } from './plumbing.ts';
import { ShellFiles } from './shell-files.ts';

interface UserShell {
  readonly bash: Bash;
  readonly files: ShellFiles;
}

export interface RunnerResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** The variables afterwards. */
  readonly env: Readonly<Record<string, string>>;
}

export class Runner {
  private readonly home: CommandHome;
  private readonly shells = new Map<number, UserShell>();
  /** A limit of the library has ended a script since this was last set to false. */
  hasMetLimit = false;

  constructor(home: CommandHome) {
    this.home = home;
  }

  /** The files as the user's shell sees them. */
  filesOf(user: User): ShellFiles {
    return this.shellOf(user).files;
  }

  async run(
    user: User,
    script: string,
    options: {
      readonly cwd: string;
      readonly env: Record<string, string>;
      readonly stdin?: string;
      readonly signal: AbortSignal;
    },
  ): Promise<RunnerResult> {
    const { bash } = this.shellOf(user);
    try {
      const result = await bash.exec(script, { ...options, replaceEnv: true, rawScript: true });
      const limit = limitMet(result.exitCode, result.stderr);
      if (limit !== undefined) {
        this.hasMetLimit = true;
        const said = fill(this.home.options.words.limitReached, { limit });
        return { ...result, stderr: `bash: ${said}\n` };
      }
      return options.signal.aborted ? { ...result, stderr: '' } : result;
    } catch (error) {
      if (options.signal.aborted) return { stdout: '', stderr: '', exitCode: 130, env: {} };
      const text =
        error instanceof FileError
          ? `${error.path}: ${refusalText(error.code)}`
          : error instanceof Error
            ? error.message
            : String(error);
      return { stdout: '', stderr: `bash: ${text}\n`, exitCode: 1, env: {} };
    }
  }

  private shellOf(user: User): UserShell {
    const known = this.shells.get(user.uid);
    if (known !== undefined) return known;
    const { home } = this;
    const { machine } = home.options;
    const files = new ShellFiles(
      machine.files,
      { uid: user.uid, gid: user.gid },
      (text, stream) => {
        home.write(stream === 'err' ? repairMessages(text, files.refused, '/') : text, stream);
      },
    );
    const own = ownCommands(home, user);
    const taken = new Set(own.map((command) => command.name));
    const bash = new Bash({
      fs: files,
      cwd: '/',
      env: {},
      executionLimits,
      defenseInDepth: false,
      customCommands: [
        ...own,
        ...bundledCommands(home, files, taken),
        ...plumbing(home, user, files),
      ],
      processInfo: { pid: machine.loginPid, ppid: 1, uid: user.uid, gid: user.gid },
    });
    const made = { bash, files };
    this.shells.set(user.uid, made);
    return made;
  }
}
