/** pidof (sysvinit 3.06): the processes of a program's name, the latest first. */

import { failed, printed, unsupported, type Command } from './command.ts';
import { parseOptions } from './options.ts';

export const pidof: Command = {
  name: 'pidof',
  run(context) {
    const parsed = parseOptions(context.args, { flags: 'schqxz', valued: 'odS' });
    if (!parsed.ok) return failed(`pidof: invalid option -- '${parsed.option.replace(/^-+/, '')}'`);
    const { operands, options } = parsed;
    const missing = options.list.find(({ letter }) => 'chzdS'.includes(letter));
    if (missing !== undefined) return unsupported(context, 'pidof', `-${missing.letter}`);
    const { letters } = options;
    const omitted = options.values('o');
    const pids = context.machine.processes
      .list()
      .filter(({ args, command, pid }) => {
        const [word = ''] = args.split(/[\s:]/);
        const own = [command, word, word.replace(/^.*\//, '').replace(/^-/, '')];
        return operands.some((name) => own.includes(name)) && !omitted.includes(String(pid));
      })
      .map(({ pid }) => pid)
      .sort((one, other) => other - one);
    if (pids.length === 0) return printed('', 1);
    const shown = letters.has('s') ? pids.slice(0, 1) : pids;
    return printed(letters.has('q') ? '' : `${shown.join(' ')}\n`);
  },
};
