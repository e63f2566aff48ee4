/** uniq (GNU coreutils 9.1): equal lines in a row become one; counts are seven wide. */

import { errorText, FileError, fromBytes, resolvePath, toBytes } from '../linux/file-system.ts';
import { failed, printed, type Command, type CommandContext } from './command.ts';
import { optionRefusal, parseOptions, tryHelp } from './options.ts';

export const uniq: Command = {
  name: 'uniq',
  reads: 'all',
  async run(context) {
    const parsed = parseOptions(context.args, {
      flags: 'cduiDz',
      valued: 'fsw',
      long: {
        count: 'c',
        repeated: 'd',
        unique: 'u',
        'ignore-case': 'i',
        'all-repeated': 'D',
        'skip-fields': 'f',
        'skip-chars': 's',
        'check-chars': 'w',
      },
    });
    if (!parsed.ok) return failed(optionRefusal('uniq', parsed));
    const { letters } = parsed.options;
    const { value } = parsed.options;
    const [input = '-', output, extra] = parsed.operands;
    if (extra !== undefined) return failed(`uniq: extra operand ‘${extra}’\n${tryHelp('uniq')}`);
    let text: string;
    try {
      text = input === '-' ? await standardInput(context) : readFile(context, input);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return failed(`uniq: ${input}: ${errorText(error.code)}`);
    }
    const key = (line: string) => {
      let rest = line;
      for (let skipped = Number(value('f') ?? 0); skipped > 0; skipped--)
        rest = rest.replace(/^\s*\S*/, '');
      rest = rest.slice(Number(value('s') ?? 0));
      if (value('w') !== undefined) rest = rest.slice(0, Number(value('w')));
      return letters.has('i') ? rest.toLowerCase() : rest;
    };
    const isShown = (count: number) =>
      !((letters.has('d') || letters.has('D')) && count === 1) && !(letters.has('u') && count > 1);
    const made: string[] = [];
    let run: string[] = [];
    let runKey = '';
    const endRun = () => {
      if (run.length > 0 && isShown(run.length))
        for (const line of letters.has('D') ? run : run.slice(0, 1))
          made.push(letters.has('c') ? `${String(run.length).padStart(7)} ${line}\n` : `${line}\n`);
    };
    let written = '';
    let count = 0;
    for (const line of linesOf(text)) {
      const own = key(line);
      if (run.length > 0 && runKey === own) run.push(line);
      else {
        endRun();
        run = [line];
        runKey = own;
      }
      count += 1;
      if (count % linesAtOnce > 0) continue;
      // The page has its turn, and what comes next in a pipeline begins.
      const piece = made.splice(0).join('');
      if (output === undefined) await context.writeBytes(toBytes(piece));
      else written += piece;
    }
    endRun();
    written += made.join('');
    if (output === undefined) return printed(written);
    context.machine.files.write(
      resolvePath(context.cwd, output),
      toBytes(written),
      context.identity,
    );
    return printed('');
  },
};

const linesAtOnce = 4096;

/** The lines of a text, one after another. */
function* linesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    const found = text.indexOf('\n', at);
    const end = found === -1 ? text.length : found;
    yield text.slice(at, end);
    at = end + 1;
  }
}

function readFile(context: CommandContext, path: string): string {
  return fromBytes(context.machine.files.read(resolvePath(context.cwd, path), context.identity));
}

async function standardInput(context: CommandContext): Promise<string> {
  if (context.stdin !== null) return context.stdin;
  let text = '';
  for (;;) {
    const line = await context.terminal.readLine('', context.signal);
    if (line === null) return text;
    text += `${line}\n`;
  }
}
