/** tail (GNU coreutils 9.1): the end of files; `-f` waits for what is added, until Ctrl+C. */

import { errorText, FileError, fromBytes, resolvePath } from '../linux/file-system.ts';
import { failed, Printer, unsupported, type Command, type CommandContext } from './command.ts';
import { optionRefusal, parseOptions, type GivenOption } from './options.ts';

export const tail: Command = {
  name: 'tail',
  async run(context) {
    // `-5` is `-n 5`.
    const args = context.args.map((arg, at) =>
      at === 0 && /^-\d+$/.test(arg) ? `-n${arg.slice(1)}` : arg,
    );
    const parsed = parseOptions(args, {
      flags: 'fFqvz',
      valued: 'ncs',
      long: {
        lines: 'n',
        bytes: 'c',
        follow: 'f',
        quiet: 'q',
        silent: 'q',
        verbose: 'v',
        'sleep-interval': 's',
      },
    });
    if (!parsed.ok) return failed(optionRefusal('tail', parsed));
    const { letters } = parsed.options;
    if (letters.has('z')) return unsupported(context, 'tail', '-z');
    const amount = parsed.options.last('nc');
    if (amount !== undefined && !/^[+-]?\d+$/.test(amount.value ?? '')) {
      const what = amount.letter === 'n' ? 'lines' : 'bytes';
      return failed(`tail: invalid number of ${what}: ‘${amount.value ?? ''}’`);
    }
    const isFollowing = letters.has('f') || letters.has('F');
    const names = parsed.operands.length > 0 ? parsed.operands : ['-'];
    const hasHeads = letters.has('v') || (names.length > 1 && !letters.has('q'));
    const out = new Printer();
    const followed: Followed[] = [];
    let exitCode = 0;
    for (const name of names) {
      try {
        const text = name === '-' ? await standardInput(context) : await openedText(context, name);
        if (hasHeads) out.text(heading(name, followed.length === 0));
        out.text(lastPart(text, amount));
        followed.push({ name, length: text.length });
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        out.problem(
          error.code === 'EISDIR'
            ? `tail: error reading '${name}': ${errorText(error.code)}`
            : `tail: cannot open '${name}' for reading: ${errorText(error.code)}`,
        );
        exitCode = 1;
      }
    }
    const shown = out.result(exitCode);
    if (!isFollowing || followed.every(({ name }) => name === '-')) return shown;
    for (const { stream, text } of shown.inOrder ?? []) context.terminal.write(text, stream);
    await follow(context, followed, hasHeads);
    return { stdout: '', stderr: '', exitCode: 130 };
  },
};

interface Followed {
  readonly name: string;
  length: number;
}

function heading(name: string, isFirst: boolean): string {
  return `${isFirst ? '' : '\n'}==> ${name === '-' ? 'standard input' : name} <==\n`;
}

/** A file's text; a pipe's where the path leads to one. */
async function openedText(context: CommandContext, name: string): Promise<string> {
  if (!name.startsWith('/dev/')) return readFile(context, name);
  const file = context.openFile(name);
  try {
    return await file.readText();
  } finally {
    file.close();
  }
}

function readFile(context: CommandContext, name: string): string {
  return fromBytes(context.machine.files.read(resolvePath(context.cwd, name), context.identity));
}

function standardInput(context: CommandContext): Promise<string> {
  return context.input.readText();
}

/** The last ten lines, or what `-n` and `-c` ask for; `+3` is from the third on. */
function lastPart(text: string, amount: GivenOption | undefined): string {
  const value = amount?.value ?? '10';
  const count = Math.abs(Number(value));
  const isFromStart = value.startsWith('+');
  if (amount?.letter === 'c')
    return isFromStart ? text.slice(Math.max(0, count - 1)) : count === 0 ? '' : text.slice(-count);
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const from = isFromStart ? Math.max(0, count - 1) : Math.max(0, lines.length - count);
  return lines.slice(from).join('');
}

/** Prints what is added, with the file's name where it is another one than the last. */
async function follow(
  context: CommandContext,
  followed: readonly Followed[],
  hasHeads: boolean,
): Promise<void> {
  let last = followed.at(-1)?.name;
  while (!context.signal.aborted) {
    for (const file of followed) {
      if (
        file.name === '-' ||
        !context.machine.files.exists(resolvePath(context.cwd, file.name), context.identity)
      )
        continue;
      const text = readFile(context, file.name);
      if (text.length < file.length) {
        context.terminal.write(`tail: ${file.name}: file truncated\n`, 'err');
        file.length = 0;
      }
      if (text.length === file.length) continue;
      if (hasHeads && last !== file.name) context.terminal.write(heading(file.name, false));
      last = file.name;
      context.terminal.write(text.slice(file.length));
      file.length = text.length;
    }
    await context.pace.idle(context.signal);
  }
}
