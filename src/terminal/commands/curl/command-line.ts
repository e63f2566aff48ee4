/**
 * The command line of curl (7.88.1, src/tool_getparam.c): which options it has, which of them this
 * machine has, and what it says of a value that it cannot read.
 */

import { parseOptions, type GivenOptions } from '../options.ts';

/** Long options that work here, and the letter each goes by; Greek where curl has none. */
const long: Readonly<Record<string, string>> = {
  verbose: 'v',
  silent: 's',
  'show-error': 'S',
  head: 'I',
  include: 'i',
  fail: 'f',
  'fail-with-body': 'φ',
  insecure: 'k',
  location: 'L',
  ipv4: '4',
  ipv6: '6',
  globoff: 'g',
  help: 'h',
  version: 'V',
  output: 'o',
  'write-out': 'w',
  'max-time': 'm',
  header: 'H',
  'user-agent': 'A',
  request: 'X',
  interface: 'ι',
  'local-port': 'λ',
  'connect-timeout': 'τ',
  resolve: 'ρ',
  noproxy: 'ν',
  'no-progress-meter': 'π',
  'progress-bar': '#',
  'remote-name': 'O',
  'http1.0': '0',
  'http1.1': 'η',
  'no-keepalive': 'κ',
  data: 'd',
  'data-ascii': 'd',
  'data-raw': 'δ',
  'data-binary': 'β',
  'data-urlencode': 'υ',
  json: 'ζ',
  get: 'G',
  'dump-header': 'D',
  retry: 'ψ',
  'retry-delay': 'ε',
  'retry-connrefused': 'γ',
  'retry-all-errors': 'α',
  'retry-max-time': 'μ',
  user: 'u',
  referer: 'e',
  cookie: 'b',
  'max-redirs': 'σ',
  compressed: 'ξ',
};
const flags = 'vsSIifφkL46ghVπ#O0ηκGγαξ';
const valued = 'owmHAXιλτρνdδβυζDψεμuebσ';

/** Letters and names of `curl --help all` that are not simulated. */
const lettersNotHere = 'aEKCcqFPjlMn:NZxpUQrJRYy23tzT1B';
const namesNotHere: ReadonlySet<string> = new Set(
  (
    'abstract-unix-socket alt-svc anyauth append aws-sigv4 basic cacert capath cert cert-status ' +
    'cert-type ciphers compressed-ssh config connect-to continue-at cookie-jar ' +
    'create-dirs create-file-mode crlf crlfile curves ' +
    'delegation digest disable disallow-username-in-url dns-interface ' +
    'dns-ipv4-addr dns-servers doh-url expect100-timeout fail-early form form-string ' +
    'ftp-port ftp-pasv happy-eyeballs-timeout-ms hsts http0.9 http2 http2-prior-knowledge ' +
    'http3 http3-only keepalive-time key limit-rate list-only location-trusted manual ' +
    'max-filesize netrc next no-alpn no-buffer no-clobber no-sessionid output-dir ' +
    'parallel parallel-max pass path-as-is pinnedpubkey post301 post302 post303 preproxy proto ' +
    'proto-default proto-redir proxy proxy-header proxy-insecure proxy-user proxytunnel quote ' +
    'range rate raw remote-header-name remote-name-all remote-time request-target ' +
    'socks4 socks4a socks5 ' +
    'socks5-hostname speed-limit speed-time ssl ssl-reqd stderr styled-output tcp-fastopen ' +
    'tcp-nodelay telnet-option time-cond tls-max tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 trace ' +
    'trace-ascii trace-time unix-socket upload-file url url-query use-ascii xattr'
  ).split(' '),
);

export type CommandLine =
  | { readonly kind: 'unsupported'; readonly option: string }
  | { readonly kind: 'problem'; readonly problem: string }
  | CurlRequest;

export interface CurlRequest {
  readonly kind: 'request';
  readonly options: GivenOptions;
  readonly urls: readonly string[];
  /** `40000` or `50000-50010`. */
  readonly localPorts: readonly [number, number] | undefined;
}

export function readCommandLine(args: readonly string[]): CommandLine {
  const parsed = parseOptions(args, { flags, valued, long });
  if (!parsed.ok) {
    const { option } = parsed;
    const name = option.replace(/^--/, '').split('=')[0] ?? '';
    const isKnown = option.startsWith('--')
      ? namesNotHere.has(name)
      : lettersNotHere.includes(option.slice(1));
    if (parsed.problem !== 'needs-value' && isKnown) return { kind: 'unsupported', option };
    const what = parsed.problem === 'needs-value' ? 'requires parameter' : 'is unknown';
    return { kind: 'problem', problem: `option ${option}: ${what}` };
  }
  for (const [letter, name] of Object.entries({
    m: '--max-time',
    τ: '--connect-timeout',
    ψ: '--retry',
    ε: '--retry-delay',
    μ: '--retry-max-time',
    σ: '--max-redirs',
  })) {
    const value = parsed.options.value(letter);
    if (value === undefined) continue;
    const typed = args.some((arg) => arg.startsWith(name)) ? name : `-${letter}`;
    const isNumber = /^-?(?:\d+\.?\d*|\.\d+)$/.test(value);
    if (!isNumber)
      return { kind: 'problem', problem: `option ${typed}: expected a proper numerical parameter` };
    if (Number(value) < 0)
      return {
        kind: 'problem',
        problem: `option ${typed}: expected a positive numerical parameter`,
      };
  }
  const localPorts = readLocalPorts(parsed.options);
  if (localPorts === null)
    return { kind: 'problem', problem: 'option --local-port: is badly used here' };
  const { options, operands: urls } = parsed;
  if (urls.length === 0)
    return args.length === 0
      ? { kind: 'problem', problem: '' }
      : { kind: 'problem', problem: 'no URL specified!' };
  return { kind: 'request', options, urls, localPorts };
}

/** Undefined where none was asked for, null where it makes no sense. */
function readLocalPorts(options: GivenOptions): readonly [number, number] | undefined | null {
  const text = options.value('λ');
  if (text === undefined) return undefined;
  const match = /^(\d+)(?:-(\d+))?$/.exec(text);
  if (match === null) return null;
  const low = Number(match[1]);
  const high = Number(match[2] ?? match[1]);
  return low > 65_535 || high > 65_535 || high < low ? null : [low, high];
}
