/** `curl -w` (7.88.1, src/tool_writeout.c): `%{name}`, `%%`, and backslash escapes. */

export type Facts = Readonly<Record<string, string | number>>;

/** What is known before there is a connection. */
export const emptyFacts: Facts = {
  content_type: '',
  errormsg: '',
  filename_effective: '',
  http_code: '000',
  http_version: 0,
  local_ip: '',
  local_port: 0,
  method: 'GET',
  num_connects: 0,
  num_headers: 0,
  num_redirects: 0,
  redirect_url: '',
  remote_ip: '',
  remote_port: 0,
  response_code: '000',
  scheme: '',
  size_download: 0,
  size_header: 0,
  size_request: 0,
  size_upload: 0,
  speed_download: 0,
  speed_upload: 0,
  time_appconnect: '0.000000',
  time_connect: '0.000000',
  time_namelookup: '0.000000',
  time_pretransfer: '0.000000',
  time_redirect: '0.000000',
  time_starttransfer: '0.000000',
  time_total: '0.000000',
  urlnum: 0,
};

export interface WrittenOut {
  readonly stream: 'out' | 'err';
  readonly text: string;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** Pieces in order; a name that curl has not is complained of, and prints nothing. */
export function writeOut(format: string, facts: Facts): readonly WrittenOut[] {
  const pieces: WrittenOut[] = [];
  let stream: WrittenOut['stream'] = 'out';
  const write = (text: string) => {
    pieces.push({ stream, text });
  };
  for (const [whole, name, escape] of format.matchAll(/%\{([^}]*)\}|%%|\\(.)|[^]/gs)) {
    if (name !== undefined) {
      if (name === 'stderr') stream = 'err';
      else if (name === 'stdout') stream = 'out';
      else if (name in facts) write(String(facts[name]));
      else
        pieces.push({
          stream: 'err',
          text: `curl: unknown --write-out variable: '${name}'\n`,
        });
    } else if (escape !== undefined) write(escapes[escape] ?? whole);
    else write(whole === '%%' ? '%' : whole);
  }
  return pieces;
}
