/** URLs as curl (7.88.1) takes them apart, and the numbers its schemes stand for. */

import { isPort } from '../../network/port-ranges.ts';

export interface Target {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** The host is an IPv6 address, in brackets. */
  readonly isSix: boolean;
}

/**
 * Default ports of curl's schemes (lib/url.c). Of all but http and https only the knock at the door
 * is simulated.
 */
const defaultPorts: Readonly<Record<string, number>> = {
  dict: 2628,
  ftp: 21,
  ftps: 990,
  gopher: 70,
  http: 80,
  https: 443,
  imap: 143,
  imaps: 993,
  ldap: 389,
  ldaps: 636,
  mqtt: 1883,
  pop3: 110,
  pop3s: 995,
  rtsp: 554,
  scp: 22,
  sftp: 22,
  smtp: 25,
  smtps: 465,
  telnet: 23,
};

export function isKnownScheme(scheme: string): boolean {
  return scheme in defaultPorts;
}

export function readUrl(url: string): Target | undefined {
  if (/\s/.test(url)) return undefined;
  const [prefix = '', typed] = /^([a-z][a-z0-9+.-]*):\/{1,3}/i.exec(url) ?? [];
  const match =
    /^(?:[^/?#@]*@)?(\[[0-9a-f:.]+(?:%[\w.-]+)?\]|[^/:?#@[\]]+)(?::(\d*))?([/?][^#]*)?(?:#.*)?$/i.exec(
      url.slice(prefix.length),
    );
  if (match === null) return undefined;
  const [, host = '', portText = '', tail = '/'] = match;
  const scheme = (typed ?? 'http').toLowerCase();
  const port = portText === '' ? (defaultPorts[scheme] ?? 80) : Number(portText);
  if (!isPort(port)) return undefined;
  const isSix = host.startsWith('[');
  const path = tail.startsWith('?') ? `/${tail}` : tail;
  return { scheme, host: isSix ? host.slice(1, -1).replace(/%.*/, '') : host, port, path, isSix };
}

/** As `%{url_effective}` shows it: with a scheme, and a path. */
export function effectiveUrl(url: string): string {
  const target = readUrl(url);
  if (target === undefined) return url;
  const full = /^[a-z][a-z0-9+.-]*:\//i.test(url) ? url : `http://${url}`;
  return /^[^:]+:\/+[^/?#]+$/.test(full) ? `${full}/` : full;
}
