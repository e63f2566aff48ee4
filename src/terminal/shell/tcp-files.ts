/** Bash's /dev/tcp/host/port: connections that stand in a line like files. */

import type { Pace } from '../commands/command.ts';
import { strerror } from '../linux/error-texts.ts';
import type { LinuxHost } from '../linux/linux-host.ts';
import type { User } from '../linux/users.ts';

export const tcpPrefix = '/dev/tcp/';

export class TcpFiles {
  private readonly machine: LinuxHost;
  private readonly pace: Pace;
  /** Connections that `exec N<>/dev/tcp/…` holds, by descriptor. */
  private readonly descriptors = new Map<number, number>();

  constructor(machine: LinuxHost, pace: Pace) {
    this.machine = machine;
    this.pace = pace;
  }

  /**
   * Connects. With a descriptor (`exec 3<>…`) the shell keeps the connection; else it is closed when
   * the command is done.
   * @returns null, or bash's lines about the refusal
   */
  async open(
    path: string,
    user: User,
    signal: AbortSignal,
    mode: string | undefined,
  ): Promise<string | null> {
    const { machine, pace } = this;
    const [name = '', portText = ''] = path.slice(tcpPrefix.length).split('/');
    const address = machine.resolve(name);
    const port = /^\d+$/.test(portText)
      ? Number(portText) % 65_536
      : machine.serviceNames().byName(portText, 'tcp')?.port;
    if (address === undefined) return invalid(path, `${name}: Name or service not known`);
    if (port === undefined)
      return invalid(path, `${portText}: Servname not supported for ai_socktype`);
    const descriptor = /^\d+$/.test(mode ?? '') ? Number(mode) : undefined;
    const owner = {
      pid: machine.loginPid,
      command: 'bash',
      user: user.name,
      uid: user.uid,
      fd: descriptor ?? 3,
    };
    const result = machine.host.connect('tcp', address, port, { owner, request: 0 });
    if (!result.ok) return refused(path, strerror(result.error));
    const id = result.value;
    while (machine.host.socket(id)?.state === 'SYN-SENT' && !signal.aborted) {
      const next = machine.nextMs;
      const gap = next === null ? 100 : next - machine.world.nowMs;
      if (gap < 300) machine.advance(Math.max(gap, 0.001));
      else await pace.pass(Math.min(gap, 1000), signal);
    }
    const failure = machine.host.failure(id);
    if (failure !== undefined) return refused(path, strerror(failure));
    if (descriptor === undefined) machine.host.close(id);
    else this.descriptors.set(descriptor, id);
    return null;
  }

  /** `exec N>&-` */
  close(descriptors: readonly number[]): void {
    for (const descriptor of descriptors) {
      const id = this.descriptors.get(descriptor);
      if (id !== undefined) this.machine.host.close(id);
      this.descriptors.delete(descriptor);
    }
    this.machine.advance(6);
  }
}

function refused(path: string, reason: string): string {
  return `bash: connect: ${reason}\nbash: ${path}: ${reason}`;
}

/** What getaddrinfo(3) will not have; it takes the lower 16 bits of a port that is too large. */
function invalid(path: string, problem: string): string {
  return `bash: ${problem}\nbash: ${path}: Invalid argument`;
}
