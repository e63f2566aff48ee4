/**
 * The `Range` header of RFC 9110, section 14, for one range of bytes.
 */

/** Inclusive on both sides, as the header writes it. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The part of a file that a request asks for.
 * @param header the value of `Range`, if the request has one
 * @param size of the file, in bytes
 * @returns the part; `whole` where none is asked for, or in a form that a server may leave
 *   unheeded (damaged, several ranges, another unit); `none` where the file has no such bytes
 */
export function readByteRange(
  header: string | undefined,
  size: number,
): ByteRange | 'whole' | 'none' {
  const match = /^bytes[ \t]*=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header ?? '');
  const [, from = '', to = ''] = match ?? [];
  if (match === null || (from === '' && to === '')) return 'whole';
  if (from === '') {
    // `-5`: the last five bytes.
    const count = Math.min(Number(to), size);
    return count === 0 ? 'none' : { first: size - count, last: size - 1 };
  }
  const first = Number(from);
  if (to !== '' && Number(to) < first) return 'whole';
  if (first >= size) return 'none';
  return { first, last: to === '' ? size - 1 : Math.min(Number(to), size - 1) };
}
