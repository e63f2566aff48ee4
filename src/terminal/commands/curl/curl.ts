/**
 * curl (7.88.1) over HTTP: which port it leaves from, what it meets, what it prints. The pages are
 * short and say who asked. HTTPS is treated as HTTP on port 443: no TLS is simulated.
 */

import { failed, Printer, printed, startOwner, unsupported, type Command } from '../command.ts';
import { readCommandLine } from './command-line.ts';
import { Connections } from './connections.ts';
import { Transfer } from './transfer.ts';

const hint = "curl: try 'curl --help' or 'curl --manual' for more information";

export const curl: Command = {
  name: 'curl',
  async run(context) {
    const first = context.args[0] ?? '';
    if (first === '-h' || first === '--help') return printed((await context.manual('curl')) ?? '');
    if (first === '-V' || first === '--version')
      return printed(
        'curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1\nRelease-Date: 2023-02-20\n',
      );
    const read = readCommandLine(context.args);
    if (read.kind === 'unsupported') return unsupported(context, 'curl', read.option);
    if (read.kind === 'problem')
      return failed(read.problem === '' ? hint : `curl: ${read.problem}\n${hint}`, 2);
    const out = new Printer();
    const connections = new Connections();
    const { owner, end } = startOwner(context, 'curl', { kind: 'idle' });
    let exitCode = 0;
    try {
      for (const [index, url] of read.urls.entries())
        exitCode = await new Transfer(context, read, url, index, out, connections, owner).run();
      await connections.closeAll(context);
    } finally {
      end();
    }
    return out.result(exitCode);
  },
};
