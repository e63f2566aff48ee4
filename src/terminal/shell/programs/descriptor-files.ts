/** `/dev/fd/63` and `/dev/stdin` for programs, which read files by their paths. */

import type { VirtualNode } from '../../linux/file-system.ts';
import type { Interpreter } from '../execution/interpreter.ts';
import { BrokenPipe, FileRefusal } from '../streams/open-file.ts';

const descriptorPath = /^\/dev\/(?:fd\/(\d+)|stdin)$/;

/**
 * Programs read files by their paths; what a process substitution gives is read before they begin, and
 * what they write there is handed on when they have ended.
 */
export async function prepareDescriptorFiles(
  shell: Interpreter,
  args: readonly string[],
  input: string | null,
): Promise<() => Promise<void>> {
  const { machine } = shell.session.options;
  const names = args.flatMap((arg) => arg.match(/\/dev\/(?:fd\/\d+|stdin)\b/g) ?? []);
  const written: (() => Promise<void>)[] = [];
  const made: string[] = [];
  for (const path of new Set(names)) {
    const match = descriptorPath.exec(path);
    const fd = match?.[1] === undefined ? 0 : Number(match[1]);
    const file = shell.fds.get(fd);
    if (file === undefined) continue;
    let content = fd === 0 && input !== null ? input : '';
    let output = '';
    if (content === '' && !file.isTerminal && file.isReadable)
      content = await shell.readAll(fd).catch(asEmpty);
    const node: VirtualNode = {
      kind: 'virtual',
      mode: 0o666,
      uid: shell.state.user.uid,
      gid: shell.state.user.gid,
      modifiedAtMs: machine.epochNowMs,
      read: () => content,
      write: (bytes) => {
        output += bytes;
        return null;
      },
    };
    machine.descriptorFiles.set(path, node);
    made.push(path);
    written.push(async () => {
      if (output === '') return;
      try {
        await file.write(output, shell.signal);
      } catch (error) {
        if (!(error instanceof BrokenPipe || error instanceof FileRefusal)) throw error;
      }
    });
  }
  return async () => {
    for (const path of made) machine.descriptorFiles.delete(path);
    for (const one of written) await one();
  };
}

function asEmpty(error: unknown): string {
  if (error instanceof FileRefusal) return '';
  throw error;
}
