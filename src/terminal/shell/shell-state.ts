/** What one shell process knows: variables, functions, options, positional parameters, traps. */

import type { User } from '../linux/users.ts';
import type { FunctionDef } from './just-bash/syntax.ts';
import { Variables } from './language/variables.ts';

export class ShellState {
  user: User;
  cwd: string;
  variables: Variables;
  functions: Map<string, FunctionDef>;
  /** Where each function's text is kept, for `type` and `declare -f`. */
  aliases: Map<string, string>;
  /** `set -o` options that are on, by their long names. */
  options: Set<string>;
  shopts: Set<string>;
  traps: Map<string, string>;
  positional: readonly string[] = [];
  /** `$0` */
  name = 'bash';
  status = 0;
  pipeStatus: readonly number[] = [0];
  lastArgument = '';
  /** `$!`; 0 before the first background job. */
  lastJob = 0;
  readonly shellPid: number;
  /** `$BASHPID`: another one in a subshell. */
  pid: number;
  line = 1;
  callStack: readonly string[] = [];
  umask = 0o022;
  /** Random numbers come from here, so that the same lines give the same ones. */
  random = 42;
  startedAtMs: number;
  directoryStack: readonly string[] = [];
  hashed: Map<string, number>;
  /** `ulimit -n`: how many descriptors a process may have, and how far the limit itself may be raised. */
  descriptorLimit: number;
  hardDescriptorLimit: number;

  constructor(user: User, cwd: string, pid: number, startedAtMs: number) {
    this.user = user;
    this.cwd = cwd;
    this.variables = new Variables();
    this.functions = new Map();
    this.aliases = new Map();
    this.options = new Set(defaultOptions);
    this.shopts = new Set(defaultShopts);
    this.traps = new Map();
    this.shellPid = pid;
    this.pid = pid;
    this.startedAtMs = startedAtMs;
    this.hashed = new Map();
    this.descriptorLimit = 1024;
    this.hardDescriptorLimit = mostDescriptors;
  }

  /** As fork(2) leaves it in the child: everything is there, and nothing comes back. */
  fork(pid: number): ShellState {
    const child = new ShellState(this.user, this.cwd, this.shellPid, this.startedAtMs);
    child.variables = this.variables.copy();
    child.functions = new Map(this.functions);
    child.aliases = new Map(this.aliases);
    child.options = new Set(this.options);
    child.shopts = new Set(this.shopts);
    child.positional = this.positional;
    child.name = this.name;
    child.status = this.status;
    child.pipeStatus = this.pipeStatus;
    child.lastArgument = this.lastArgument;
    child.lastJob = this.lastJob;
    child.pid = pid;
    child.line = this.line;
    child.callStack = this.callStack;
    child.umask = this.umask;
    child.random = this.random;
    child.directoryStack = this.directoryStack;
    child.descriptorLimit = this.descriptorLimit;
    child.hardDescriptorLimit = this.hardDescriptorLimit;
    return child;
  }
}

/** fs.nr_open: the hard limit of a login, which root may not pass either. */
export const mostDescriptors = 1_048_576;

const defaultOptions: readonly string[] = ['braceexpand', 'hashall', 'interactive-comments'];

export const defaultShopts: readonly string[] = [
  'checkwinsize',
  'cmdhist',
  'complete_fullquote',
  'extquote',
  'force_fignore',
  'globasciiranges',
  'globskipdots',
  'hostcomplete',
  'interactive_comments',
  'patsub_replacement',
  'progcomp',
  'promptvars',
  'sourcepath',
];
