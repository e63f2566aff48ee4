/** The site's mark in the forms that want pixels: a home screen's icon, and the old ICO. */

import { join } from 'node:path';
import sharp from 'sharp';

const mark = () => join(process.cwd(), 'public/favicon.svg');

/** The mark as a square PNG; `ground` fills the corners that the mark leaves open. */
export async function iconPng(size: number, ground?: string): Promise<Buffer> {
  const image = sharp(mark(), { density: (72 * size) / 32 }).resize(size, size);
  return (ground === undefined ? image : image.flatten({ background: ground })).png().toBuffer();
}

/** PNGs of these sizes in one ICO file (Windows Vista and later read PNG in it). */
export async function iconIco(sizes: readonly number[]): Promise<Buffer> {
  const images = await Promise.all(sizes.map((size) => iconPng(size)));
  const head = Buffer.alloc(6 + 16 * images.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(images.length, 4);
  let offset = head.length;
  images.forEach((image, at) => {
    const entry = 6 + 16 * at;
    const size = sizes[at] ?? 0;
    head.writeUInt8(size % 256, entry);
    head.writeUInt8(size % 256, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(image.length, entry + 8);
    head.writeUInt32LE(offset, entry + 12);
    offset += image.length;
  });
  return Buffer.concat([head, ...images]);
}
