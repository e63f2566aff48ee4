/** ls (GNU coreutils): names in columns on the terminal, one a line in a pipe, details with -l. */

import { errorText, FileError, join, resolvePath, type AnyNode } from '../linux/file-system.ts';
import { Printer, unsupported, failed, type Command, type CommandContext } from './command.ts';
import { optionRefusal, parseOptions } from './options.ts';

interface Entry {
  readonly name: string;
  readonly node: AnyNode;
  readonly target?: string;
}

export const ls: Command = {
  name: 'ls',
  aliases: ['dir'],
  run(context) {
    const parsed = parseOptions(context.args, {
      flags: 'aAlh1dtrSRFnGgopixmQsCUcufkHLZXvbqNDIBT',
      long: {
        all: 'a',
        'almost-all': 'A',
        'human-readable': 'h',
        directory: 'd',
        reverse: 'r',
        recursive: 'R',
        classify: 'F',
        color: 'κ',
        inode: 'i',
        'numeric-uid-gid': 'n',
        'no-group': 'G',
        size: 's',
        'full-time': 'φ',
        'time-style': 'φ',
      },
      optionallyValued: 'κφ',
    });
    if (!parsed.ok) return failed(optionRefusal('ls', parsed), 2);
    const { letters } = parsed.options;
    for (const letter of 'imQsUcufkHLZXvbqNDIBTφ')
      if (letters.has(letter)) return unsupported(context, 'ls', `-${letter}`);
    const out = new Printer();
    const paths = parsed.operands.length > 0 ? parsed.operands : ['.'];
    const files: Entry[] = [];
    const directories: string[] = [];
    let exitCode = 0;
    for (const path of paths) {
      try {
        const full = resolvePath(context.cwd, path);
        const own = context.machine.files.linkNode(full, context.identity);
        const node =
          own.kind === 'link' && !letters.has('l')
            ? context.machine.files.node(full, context.identity)
            : own;
        const isDirectory = node.kind === 'directory' || node.kind === 'virtual-directory';
        if (isDirectory && !letters.has('d')) directories.push(path);
        else files.push({ name: path, node, ...(own.kind === 'link' && { target: own.target }) });
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        out.problem(`ls: cannot access '${path}': ${errorText(error.code)}`);
        exitCode = 2;
      }
    }
    if (files.length > 0) out.text(layOut(context, sort(files, letters), letters));
    const hasHeads = directories.length > 1 || files.length > 0 || letters.has('R');
    directories.forEach((path, index) => {
      if (index > 0 || files.length > 0) out.text('\n');
      exitCode = Math.max(exitCode, listDirectory(context, path, letters, hasHeads, out));
    });
    return out.result(exitCode);
  },
};

function listDirectory(
  context: CommandContext,
  path: string,
  letters: ReadonlySet<string>,
  hasHead: boolean,
  out: Printer,
): number {
  const { files } = context.machine;
  const full = resolvePath(context.cwd, path);
  let entries: Entry[];
  try {
    const names = files
      .list(full, context.identity)
      .filter((name) => letters.has('a') || letters.has('A') || !name.startsWith('.'));
    entries = names.map((name) => {
      const node = files.linkNode(join(full, name), context.identity);
      return { name, node, ...(node.kind === 'link' && { target: node.target }) };
    });
    if (letters.has('a'))
      entries.push(
        { name: '.', node: files.node(full, context.identity) },
        { name: '..', node: files.node(resolvePath(full, '..'), context.identity) },
      );
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    out.problem(`ls: cannot open directory '${path}': ${errorText(error.code)}`);
    return 2;
  }
  const sorted = sort(entries, letters);
  if (hasHead) out.line(`${path}:`);
  if (letters.has('l'))
    out.line(`total ${sorted.reduce((sum, entry) => sum + blocks(entry.node), 0)}`);
  out.text(layOut(context, sorted, letters));
  let exitCode = 0;
  if (letters.has('R')) {
    for (const entry of sorted) {
      if (
        entry.name === '.' ||
        entry.name === '..' ||
        (entry.node.kind !== 'directory' && entry.node.kind !== 'virtual-directory')
      )
        continue;
      out.text('\n');
      exitCode = Math.max(
        exitCode,
        listDirectory(
          context,
          path === '/' ? `/${entry.name}` : `${path}/${entry.name}`,
          letters,
          true,
          out,
        ),
      );
    }
  }
  return exitCode;
}

/** Kilobytes on the disk, in blocks of four. */
function blocks(node: AnyNode): number {
  if (node.kind === 'directory') return 4;
  return node.kind === 'file' ? Math.ceil(node.bytes.length / 4096) * 4 : 0;
}

function sort(entries: readonly Entry[], letters: ReadonlySet<string>): Entry[] {
  const size = (entry: Entry) =>
    entry.node.kind === 'file'
      ? entry.node.bytes.length
      : entry.node.kind === 'directory'
        ? 4096
        : 0;
  const sorted = [...entries].sort((one, other) => {
    if (letters.has('t'))
      return other.node.modifiedAtMs - one.node.modifiedAtMs || (one.name < other.name ? -1 : 1);
    if (letters.has('S')) return size(other) - size(one) || (one.name < other.name ? -1 : 1);
    return one.name < other.name ? -1 : 1;
  });
  return letters.has('r') ? sorted.reverse() : sorted;
}

function layOut(
  context: CommandContext,
  entries: readonly Entry[],
  letters: ReadonlySet<string>,
): string {
  const shown = (entry: Entry) =>
    entry.name + (letters.has('F') || letters.has('p') ? mark(entry.node, letters) : '');
  if (['l', 'n', 'o', 'g'].some((letter) => letters.has(letter)))
    return details(context, entries, letters, shown);
  if (letters.has('x')) return acrossColumns(entries.map(shown), columnsOf(context));
  if (letters.has('1') || (!context.isTty && !letters.has('C')))
    return entries.map((entry) => `${shown(entry)}\n`).join('');
  return inColumns(entries.map(shown), columnsOf(context));
}

function mark(node: AnyNode, letters: ReadonlySet<string>): string {
  if (node.kind === 'directory' || node.kind === 'virtual-directory') return '/';
  if (!letters.has('F')) return '';
  if (node.kind === 'link') return '@';
  return (node.mode & 0o111) !== 0 ? '*' : '';
}

function details(
  context: CommandContext,
  entries: readonly Entry[],
  letters: ReadonlySet<string>,
  shown: (entry: Entry) => string,
): string {
  const users = context.machine.users();
  const groups = context.machine.groups();
  const rows = entries.map((entry) => {
    const { node } = entry;
    const user = letters.has('n')
      ? String(node.uid)
      : (users.find((one) => one.uid === node.uid)?.name ?? String(node.uid));
    const group = letters.has('n')
      ? String(node.gid)
      : (groups.find((one) => one.gid === node.gid)?.name ?? String(node.gid));
    return {
      mode: modeText(node),
      links: node.kind === 'directory' || node.kind === 'virtual-directory' ? '2' : '1',
      user,
      group,
      size: sizeText(node, letters.has('h')),
      date: dateText(node.modifiedAtMs, context.machine.epochNowMs),
      name: `${shown(entry)}${entry.target === undefined ? '' : ` -> ${entry.target}`}`,
    };
  });
  const width = (cell: 'links' | 'user' | 'group' | 'size') =>
    Math.max(...rows.map((row) => row[cell].length));
  if (rows.length === 0) return '';
  const [links, user, group, size] = [width('links'), width('user'), width('group'), width('size')];
  return rows
    .map((row) =>
      [
        row.mode,
        row.links.padStart(links),
        ...(letters.has('g') ? [] : [row.user.padEnd(user)]),
        ...(letters.has('o') || letters.has('G') ? [] : [row.group.padEnd(group)]),
        row.size.padStart(size),
        row.date,
        `${row.name}\n`,
      ].join(' '),
    )
    .join('');
}

function modeText(node: AnyNode): string {
  const kind =
    node.kind === 'link'
      ? 'l'
      : node.kind === 'directory' || node.kind === 'virtual-directory'
        ? 'd'
        : node.kind === 'virtual' && node.isDevice
          ? 'c'
          : '-';
  const bits = [6, 3, 0].map((shift) => {
    const three = (node.mode >> shift) & 7;
    return `${three & 4 ? 'r' : '-'}${three & 2 ? 'w' : '-'}${three & 1 ? 'x' : '-'}`;
  });
  const sticky = (node.mode & 0o1000) !== 0;
  const text = `${kind}${bits.join('')}`;
  return sticky ? `${text.slice(0, -1)}${text.endsWith('x') ? 't' : 'T'}` : text;
}

function sizeText(node: AnyNode, isHuman: boolean): string {
  const size =
    node.kind === 'file'
      ? node.bytes.length
      : node.kind === 'link'
        ? node.target.length
        : node.kind === 'directory'
          ? 4096
          : 0;
  if (!isHuman || size < 1024) return String(size);
  const kilo = size / 1024;
  if (kilo < 1024)
    return kilo < 10 ? `${(Math.ceil(kilo * 10) / 10).toFixed(1)}K` : `${Math.ceil(kilo)}K`;
  return `${(Math.ceil((kilo / 1024) * 10) / 10).toFixed(1)}M`;
}

function dateText(ms: number, nowMs: number): string {
  const when = new Date(ms);
  const day = `${when.toUTCString().slice(8, 11)} ${String(when.getUTCDate()).padStart(2)}`;
  const isRecent = nowMs - ms < 180 * 86_400_000;
  return isRecent
    ? `${day} ${when.toISOString().slice(11, 16)}`
    : `${day}  ${when.getUTCFullYear()}`;
}

/** In a pipe, columns are laid out for 80 cells. */
function columnsOf(context: CommandContext): number {
  return context.isTty ? context.terminal.columns() : 80;
}

/** `-x`: filled line by line. */
function acrossColumns(names: readonly string[], columns: number): string {
  if (names.length === 0) return '';
  for (let perLine = names.length; perLine >= 1; perLine--) {
    const widths = Array.from({ length: perLine }, (_, column) =>
      Math.max(
        ...names.filter((_name, index) => index % perLine === column).map((name) => name.length),
      ),
    );
    if (perLine > 1 && widths.reduce((sum, width) => sum + width + 2, -2) > columns) continue;
    let text = '';
    names.forEach((name, index) => {
      const isLast = index % perLine === perLine - 1 || index === names.length - 1;
      text += isLast ? `${name}\n` : name.padEnd((widths[index % perLine] ?? 0) + 2);
    });
    return text;
  }
  return '';
}

/** As many columns as fit, filled downwards, two spaces apart. */
function inColumns(names: readonly string[], columns: number): string {
  if (names.length === 0) return '';
  for (let rows = 1; rows <= names.length; rows++) {
    const widths: number[] = [];
    for (let start = 0; start < names.length; start += rows)
      widths.push(Math.max(...names.slice(start, start + rows).map((name) => name.length)));
    const total = widths.reduce((sum, width) => sum + width, 0) + 2 * (widths.length - 1);
    if (total > columns && rows < names.length) continue;
    const lines: string[] = [];
    for (let row = 0; row < rows; row++) {
      const cells = widths.map((width, column) => (names[column * rows + row] ?? '').padEnd(width));
      lines.push(cells.join('  ').trimEnd());
    }
    return `${lines.join('\n')}\n`;
  }
  return '';
}
