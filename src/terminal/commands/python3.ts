/** python3: of the whole language only `-m http.server`, the everyday stray web server. */

import { errnoNumber, strerror } from '../linux/error-texts.ts';
import { resolvePath } from '../linux/file-system.ts';
import { failed, printed, startProcess, waitUntil, type Command } from './command.ts';

export const python3: Command = {
  name: 'python3',
  async run(context) {
    const { args, machine } = context;
    if (args[0] === '--version' || args[0] === '-V') return printed('Python 3.11.7\n');
    if (args[0] !== '-m' || args[1] !== 'http.server')
      return failed(context.words.pythonLimited, 2);
    const rest = args.slice(2);
    let address = '0.0.0.0';
    let port = 8000;
    let root = context.cwd;
    for (let index = 0; index < rest.length; index++) {
      const arg = rest[index] ?? '';
      if (arg === '--bind' || arg === '-b') {
        address = rest[index + 1] ?? address;
        index += 1;
      } else if (arg === '--directory' || arg === '-d') {
        root = resolvePath(context.cwd, rest[index + 1] ?? '.');
        index += 1;
      } else if (/^\d+$/.test(arg)) port = Number(arg);
      else
        return failed(
          `usage: server.py [-h] [--cgi] [-b ADDRESS] [-d DIRECTORY] [-p VERSION] [port]\nserver.py: error: argument port: invalid int value: '${arg}'`,
          2,
        );
    }
    const { inherited, limit } = context.descriptors;
    // The interpreter needs two to look for its modules.
    if (limit - inherited < 2) return failed(siteProblem);
    if (port > 65_535) return failed(`${traceback}OverflowError: bind(): port must be 0-65535.`);
    const process = startProcess(context, 'python3', { kind: 'idle' });
    const [bound = address] = machine.resolveAll(address);
    const result = context.host.listen('tcp', bound, port, {
      // http.server's DualStackServer.
      ipv6Only: false,
      owner: machine.owner(process),
      reuseAddress: true,
      privileged: context.user.uid === 0,
      backlog: 5,
      accepts: false,
    });
    if (!result.ok) {
      machine.endProcess(process.pid);
      const kind = result.error === 'EACCES' ? 'PermissionError' : 'OSError';
      return failed(
        `${traceback}${kind}: [Errno ${errnoNumber(result.error)}] ${strerror(result.error)}`,
      );
    }
    machine.processes.setProgram(process.pid, {
      kind: 'server',
      app: 'http-closing',
      root,
      sockets: [result.value],
      mostConnections: limit - inherited - 1,
    });
    const boundPort = machine.host.socket(result.value)?.localPort ?? port;
    const place = bound.includes(':') ? `[${bound}]` : bound;
    if (context.isTty)
      context.terminal.write(
        `Serving HTTP on ${bound} port ${boundPort} (http://${place}:${boundPort}/) ...\n`,
      );
    const stopLog = machine.onServerLog((pid, line) => {
      if (pid === process.pid) context.terminal.write(`${line}\n`, 'err');
    });
    await waitUntil(
      context,
      () => machine.processes.get(process.pid) === undefined,
      Number.POSITIVE_INFINITY,
    );
    stopLog();
    machine.endProcess(process.pid);
    if (context.signal.aborted && context.isTty)
      context.terminal.write('\nKeyboard interrupt received, exiting.\n');
    return { stdout: '', stderr: '', exitCode: context.signal.aborted ? 0 : 143 };
  },
};

const siteProblem = `Fatal Python error: init_import_site: Failed to import the site module
Python runtime state: initialized
OSError: [Errno 24] Too many open files: '/usr/lib/python3.11/traceback.py'`;

const traceback =
  'Traceback (most recent call last):\n  File "<frozen runpy>", line 198, in _run_module_as_main\n  File "/usr/lib/python3.11/http/server.py", line 1313, in <module>\n    test(\n';
