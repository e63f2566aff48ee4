/** A copy of the project in a temporary folder, in which recipes are followed. */

import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { withAdded, type Example } from './read-recipes.ts';

export interface Run {
  readonly code: number;
  readonly output: string;
}

export class Copy {
  readonly folder = mkdtempSync(join(tmpdir(), 'recipes-'));

  constructor() {
    const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard']);
    for (const path of listed.toString().split('\0')) {
      if (path === '' || !existsSync(path)) continue;
      cpSync(path, this.at(path));
    }
    // Each package is a link, the folder is not: what the build keeps there is the copy's own.
    mkdirSync(this.at('node_modules'));
    for (const name of readdirSync('node_modules')) {
      if (name === '.bin' || !name.startsWith('.')) {
        symlinkSync(resolve('node_modules', name), this.at(`node_modules/${name}`));
      }
    }
  }

  at(path: string): string {
    return join(this.folder, path);
  }

  read(path: string): string {
    return readFileSync(this.at(path), 'utf8');
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(path), text);
  }

  /** Follows one example to the letter. */
  follow({ kind, path, text }: Example): void {
    if (kind === 'sh') execFileSync('sh', ['-e', '-c', text], { cwd: this.folder });
    else if (kind === 'diff') this.write(path, withAdded(this.read(path), text));
    else if (kind === 'end') this.write(path, this.read(path) + text);
    else if (existsSync(this.at(path))) throw new Error(`${path} is there already.`);
    else this.write(path, text);
  }

  /** Every file of the project's own, with what is in it. */
  state(): ReadonlyMap<string, string> {
    const paths = globSync(['*', '{src,content,tests,scripts,public,docs}/**/*'], {
      cwd: this.folder,
      withFileTypes: true,
    });
    return new Map(
      paths
        .filter((entry) => entry.isFile())
        .map((entry) => {
          const file = join(entry.parentPath, entry.name);
          const hash = createHash('sha1').update(readFileSync(file)).digest('hex');
          return [file.slice(this.folder.length + 1), hash];
        }),
    );
  }

  /** Runs a program of node_modules. */
  run(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    return new Promise<Run>((done) => {
      execFile(
        process.execPath,
        [join('node_modules', script), ...args],
        {
          cwd: this.folder,
          env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1', ...env },
          maxBuffer: 1 << 28,
        },
        (error, out, problems) => {
          done({ code: error === null ? 0 : 1, output: out + problems });
        },
      );
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Paths that differ between two states. */
export function changes(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const all = new Set([...before.keys(), ...after.keys()]);
  return [...all].filter((path) => before.get(path) !== after.get(path)).sort();
}
