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
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    const key = (line: string) => {
      let rest = line;
      for (let skipped = Number(value('f') ?? 0); skipped > 0; skipped--)
        rest = rest.replace(/^\s*\S*/, '');
      rest = rest.slice(Number(value('s') ?? 0));
      if (value('w') !== undefined) rest = rest.slice(0, Number(value('w')));
      return letters.has('i') ? rest.toLowerCase() : rest;
    };
    const runs: string[][] = [];
    for (const line of lines) {
      const last = runs.at(-1);
      if (last !== undefined && key(last[0] ?? '') === key(line)) last.push(line);
      else runs.push([line]);
    }
    const shown = runs
      .filter((run) => !(letters.has('d') || letters.has('D')) || run.length > 1)
      .filter((run) => !letters.has('u') || run.length === 1)
      .flatMap((run) =>
        (letters.has('D') ? run : run.slice(0, 1)).map((line) => [line, run.length] as const),
      )
      .map(([line, count]) =>
        letters.has('c') ? `${String(count).padStart(7)} ${line}\n` : `${line}\n`,
      )
      .join('');
    if (output === undefined) return printed(shown);
    context.machine.files.write(resolvePath(context.cwd, output), toBytes(shown), context.identity);
    return printed('');
  },
};

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
