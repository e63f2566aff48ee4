/** Runs the machine's own commands (ss, curl, systemctl …): what each finds around it, and what it prints. */

import {
  type Command,
  type CommandContext,
  type CommandResult,
  type Printed,
  type TerminalAccess,
  failed,
} from '../../commands/command.ts';
import { FileError, fromBytes } from '../../linux/file-system.ts';
import { refusalText } from '../../linux/user-files.ts';
import { fill } from '../../words.ts';
import type { Interpreter } from '../execution/interpreter.ts';
import { findProgram } from '../program-search.ts';
import type { ProgramCall } from '../shell-process.ts';
import { OrderedOutput } from './ordered-output.ts';
import { ShellInput, openFor } from './program-input.ts';
import { runScript, runShell, spawn } from './child-shells.ts';

export async function runCommand(
  shell: Interpreter,
  command: Command,
  call: ProgramCall,
  input: string | null,
): Promise<number> {
  const output = new OrderedOutput(shell);
  const stdin = shell.fds.get(0);
  let text: string | null = '';
  if (stdin?.isTerminal === true) text = null;
  else if (input !== null) text = fromBytes(input);
  const context = contextOf(shell, call, text, output);
  let result: CommandResult;
  try {
    result =
      call.args.length === 1 && call.args[0] === '--help'
        ? await help(command.name, context)
        : await command.run(context);
  } catch (error) {
    await output.settled();
    if (!(error instanceof FileError)) throw error;
    result = failed(`${command.name}: ${error.path}: ${refusalText(error.code)}`);
  }
  for (const { stream, text } of joined(
    result.inOrder ?? [
      { stream: 'out', text: result.stdout },
      { stream: 'err', text: result.stderr },
    ],
  ))
    output.write(text, stream);
  await output.settled();
  return result.exitCode;
}

/** Neighbouring pieces of one stream as one: each write is waited for by itself. */
function joined(pieces: readonly Printed[]): readonly Printed[] {
  const runs: { readonly stream: Printed['stream']; readonly texts: string[] }[] = [];
  for (const { stream, text } of pieces) {
    const last = runs.at(-1);
    if (last?.stream === stream) last.texts.push(text);
    else runs.push({ stream, texts: [text] });
  }
  return runs.map(({ stream, texts }) => ({ stream, text: texts.join('') }));
}

function contextOf(
  shell: Interpreter,
  call: ProgramCall,
  stdin: string | null,
  output: OrderedOutput,
): CommandContext {
  const { state, session, context } = shell;
  const { machine, terminal, words } = session.options;
  const { user } = state;
  const isTty = shell.fds.get(1)?.isTerminal === true;
  const access: TerminalAccess = {
    columns: () => terminal.columns(),
    rows: () => terminal.rows(),
    write: (text, stream = 'out') => {
      output.write(text, stream);
    },
    readLine: (prompt, signal) => terminal.readLine(prompt, signal),
    page: (title, text, signal) => terminal.page(title, text, signal),
    screen: (text) => {
      terminal.screen(text);
    },
    edit: (request) => terminal.edit(request),
    clear: () => {
      terminal.clear();
    },
    notice: (text) => {
      terminal.notice(text);
    },
    offerFile: (name, bytes) => {
      terminal.offerFile(name, bytes);
    },
  };
  return {
    machine,
    args: call.args,
    user,
    identity: { uid: user.uid, gid: user.gid },
    cwd: state.cwd,
    env: new Map(Object.entries(call.env)),
    exported: call.env,
    host: machine.host,
    hostName: machine.hostName(),
    socketEntries: () => machine.socketEntries(),
    socketCounters: () => machine.socketCounters(),
    stdin,
    input: new ShellInput(shell.fds.get(0), shell.signal, false),
    jobPid: context.jobPid,
    descriptors: { inherited: shell.fds.size, limit: state.descriptorLimit },
    isTty,
    terminal: access,
    writeBytes: (bytes) => output.writeBytes(bytes),
    openFile: (path) => openFor(shell, path),
    pace: context.pace,
    words,
    signal: shell.signal,
    manual: (name) => session.options.manual(name),
    reboot: () => {
      session.options.reboot();
    },
    jobs: session.jobs,
    hasProgram: (name) =>
      findProgram(shell, name).kind === 'program' || findProgram(shell, name).kind === 'script',
    commandNames: session.commandNames(),
    openShell: (who, how) => {
      session.openShell(who, how);
    },
    spawn: async (argv, options = {}) => {
      await output.settled();
      return spawn(shell, call.env, argv, options);
    },
    runShell: async (options) => {
      await output.settled();
      return runShell(shell, call.env, options);
    },
    run: async (script, options = {}) => {
      await output.settled();
      const isCollected = options.toTerminal === false;
      return runScript(shell, call.env, script, { ...options, isCollected });
    },
  };
}

async function help(name: string, context: CommandContext): Promise<CommandResult> {
  const page = await context.manual(name);
  return page === undefined
    ? failed(fill(context.words.noManual, { tool: name }))
    : { stdout: page, stderr: '', exitCode: 0 };
}
