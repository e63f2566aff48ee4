/** Machines for the tests: waiting takes no time, words are the English ones. */

import { readFileSync } from 'node:fs';
import { findDistribution } from '../../../src/terminal/distributions/index.ts';
import { SimulatedMachine } from '../../../src/terminal/simulated-machine.ts';
import type { StartThread } from '../../../src/terminal/shell/just-bash/tool-thread.ts';
import type { TerminalWords } from '../../../src/terminal/words.ts';

const interfaceWords = JSON.parse(
  readFileSync(new URL('../../../content/interface/en.json', import.meta.url), 'utf8'),
) as { terminal: { machine: TerminalWords } };

export async function testMachine(
  distributionId = 'amazon-linux-2',
  options: {
    readonly seed?: number;
    readonly setup?: readonly string[];
    readonly startToolThread?: StartThread;
  } = {},
): Promise<SimulatedMachine> {
  const distribution = findDistribution(distributionId);
  if (distribution === undefined) throw new Error(`no distribution ${distributionId}`);
  const machine = new SimulatedMachine({
    distribution,
    seed: options.seed ?? 42,
    words: interfaceWords.terminal.machine,
    manual: (name) => Promise.resolve(readManual(name)),
    pace: 'instant',
    setup: options.setup ?? [],
    ...(options.startToolThread !== undefined && { startToolThread: options.startToolThread }),
  });
  await machine.start();
  return machine;
}

function readManual(name: string): string | undefined {
  try {
    return readFileSync(new URL(`../../../content/man/en/${name}.txt`, import.meta.url), 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Listens to a machine from now on.
 * @returns waits until the machine has written the text, since the listening began
 */
export function listenTo(machine: SimulatedMachine): (text: string) => Promise<void> {
  let heard = '';
  const waiting = new Set<() => void>();
  machine.onOutput((output) => {
    if (output.event !== 'text') return;
    heard += output.text;
    for (const look of waiting) look();
  });
  return (text) =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!heard.includes(text)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
}
