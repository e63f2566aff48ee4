/**
 * The kernel at hand behind the machine's calls: a process in a fresh network namespace of its own,
 * with nothing but loopback in it.
 */

import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Answer, Command, Machine } from '../../tests/golden/machine.ts';

const probe = fileURLToPath(new URL('./probe.py', import.meta.url));

/** Why the kernel cannot be asked here, or null where it can. */
export function whyNot(): string | null {
  if (process.platform !== 'linux') return `this is ${process.platform}, not Linux`;
  if (process.getuid?.() !== 0) return 'network namespaces take root, and this is not root';
  for (const tool of ['python3', 'ip', 'unshare']) {
    if (spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0)
      return `${tool} is not installed`;
  }
  const { status, stderr } = spawnSync('unshare', ['-n', 'ip', 'link', 'set', 'lo', 'up']);
  return status === 0 ? null : `no network namespace can be made: ${stderr.toString().trim()}`;
}

export class KernelMachine implements Machine {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;
  readonly #waiting: ((answers: readonly Answer[]) => void)[] = [];

  constructor() {
    this.#process = spawn('unshare', ['-n', 'python3', probe]);
    this.#process.stderr.pipe(process.stderr);
    this.#lines = createInterface({ input: this.#process.stdout });
    this.#lines.on('line', (line) => {
      // The probe answers with what `Answer` says: it is this script's own.
      this.#waiting.shift()?.(JSON.parse(line) as readonly Answer[]);
    });
  }

  run(commands: readonly Command[]): Promise<readonly Answer[]> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#process.stdin.write(`${JSON.stringify(commands)}\n`);
    });
  }

  /** A question that only a kernel has an answer to, by the probe's own command. */
  ask(
    command: string,
    options: Readonly<Record<string, number | string>>,
  ): Promise<readonly number[]> {
    return new Promise((resolve) => {
      this.#waiting.push(([answer]) => {
        resolve(typeof answer === 'object' ? answer.map(Number) : []);
      });
      this.#process.stdin.write(`${JSON.stringify([[command, options]])}\n`);
    });
  }

  stop(): void {
    this.#process.stdin.end();
    this.#lines.close();
  }
}
