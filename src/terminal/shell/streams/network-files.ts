/** Bash's /dev/tcp/host/port and /dev/udp/host/port: connections that a shell holds like files. */

import { strerror } from '../../linux/error-texts.ts';
import { fromBytes, toBytes } from '../../linux/file-system.ts';
import type { ShellProcess } from '../shell-process.ts';
import { waitUntil } from '../../commands/waiting-time.ts';
import { BrokenPipe, OpenFile } from './open-file.ts';

const networkPath = /^\/dev\/(tcp|udp)\/([^/]*)\/([^/]*)$/;

export function isNetworkPath(path: string): boolean {
  return networkPath.test(path);
}

type Opened =
  | { readonly ok: true; readonly file: OpenFile }
  | { readonly ok: false; readonly problem: string };

/**
 * Connects for the descriptor `fd`; bash's lines about a refusal come without the name in front of the first.
 */
export async function openNetworkPath(
  shell: ShellProcess,
  path: string,
  fd: number,
): Promise<Opened> {
  const [, protocol = 'tcp', name = '', portText = ''] = networkPath.exec(path) ?? [];
  const kind = protocol === 'udp' ? 'udp' : 'tcp';
  const { machine } = shell.session.options;
  const address = machine.resolve(name);
  const port = /^\d+$/.test(portText)
    ? Number(portText) % 65_536
    : machine.serviceNames().byName(portText, kind)?.port;
  if (address === undefined) return invalid(path, `${name}: Name or service not known`);
  if (port === undefined)
    return invalid(path, `${portText}: Servname not supported for ai_socktype`);
  const { user } = shell.state;
  const owner = {
    pid: shell.state.pid === shell.state.shellPid ? machine.loginPid : shell.state.pid,
    command: 'bash',
    user: user.name,
    uid: user.uid,
    fd: Math.max(3, fd),
  };
  const result = machine.host.connect(kind, address, port, {
    owner,
    ...(kind === 'tcp' && { request: 0 }),
  });
  if (!result.ok) return refused(path, strerror(result.error));
  const id = result.value;
  const waiting = { machine, pace: shell.context.pace, signal: shell.signal };
  if (kind === 'tcp') {
    await waitUntil(
      waiting,
      () => machine.host.socket(id)?.state !== 'SYN-SENT',
      Number.POSITIVE_INFINITY,
    );
    const failure = machine.host.failure(id);
    if (failure !== undefined) return refused(path, strerror(failure));
  }
  return { ok: true, file: new SocketFile(shell, id) };
}

/** Ends of line of bash's two messages, each with the shell's name in front. */
function refused(path: string, reason: string): Opened {
  return { ok: false, problem: `connect: ${reason}\nbash: ${path}: ${reason}` };
}

function invalid(path: string, problem: string): Opened {
  return { ok: false, problem: `${problem}\nbash: ${path}: Invalid argument` };
}

/** A connected socket as a file. */
class SocketFile extends OpenFile {
  private readonly shell: ShellProcess;
  private readonly id: number;
  private rest = '';

  constructor(shell: ShellProcess, id: number) {
    super();
    this.shell = shell;
    this.id = id;
  }

  private get machine() {
    return this.shell.session.options.machine;
  }

  override async read(most: number, signal: AbortSignal): Promise<string | null> {
    const { machine, id } = this;
    const { conversations, host } = machine;
    const waiting = { machine, pace: this.shell.context.pace, signal };
    if (this.rest === '') {
      await waitUntil(
        waiting,
        () => conversations.hasText(host, id) || conversations.isAtEnd(host, id),
        Number.POSITIVE_INFINITY,
      );
      this.rest = toBytes(conversations.take(host, id));
    }
    if (this.rest === '') return null;
    const piece = this.rest.slice(0, most);
    this.rest = this.rest.slice(piece.length);
    return piece;
  }

  override unread(bytes: string): void {
    this.rest = bytes + this.rest;
  }

  override write(bytes: string): Promise<void> {
    const { conversations, host } = this.machine;
    if (!conversations.say(host, this.id, fromBytes(bytes)))
      return Promise.reject(new BrokenPipe());
    return Promise.resolve();
  }

  protected override close(): void {
    const { machine, id } = this;
    if (machine.host.socket(id) === undefined) return;
    machine.host.close(id);
    machine.conversations.forget(machine.host, id);
    machine.advance(6);
  }
}
