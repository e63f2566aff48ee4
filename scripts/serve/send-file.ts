/**
 * One file as an answer. Our own and not a library's: those at hand look at a file's size by name and
 * open it by name later, so that a build put in place between the two gives a torn answer, and they
 * leave the file open when the reader goes away. Here a file is opened once, its size is that of what
 * was opened, and it is closed whatever becomes of the answer.
 */
import { open, type FileHandle } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { lookup } from 'mrmime';
import { readByteRange } from './byte-range.ts';

/** What is said beside the file itself. */
export interface FileAnswer {
  /** 200 or 404. */
  readonly status: number;
  /** Whether a `.br` or `.gz` file beside it goes to those who accept it. */
  readonly isPrecompressed: boolean;
}

interface Opened {
  readonly handle: FileHandle;
  readonly size: number;
  readonly modifiedMs: number;
  readonly encoding: string | null;
}

const ENCODINGS = [
  { name: 'br', ending: '.br' },
  { name: 'gzip', ending: '.gz' },
] as const;

/**
 * Sends a file, or the part that is asked for. Resolves once the answer is over, sent or broken off.
 * @returns false where there is no such file: nothing is sent then
 */
export async function sendFile(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  { status, isPrecompressed }: FileAnswer,
): Promise<boolean> {
  const file = await openFor(
    path,
    isPrecompressed ? request.headers['accept-encoding'] : undefined,
  );
  if (file === null) return false;
  try {
    const tag = `"${file.size.toString(36)}-${file.modifiedMs.toString(36)}"`;
    response.setHeader('content-type', contentType(path));
    response.setHeader('cache-control', 'no-cache');
    if (isPrecompressed) response.setHeader('vary', 'accept-encoding');
    if (file.encoding !== null) response.setHeader('content-encoding', file.encoding);
    if (status !== 200) {
      await sendBytes(file, 0, file.size - 1, status, request, response);
      return true;
    }
    response.setHeader('etag', tag);
    response.setHeader('last-modified', new Date(file.modifiedMs).toUTCString());
    response.setHeader('accept-ranges', 'bytes');
    if (isUnchanged(request, tag, file.modifiedMs)) {
      response.removeHeader('content-type');
      response.writeHead(304).end();
      return true;
    }
    const condition = request.headers['if-range'];
    const isPartAsked = request.method === 'GET' && (condition === undefined || condition === tag);
    const part = readByteRange(isPartAsked ? request.headers.range : undefined, file.size);
    if (part === 'none') {
      response.writeHead(416, { 'content-range': `bytes */${file.size}`, 'content-length': 0 });
      response.end();
    } else if (part === 'whole') {
      await sendBytes(file, 0, file.size - 1, 200, request, response);
    } else {
      response.setHeader('content-range', `bytes ${part.first}-${part.last}/${file.size}`);
      await sendBytes(file, part.first, part.last, 206, request, response);
    }
    return true;
  } finally {
    await file.handle.close();
  }
}

async function openFor(path: string, accepted: string | undefined): Promise<Opened | null> {
  for (const { name, ending } of ENCODINGS) {
    const packed = accepts(accepted, name) ? await openFile(path + ending, name) : null;
    if (packed !== null) return packed;
  }
  return await openFile(path, null);
}

/** A regular file, or null where there is none by that name. */
async function openFile(path: string, encoding: string | null): Promise<Opened | null> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(path);
    const about = await handle.stat();
    if (about.isFile()) {
      return { handle, size: about.size, modifiedMs: Math.floor(about.mtimeMs), encoding };
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await handle?.close();
  return null;
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return ['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG'].includes(String(code));
}

function accepts(header: string | undefined, encoding: string): boolean {
  return (header ?? '').split(',').some((part) => {
    const [name = '', ...parameters] = part.split(';').map((word) => word.trim().toLowerCase());
    const isRefused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    return name === encoding && !isRefused;
  });
}

function contentType(path: string): string {
  const type = lookup(path) ?? 'application/octet-stream';
  return type.startsWith('text/') ? `${type};charset=utf-8` : type;
}

function isUnchanged({ headers }: IncomingMessage, tag: string, modifiedMs: number): boolean {
  const known = headers['if-none-match'];
  if (known !== undefined) {
    return known.split(',').some((one) => ['*', tag, `W/${tag}`].includes(one.trim()));
  }
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return Math.floor(modifiedMs / 1000) * 1000 <= since;
}

/** Sends bytes, both ends included; a reader who goes away ends it and is no error. */
async function sendBytes(
  file: Opened,
  first: number,
  last: number,
  status: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.writeHead(status, { 'content-length': last - first + 1 });
  if (request.method === 'HEAD' || last < first) {
    response.end();
    return;
  }
  const bytes = file.handle.createReadStream({ start: first, end: last, autoClose: false });
  try {
    await pipeline(bytes, response);
  } catch {
    response.destroy();
  }
}
