/** less, more, man, vi, nano: programs that take the whole screen, given to the view as such. */

import {
  errorText,
  FileError,
  fromBytes,
  resolvePath,
  toBytes,
  type FileErrorCode,
} from '../linux/file-system.ts';
import { fill } from '../words.ts';
import {
  failed,
  Printer,
  printed,
  unsupported,
  type Command,
  type CommandContext,
  type CommandResult,
} from './command.ts';

function readFile(
  context: CommandContext,
  path: string,
):
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: FileErrorCode } {
  try {
    return {
      ok: true,
      text: fromBytes(context.machine.files.read(resolvePath(context.cwd, path), context.identity)),
    };
  } catch (error) {
    if (error instanceof FileError) return { ok: false, code: error.code };
    throw error;
  }
}

/** less and more: pages on the terminal, copies into a pipe. */
function pager(name: string): Command {
  return {
    name,
    async run(context) {
      const files = context.args.filter((arg) => !arg.startsWith('-') && !arg.startsWith('+'));
      if (files.length === 0 && context.stdin === null)
        return failed(
          name === 'less'
            ? 'Missing filename ("less --help" for help)'
            : "more: bad usage\nTry 'more --help' for more information.",
        );
      const out = new Printer();
      let exitCode = 0;
      const texts: string[] = files.length === 0 ? [context.stdin ?? ''] : [];
      for (const path of files) {
        const read = readFile(context, path);
        if (read.ok) texts.push(read.text);
        else {
          out.problem(
            read.code === 'EISDIR' ? `${path} is a directory` : `${path}: ${errorText(read.code)}`,
          );
          exitCode = 1;
        }
      }
      const text = texts.join('');
      if (text !== '' && context.isTty)
        await context.terminal.page(files[0] ?? '', text, context.signal);
      else out.text(text);
      return out.result(exitCode);
    },
  };
}

export const less = pager('less');
export const more = pager('more');

export const man: Command = {
  name: 'man',
  async run(context) {
    const names = context.args.filter((arg) => !arg.startsWith('-') && !/^\d$/.test(arg));
    const [name] = names;
    if (name === undefined)
      return failed("What manual page do you want?\nFor example, try 'man ss'.");
    const page =
      (await context.manual(name)) ??
      (context.commandNames.includes(name) ? await context.manual('tools') : undefined);
    if (page === undefined)
      return failed(
        `No manual entry for ${name}\n${fill(context.words.noManual, { tool: name })}`,
        16,
      );
    if (context.isTty) await context.terminal.page(`${name}(1)`, page, context.signal);
    else return printed(page);
    return printed('');
  },
};

function editor(name: 'vi' | 'nano', aliases: readonly string[]): Command {
  return {
    name,
    aliases,
    run: (context) => edit(context, name),
  };
}

async function edit(context: CommandContext, editorName: 'vi' | 'nano'): Promise<CommandResult> {
  const unknown = context.args.find((arg) => arg.startsWith('-') && arg !== '-R');
  if (unknown !== undefined) return unsupported(context, editorName, unknown);
  if (!context.isTty) return failed(fill(context.words.needsTerminal, { tool: editorName }));
  const path = context.args.find((arg) => !arg.startsWith('+') && !arg.startsWith('-'));
  if (path === undefined)
    return failed(editorName === 'vi' ? 'vi: no file name' : 'nano: no file name', 1);
  const full = resolvePath(context.cwd, path);
  const { files } = context.machine;
  const read = readFile(context, path);
  if (!read.ok && read.code === 'EISDIR') return failed(`"${path}" is a directory`);
  const isNewFile = !read.ok && read.code === 'ENOENT';
  await context.terminal.edit({
    editor: editorName,
    path,
    text: read.ok ? read.text : '',
    isNewFile,
    isReadOnly: context.args.includes('-R') || !isWritable(context, full),
    save: (text, other) => {
      const target = other === undefined ? full : resolvePath(context.cwd, other);
      try {
        files.write(target, toBytes(text), context.identity);
        return { ok: true };
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        return { ok: false, problem: errorText(error.code) };
      }
    },
  });
  return printed('');
}

function isWritable(context: CommandContext, path: string): boolean {
  try {
    context.machine.files.checkWritable(path, context.identity);
    return true;
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}

export const vi = editor('vi', ['vim', 'view']);
export const nano = editor('nano', ['pico']);
