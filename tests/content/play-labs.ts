/** Labs of content/labs, and a learner that plays them without a screen. */

import { readdirSync, readFileSync } from 'node:fs';
import { findDistribution } from '../../src/terminal/distributions/index.ts';
import { withPackages } from '../../src/terminal/distributions/packages.ts';
import type { Action, Lab } from '../../src/terminal/labs/lab.ts';
import { readLabFile } from '../../src/terminal/labs/lab-file.ts';
import { LabSession } from '../../src/terminal/labs/lab-session.ts';
import { SimulatedMachine } from '../../src/terminal/simulated-machine.ts';
import type { TerminalWords } from '../../src/terminal/words.ts';
import type { LabFile } from '../../src/schemas/lab.ts';

const folder = new URL('../../content/labs/', import.meta.url);

const interfaceWords = JSON.parse(
  readFileSync(new URL('../../content/interface/en.json', import.meta.url), 'utf8'),
) as { terminal: { machine: TerminalWords } };

export function readLabs(): readonly LabFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) =>
      readLabFile(readFileSync(new URL(name, folder), 'utf8'), `content/labs/${name}`),
    );
}

export async function openLab(lab: Lab, kept?: unknown): Promise<LabSession> {
  const distribution = findDistribution(lab.machine.distribution);
  if (distribution === undefined) throw new Error(`no ${lab.machine.distribution}`);
  const machine = new SimulatedMachine({
    distribution: withPackages(distribution, lab.machine.installs ?? []),
    seed: lab.machine.seed,
    setup: lab.machine.setup,
    servers: lab.machine.servers,
    words: interfaceWords.terminal.machine,
    manual: () => Promise.resolve(undefined),
    pace: 'instant',
  });
  const session = new LabSession(lab, machine, kept);
  // A reader leaves what is put before them.
  session.onOutput((output) => {
    if (output.event === 'page') output.close();
    if (output.event === 'edit') output.request.close();
  });
  await session.start();
  return session;
}

export async function perform(session: LabSession, actions: readonly Action[]): Promise<void> {
  for (const action of actions) await session.act(action);
}
