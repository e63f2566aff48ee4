/**
 * Zip archives of the built site. What many archives hold, as packages for learning platforms do, is
 * compressed once, by Node's own zlib: in JavaScript that took a quarter of a build.
 */
import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { Zip, ZipPassThrough } from 'fflate';

export interface ZipEntry {
  readonly name: string;
  readonly content: Uint8Array;
  /** Compressed by itself already. */
  readonly isDense?: boolean;
}

/** No clock: the same files are the same archive. The first day that a zip archive can name. */
const mtime = new Date(1980, 0, 1);

/** By the hash of what was compressed. */
const compressed = new Map<string, Buffer<ArrayBuffer>>();

function compress(content: Uint8Array): Buffer<ArrayBuffer> {
  const key = createHash('sha256').update(content).digest('base64');
  const known = compressed.get(key);
  if (known !== undefined) return known;
  const made = deflateRawSync(content, { level: 9 });
  compressed.set(key, made);
  return made;
}

class CompressedOnce extends ZipPassThrough {
  /** Deflate (APPNOTE.TXT, section 4.4.5). */
  override compression = 8;

  protected override process(content: Uint8Array<ArrayBuffer>, isLast: boolean): void {
    this.ondata(null, compress(content), isLast);
  }
}

/** @returns an archive of these files, in this order */
export function zipArchive(entries: Iterable<ZipEntry>): Buffer {
  const parts: Uint8Array[] = [];
  const zip = new Zip((error, part) => {
    if (error !== null) throw error;
    parts.push(part);
  });
  for (const { name, content, isDense } of entries) {
    const file = isDense === true ? new ZipPassThrough(name) : new CompressedOnce(name);
    file.mtime = mtime;
    zip.add(file);
    file.push(content, true);
  }
  zip.end();
  return Buffer.concat(parts);
}
