/** The first line and the headers of a request, as curl (7.88.1) puts them in order. Pure. */

import { toBytes } from '../../linux/file-system.ts';
import type { GivenOptions } from '../options.ts';
import type { Target } from '../url.ts';
import type { RequestBody } from './request-body.ts';

export interface Request {
  readonly target: Target;
  readonly options: GivenOptions;
  readonly body: RequestBody | null;
  /** HTTP/1.0. */
  readonly isOld: boolean;
}

/** The method: what `-X` says, else what the other options ask for. */
export function methodOf({ has, value }: GivenOptions, body: RequestBody | null): string {
  const isPost = body !== null && !has('G');
  return value('X') ?? (has('I') ? 'HEAD' : isPost ? 'POST' : 'GET');
}

/** The lines of the head, without their line ends; the last one is empty. */
export function requestHead(request: Request): readonly string[] {
  const { target, body, isOld } = request;
  const { has, value, values } = request.options;
  const hostName = bracketed(target.host);
  const isUsual = target.port === (target.scheme === 'https' ? 443 : 80);
  const own = values('H').map((line) => line.replace(/;$/, ':'));
  const nameOf = (line: string) => (line.split(':')[0] ?? '').toLowerCase();
  const replaced = new Set(own.map(nameOf));
  const unless = (name: string, line: string | undefined) =>
    line === undefined || replaced.has(name.toLowerCase()) ? [] : [line];
  const hostLine = own.find((line) => nameOf(line) === 'host');
  const user = value('u');
  const posts = body !== null && !has('G');
  const query = body !== null && has('G') ? body.text : '';
  const sign = target.path.includes('?') ? '&' : '?';
  return [
    `${methodOf(request.options, body)} ${target.path}${query === '' ? '' : `${sign}${query}`} HTTP/${isOld ? '1.0' : '1.1'}`,
    hostLine ?? `Host: ${isUsual ? hostName : `${hostName}:${target.port}`}`,
    ...unless(
      'authorization',
      user === undefined ? undefined : `Authorization: Basic ${btoa(toBytes(user))}`,
    ),
    ...unless('user-agent', `User-Agent: ${value('A') ?? 'curl/7.88.1'}`),
    ...(posts && body.isJson
      ? [
          ...unless('content-type', 'Content-Type: application/json'),
          ...unless('accept', 'Accept: application/json'),
        ]
      : unless('accept', 'Accept: */*')),
    ...unless('accept-encoding', has('ξ') ? 'Accept-Encoding: deflate, gzip, br, zstd' : undefined),
    ...unless('referer', value('e') === undefined ? undefined : `Referer: ${value('e') ?? ''}`),
    ...unless('cookie', value('b')?.includes('=') ? `Cookie: ${value('b') ?? ''}` : undefined),
    ...own.filter((line) => nameOf(line) !== 'host' && /:\s*\S/.test(line)),
    ...(posts ? unless('content-length', `Content-Length: ${byteLength(body.text)}`) : []),
    ...(posts && !body.isJson
      ? unless('content-type', 'Content-Type: application/x-www-form-urlencoded')
      : []),
    '',
  ];
}

/** The value of a header, by its name in lower case. */
export function headerOf(head: readonly string[], name: string): string | undefined {
  const line = head.find((one) => one.toLowerCase().startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim();
}

export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** A host as it is written before a port. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
