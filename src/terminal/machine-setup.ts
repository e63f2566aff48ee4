/** How a machine is made ready for a lab: what root has done on it and left running. */

import type { LinuxHost } from './linux/linux-host.ts';
import type { Shell } from './shell/shell.ts';

export interface StagedServer {
  readonly command: string;
  readonly args: string;
  readonly port: number;
}

/**
 * Runs lines as root would type them, one after another. What they leave running in the background
 * stays; the shell forgets that it was a job.
 */
export async function runAsRoot(
  machine: LinuxHost,
  shell: Shell,
  lines: readonly string[],
): Promise<void> {
  const root = machine.user('root');
  if (root === undefined || lines.length === 0) return;
  shell.openShell(root, { isLogin: true });
  for (const line of lines) await shell.runLine(line);
  shell.jobs.keep(() => false);
  shell.logIn();
}

/** A program of root's that listens on a TCP port and answers as a web server. */
export function startServer(machine: LinuxHost, { command, args, port }: StagedServer): void {
  const { host, processes } = machine;
  const process = processes.start({
    uid: 0,
    user: 'root',
    command,
    args,
    program: { kind: 'idle' },
  });
  const owner = machine.owner(process);
  const opened = host.listen('tcp', '0.0.0.0', port, { owner, reuseAddress: true });
  if (!opened.ok) throw new Error(`${command} cannot listen on ${port}: ${opened.error}`);
  const sockets = [opened.value];
  processes.setProgram(process.pid, { kind: 'server', app: 'http-closing', sockets });
}
