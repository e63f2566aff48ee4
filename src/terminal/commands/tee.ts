/** tee (GNU coreutils 9.1): what comes in goes to the terminal and into files. */

import { errorText, FileError, resolvePath } from '../linux/file-system.ts';
import { failed, Printer, unsupported, type Command } from './command.ts';
import { optionRefusal, parseOptions } from './options.ts';

export const tee: Command = {
  name: 'tee',
  async run(context) {
    const parsed = parseOptions(context.args, {
      flags: 'aip',
      long: { append: 'a', 'ignore-interrupts': 'i' },
    });
    if (!parsed.ok) return failed(optionRefusal('tee', parsed));
    const { letters } = parsed.options;
    if (letters.has('p')) return unsupported(context, 'tee', '-p');
    const { files } = context.machine;
    const out = new Printer();
    let exitCode = 0;
    const paths = parsed.operands.filter((path) => {
      try {
        const full = resolvePath(context.cwd, path);
        files.checkWritable(full, context.identity);
        const isFile =
          !files.exists(full, context.identity) ||
          files.node(full, context.identity).kind === 'file';
        if (isFile && !letters.has('a')) files.write(full, '', context.identity);
        return true;
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        out.problem(`tee: ${path}: ${errorText(error.code)}`);
        exitCode = 1;
        return false;
      }
    });
    const store = (bytes: string) => {
      for (const path of paths) {
        try {
          files.write(resolvePath(context.cwd, path), bytes, context.identity, {
            append: true,
          });
        } catch (error) {
          if (!(error instanceof FileError)) throw error;
          context.terminal.write(`tee: ${path}: ${errorText(error.code)}\n`, 'err');
          exitCode = 1;
        }
      }
    };
    for (const { stream, text } of out.result(0).inOrder ?? [])
      context.terminal.write(text, stream);
    for (;;) {
      const bytes = await context.input.read();
      if (bytes === null) break;
      await context.writeBytes(bytes);
      store(bytes);
    }
    return { stdout: '', stderr: '', exitCode: context.signal.aborted ? 130 : exitCode };
  },
};
