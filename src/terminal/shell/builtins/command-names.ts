/** What a name stands for: type, command, builtin, alias, hash, enable, and what could be typed (compgen). */

import { functionText } from '../language/printing.ts';
import { quoteExpansion } from '../language/quoting.ts';
import { findProgram, programPaths } from '../program-search.ts';
import type { ShellProcess } from '../shell-process.ts';
import { invalidOption, readOptions, refuse, type Builtins } from './builtin.ts';
import { builtinNames } from './names.ts';

const keywords: ReadonlySet<string> = new Set(
  'if then else elif fi case esac for select while until do done in function time { } ! [[ ]] coproc'.split(
    ' ',
  ),
);

interface Meaning {
  readonly kind: 'alias' | 'keyword' | 'function' | 'builtin' | 'file';
  readonly path?: string;
}

function meanings(shell: ShellProcess, name: string, isAll: boolean): readonly Meaning[] {
  const { state } = shell;
  const found: Meaning[] = [];
  if (state.aliases.has(name) && shell.isInteractive) found.push({ kind: 'alias' });
  if (keywords.has(name)) found.push({ kind: 'keyword' });
  if (state.functions.has(name)) found.push({ kind: 'function' });
  if (builtinNames.has(name)) found.push({ kind: 'builtin' });
  const paths = programPaths(shell, name);
  for (const path of isAll ? paths : paths.slice(0, 1)) found.push({ kind: 'file', path });
  return isAll ? found : found.slice(0, 1);
}

async function type(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { flags, rest, wrong } = readOptions(args, 'afpPt');
  if (wrong !== undefined)
    return invalidOption(shell, 'type', wrong, 'type [-afptP] name [name ...]');
  let status = 0;
  for (const name of rest) {
    let found = meanings(shell, name, flags.has('a'));
    if (flags.has('P'))
      found = meanings(shell, name, true)
        .filter((one) => one.kind === 'file')
        .slice(0, flags.has('a') ? undefined : 1);
    if (flags.has('f')) found = found.filter((one) => one.kind !== 'function');
    if (found.length === 0) {
      if (!flags.has('t') && !flags.has('p') && !flags.has('P'))
        await shell.complain(`type: ${name}: not found`);
      status = 1;
      continue;
    }
    for (const one of found) {
      if (flags.has('t')) await shell.print(`${one.kind}\n`);
      else if (flags.has('p') || flags.has('P')) {
        if (one.path !== undefined) await shell.print(`${one.path}\n`);
      } else await shell.print(meaningText(shell, name, one));
    }
  }
  return status;
}

function meaningText(shell: ShellProcess, name: string, { kind, path }: Meaning): string {
  switch (kind) {
    case 'alias':
      return `${name} is aliased to \`${shell.state.aliases.get(name) ?? ''}'\n`;
    case 'keyword':
      return `${name} is a shell keyword\n`;
    case 'function': {
      const definition = shell.state.functions.get(name);
      return `${name} is a function\n${definition === undefined ? '' : `${functionText(definition)}\n`}`;
    }
    case 'builtin':
      return `${name} is a shell builtin\n`;
    case 'file':
      return shell.state.hashed.has(name)
        ? `${name} is hashed (${path ?? ''})\n`
        : `${name} is ${path ?? ''}\n`;
  }
}

async function command(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { flags, rest, wrong } = readOptions(args, 'pvV');
  if (wrong !== undefined)
    return invalidOption(shell, 'command', wrong, 'command [-pVv] command [arg ...]');
  const [name, ...words] = rest;
  if (name === undefined) return 0;
  if (flags.has('v') || flags.has('V')) {
    let status = 1;
    for (const one of rest) {
      const [found] = meanings(shell, one, false);
      if (found === undefined) {
        if (flags.has('V')) await shell.complain(`command: ${one}: not found`);
        continue;
      }
      status = 0;
      if (flags.has('V')) await shell.print(meaningText(shell, one, found));
      else if (found.kind === 'alias')
        await shell.print(`alias ${one}=${quoteExpansion(shell.state.aliases.get(one) ?? '')}\n`);
      else await shell.print(`${found.path ?? one}\n`);
    }
    return status;
  }
  return builtinNames.has(name)
    ? shell.runBuiltin(name, words)
    : shell.program(name, words, shell.state.variables.exported());
}

async function builtin(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const [name, ...words] = args;
  if (name === undefined) return 0;
  if (!builtinNames.has(name)) return refuse(shell, 'builtin', `${name}: not a shell builtin`);
  return shell.runBuiltin(name, words);
}

async function alias(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { aliases } = shell.state;
  const words = args.filter((arg) => arg !== '-p' && arg !== '--');
  if (words.length === 0) {
    for (const [name, text] of [...aliases].sort(([one], [other]) => (one < other ? -1 : 1)))
      await shell.print(`alias ${name}=${quoteExpansion(text)}\n`);
    return 0;
  }
  let status = 0;
  for (const word of words) {
    const at = word.indexOf('=');
    if (at > 0) aliases.set(word.slice(0, at), word.slice(at + 1));
    else if (aliases.has(word))
      await shell.print(`alias ${word}=${quoteExpansion(aliases.get(word) ?? '')}\n`);
    else status = await refuse(shell, 'alias', `${word}: not found`);
  }
  return status;
}

async function unalias(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { aliases } = shell.state;
  if (args.length === 0) {
    await shell.warn('unalias: usage: unalias [-a] name [name ...]\n');
    return 2;
  }
  if (args[0] === '-a') {
    aliases.clear();
    return 0;
  }
  let status = 0;
  for (const name of args)
    if (!aliases.delete(name)) status = await refuse(shell, 'unalias', `${name}: not found`);
  return status;
}

async function hash(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { hashed } = shell.state;
  if (args[0] === '-r') {
    hashed.clear();
    return 0;
  }
  if (args.length === 0) {
    if (hashed.size === 0) await shell.print('hash: hash table empty\n');
    else {
      await shell.print('hits\tcommand\n');
      for (const [name, hits] of hashed)
        await shell.print(`${String(hits).padStart(4)}\t${programPaths(shell, name)[0] ?? name}\n`);
    }
    return 0;
  }
  let status = 0;
  for (const name of args) {
    if (findProgram(shell, name).kind === 'program') hashed.set(name, 0);
    else status = await refuse(shell, 'hash', `${name}: not found`);
  }
  return status;
}

async function enable(shell: ShellProcess): Promise<number> {
  for (const name of [...builtinNames].sort()) await shell.print(`enable ${name}\n`);
  return 0;
}

async function compgen(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const options = readOptions(args, 'abcdefgjksuv', 'AWo');
  if (options.wrong !== undefined)
    return invalidOption(
      shell,
      'compgen',
      options.wrong,
      'compgen [-abcdefgjksuv] [-o option] [-A action] [-W wordlist] [word]',
    );
  const word = options.rest[0] ?? '';
  const { flags, values } = options;
  const names = [
    ...(flags.has('b') || flags.has('c') ? builtinNames : []),
    ...(flags.has('c') ? shell.session.commandNames() : []),
    ...(flags.has('v') ? shell.state.variables.names() : []),
    ...(flags.has('a') || flags.has('c') ? shell.state.aliases.keys() : []),
    ...(flags.has('k') || flags.has('c') ? keywords : []),
    ...(values.get('W') ?? '').split(/\s+/).filter(Boolean),
    ...(flags.has('f') || flags.has('d') ? shell.glob(`${word}*`) : []),
    ...(values.get('A') === 'function' ? shell.state.functions.keys() : []),
  ].filter((name) => name.startsWith(word));
  await shell.print(names.map((name) => `${name}\n`).join(''));
  return names.length > 0 ? 0 : 1;
}

export const commandNameBuiltins: Builtins = {
  type,
  command,
  builtin,
  alias,
  unalias,
  hash,
  enable,
  compgen,
  complete: () => Promise.resolve(0),
  compopt: () => Promise.resolve(0),
  bind: () => Promise.resolve(0),
};
