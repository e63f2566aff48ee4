/** The architecture check finds a circle and an arrow that points up, and nothing in a sound tree. */

import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import configuration from '../../.dependency-cruiser.mjs';

const roots: string[] = [];

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

/** The names of the rules that a tree of files breaks. */
async function broken(files: Readonly<Record<string, string>>): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), 'architecture-'));
  roots.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const { forbidden, options } = configuration;
  const { output } = await cruise(['src'], {
    ...options,
    tsConfig: {},
    baseDir: root,
    validate: true,
    ruleSet: { forbidden: forbidden ?? [] },
  });
  const { summary } = output as ICruiseResult;
  return [...new Set(summary.violations.map(({ rule }) => rule.name))].toSorted();
}

const socket = 'export interface Socket { readonly port: number }\n';
const tcp = "import type { Socket } from '../kernel/socket.ts';\nexport type Tcp = Socket;\n";

it('has nothing to say about arrows that point down', async () => {
  const files = { 'src/network/kernel/socket.ts': socket, 'src/network/transport/tcp.ts': tcp };
  expect(await broken(files)).toEqual([]);
});

it('finds an arrow that points up, even of a type', async () => {
  const files = {
    'src/network/kernel/socket.ts': `import type { Tcp } from '../transport/tcp.ts';\nexport type Socket = Tcp;\n`,
    'src/network/transport/tcp.ts': 'export type Tcp = string;\n',
  };
  expect(await broken(files)).toEqual(['network-kernel']);
});

it('finds a circle, even of types', async () => {
  const files = {
    'src/quiz/a.ts': "import type { B } from './b.ts';\nexport type A = B | null;\n",
    'src/quiz/b.ts': "import type { A } from './a.ts';\nexport type B = A[];\n",
  };
  expect(await broken(files)).toEqual(['no-circle']);
});

it('finds a word of all rooms that knows one of them', async () => {
  const files = {
    'src/network/kernel/socket.ts': socket,
    'src/network/protocol.ts':
      "import type { Socket } from './kernel/socket.ts';\nexport type Protocol = Socket;\n",
  };
  expect(await broken(files)).toEqual(['network-vocabulary']);
});
