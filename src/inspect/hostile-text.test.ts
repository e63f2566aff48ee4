/**
 * Foreign text cannot stop the page: whatever is pasted, reading it takes time in proportion to its
 * length. A text of 80,000 characters is read in some milliseconds then; a pattern that tries the
 * same characters in two ways takes minutes and in three ways years, and runs into a guard of ten
 * seconds that ends it. The guard is no measure of speed.
 */
import { Script } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNumber } from '../quiz/engine/read-number.ts';
import { parseProgress } from '../progress/progress-parse.ts';
import { parsePortQuery } from '../services/port-query.ts';
import { PowershellList } from './powershell-list.ts';
import { lineReaders } from './read-line.ts';
import { PasteReader, readPaste } from './read-paste.ts';
import { readRange } from './read-range.ts';

const LENGTH = 80_000;
const GUARD_MS = 10_000;

/** Runs to its end, or throws where it would not come to one. */
function guarded(act: () => void): void {
  Object.assign(globalThis, { actUnderGuard: act });
  new Script('globalThis.actUnderGuard()').runInThisContext({ timeout: GUARD_MS });
}

/** What the readers look for, and what stands around it. */
const PIECES = [
  ...Array.from(' \t\n\r@$#>%:.,-=*/\\[](){}"\'~;aAzZ019'),
  '\u001b[',
  '\u001b]0;',
  '> ',
  '- ',
  '\n\n',
  ' \n',
  ' 1',
  'a@b ',
  'ss ',
  'ss state ',
  'state ',
  'users:((',
  'users:(("a",pid=',
  'timer:(timewait,1min',
  'tcp 0 0 ',
  'tcp 0 0 a:1 b:2 ',
  ' 1 2 A',
  ' 1 2 A:',
  ' com.apple.x',
  'IPv4 ',
  'x 1 y z IPv4 ',
  ' TCP a:1',
  'TCP ',
  '->',
  '(LISTEN) ',
  'LocalPort : ',
  'State ',
  'ip_local_port_range',
  'ip_local_port_range ',
  'ip_local_port_range = 1 ',
  'ip_local_reserved_ports = 1,',
  'Start Port : ',
  'DynamicPortRangeStartPort DynamicPortRangeNumberOfPorts\n',
  'DynamicPortRangeStartPort ',
  '-----\n',
  '-----\n\n\n',
  'a: 1\n',
  'smallest_anon_port ',
  'portrange.first ',
  '32768 ',
  '0.0.0.0',
  'ﷺ',
  '１',
  '\u200b',
];

const repeated = (piece: string): string =>
  piece.repeat(Math.ceil(LENGTH / piece.length)).slice(0, LENGTH);

const readers: Readonly<Record<string, (text: string) => void>> = {
  'a paste': (text) => {
    readPaste(text);
  },
  // Longer lines are cut before they come here: this is to hold without it.
  'one line, uncut': (text) => {
    new PasteReader(text, Infinity).read(Infinity);
  },
  'each tool’s line': (text) => {
    for (const read of lineReaders) read(text, { state: null });
    new PowershellList().take(text, 1);
  },
  'a range': (text) => {
    readRange(text);
  },
  'a search': (text) => {
    parsePortQuery(text);
  },
  'a number': (text) => {
    readNumber(text);
  },
  'a record of progress': (text) => {
    parseProgress(`{"version":1,"lessons":${JSON.stringify({ [text]: { turns: [text] } })}}`);
  },
};

describe.each(Object.keys(readers))('%s', (name) => {
  const read = readers[name] ?? (() => undefined);

  it('of one thing over and over is read to its end', () => {
    for (const piece of PIECES) {
      guarded(() => {
        read(repeated(piece));
      });
    }
  });

  it('that begins, goes on and ends differently is read to its end', () => {
    const piece = fc.constantFrom(...PIECES);
    fc.assert(
      fc.property(piece, piece, piece, piece, (start, first, second, end) => {
        guarded(() => {
          read(start + repeated(first + second) + end);
        });
      }),
      { numRuns: 60 },
    );
  });
});

describe('a paste in parts', () => {
  const line = 'ESTAB 0 0 192.0.2.10:52066 203.0.113.5:443 users:(("app",pid=1440,fd=12))';

  it('reads no more lines at a time than it is asked to', () => {
    const reader = new PasteReader(Array.from({ length: 10 }, () => line).join('\n'));
    for (const count of [4, 8, 10]) {
      expect(reader.isDone).toBe(false);
      reader.read(4);
      expect(reader.paste.rows.length).toBe(count);
    }
    expect(reader.isDone).toBe(true);
  });

  it('gives what it gives at once, however it is parted', () => {
    const lines = fc.array(
      fc.constantFrom(
        line,
        'ss state time-wait',
        '  TCP 0.0.0.0:1 0.0.0.0:0 X 1',
        ' [a.exe]',
        'nonsense',
        '',
      ),
    );
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 5 }), (some, step) => {
        const text = some.join('\n');
        const reader = new PasteReader(text);
        while (!reader.isDone) reader.read(step);
        expect(reader.paste).toEqual(readPaste(text));
      }),
    );
  });
});

describe('marks that nobody sees', () => {
  it.each(['\u202e', '\u200b', '\ufeff', '\u00ad', '\u2066'])('change nothing: %j', (mark) => {
    expect(parsePortQuery(`${mark}44${mark}3`)).toEqual(parsePortQuery('443'));
    expect(readNumber(`${mark}44${mark}3`)).toBe(443);
    expect(readRange(`${mark}net.ipv4.ip_local_port_range = 32768${mark} 60999`).ok).toBe(true);
    const plain = 'LISTEN 0 128 0.0.0.0:22 0.0.0.0:*';
    expect(readPaste(`${mark}${plain.replace(':22', `:2${mark}2`)}`)).toEqual(readPaste(plain));
  });

  it.each([
    '\u001b(B',
    '\u001b[0;1m',
    '\u001b]0;title\u0007',
    '\u001b[?2004h',
    '\u001b=',
    '\u001b[K',
  ])('are taken out where a terminal obeys them: %j', (code) => {
    const plain = 'LISTEN 0 128 0.0.0.0:22 0.0.0.0:*';
    expect(readPaste(`${code}LISTEN${code} 0 128 0.0.0.0:22${code} 0.0.0.0:*${code}`)).toEqual(
      readPaste(plain),
    );
  });
});
