/**
 * Makes a simulated machine for a page: its profile, its seed, its words, and manual pages fetched
 * one by one. Everything heavy hangs on this file, so it is imported only when a terminal opens.
 */

import { distributions, findDistribution } from './distributions/index.ts';
import { withPackages } from './distributions/packages.ts';
import type { FromThread, StartThread } from './shell/just-bash/tool-thread.ts';
import { SimulatedMachine } from './simulated-machine.ts';
import type { StagedServer } from './machine-setup.ts';
import type { TerminalWords } from './words.ts';

export interface OpenMachineOptions {
  /** A distribution's id; the course's own where absent or unknown. */
  readonly profile?: string;
  readonly seed: number;
  readonly words: TerminalWords;
  readonly locale: string;
  /** Lines run as root before the learner comes in. */
  readonly setup?: readonly string[];
  readonly servers?: readonly StagedServer[];
  /** Packages installed besides what the distribution brings. */
  readonly installs?: readonly string[];
}

const manuals = import.meta.glob<string>('/content/man/*/*.txt', {
  query: '?raw',
  import: 'default',
});

/** The script is fetched when the first tool runs. */
const startToolThread: StartThread = (heard) => {
  const worker = new Worker(new URL('shell/just-bash/tool-worker.ts', import.meta.url), {
    type: 'module',
  });
  worker.onmessage = ({ data }: MessageEvent<FromThread>) => {
    heard(data);
  };
  worker.onerror = () => {
    heard({ kind: 'lost' });
  };
  const loading = import('./shell/just-bash/tool-server.ts').then(({ toolServer }) => {
    worker.postMessage(toolServer.address);
  });
  return {
    post: (message) => {
      void loading.then(() => {
        worker.postMessage(message);
      });
    },
    end: () => {
      worker.terminate();
    },
  };
};

export function openMachine(options: OpenMachineOptions): SimulatedMachine {
  const distribution = findDistribution(options.profile ?? '') ?? distributions[0];
  if (distribution === undefined) throw new Error('there is no distribution at all');
  return new SimulatedMachine({
    distribution: withPackages(distribution, options.installs ?? []),
    seed: options.seed,
    words: options.words,
    pace: 'real',
    startToolThread,
    setup: options.setup ?? [],
    servers: options.servers ?? [],
    manual: async (name) => {
      const page =
        manuals[`/content/man/${options.locale}/${name}.txt`] ??
        manuals[`/content/man/en/${name}.txt`];
      return page?.();
    },
  });
}
