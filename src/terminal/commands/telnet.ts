/** telnet (0.17): a connection to any port, typed by hand. Its own protocol's options are not spoken. */

import { isDestinationPort } from '../../network/port-ranges.ts';
import { strerror } from '../linux/error-texts.ts';
import { failed, printed, startOwner, unsupported, type Command } from './command.ts';
import { connectTcp } from './client-connection.ts';
import { converse } from './nc.ts';

export const telnet: Command = {
  name: 'telnet',
  async run(context) {
    const { args, host, machine, terminal } = context;
    const option = args.find((arg) => arg.startsWith('-'));
    if (option !== undefined && option !== '-4') return unsupported(context, 'telnet', option);
    const [name, service = '23'] = args.filter((arg) => !arg.startsWith('-'));
    if (name === undefined) return unsupported(context, 'telnet', 'a prompt of its own');
    const shown = service === '23' ? 'telnet' : service;
    const address = machine.resolve(name);
    if (address === undefined)
      return failed(`Server lookup failure:  ${name}:${shown}, Name or service not known`);
    const port = /^\d+$/.test(service)
      ? Number(service)
      : machine.serviceNames().byName(service)?.port;
    if (port === undefined)
      return failed(
        `Server lookup failure:  ${name}:${service}, Servname not supported for ai_socktype`,
      );
    if (!isDestinationPort(port)) return failed(`Port number ${service} is out of range.`);
    const trying = `Trying ${address}...\n`;
    if (context.isTty) terminal.write(trying);
    const { owner, end } = startOwner(context, 'telnet', { kind: 'idle' });
    try {
      const outcome = await connectTcp(context, {
        address,
        port,
        owner,
        isRoot: context.user.uid === 0,
      });
      if (outcome.kind !== 'connected') {
        const error = outcome.kind === 'failed' ? outcome.error : 'ETIMEDOUT';
        const problem = `telnet: Unable to connect to remote host: ${strerror(error)}\n`;
        // What goes to a file or a pipe waits in the program's buffer until its end.
        terminal.write(problem, 'err');
        return printed(context.isTty ? '' : trying, 1);
      }
      if (!context.isTty) terminal.write(trying);
      terminal.write(`Connected to ${name}.\nEscape character is '^]'.\n`);
      // A line that is typed goes out as telnet's network terminal has it, with CR LF.
      await converse(
        context,
        { letters: new Set(['C', 'N']), value: () => undefined },
        outcome.socket.id,
      );
      if (context.signal.aborted) return printed('', 130);
      terminal.write('Connection closed by foreign host.\n');
      return printed('', host.failure(outcome.socket.id) === undefined ? 0 : 1);
    } finally {
      end();
    }
  },
};
