/**
 * A machine's automatic port range, read out of what its own tool printed: `sysctl` on Linux, macOS
 * and the BSDs, `netsh` or PowerShell on Windows, `ipadm` on Solaris.
 */

export type RangeTool = 'linux' | 'windows' | 'macos-or-freebsd' | 'openbsd' | 'netbsd' | 'solaris';

export type RangePaste =
  | {
      readonly ok: true;
      readonly tool: RangeTool;
      /** Inclusive. */
      readonly low: number;
      readonly high: number;
      /** Linux: reserved ports pasted along with it, inclusive pairs. */
      readonly reserved: readonly (readonly [low: number, high: number])[];
    }
  | {
      readonly ok: false;
      /** `half`: one end was found; `order`: low above high; `bounds`: not 0–65535; `nothing`. */
      readonly problem: 'nothing' | 'half' | 'order' | 'bounds';
    };

/** What is to be searched, in two forms. */
interface Text {
  readonly whole: string;
  /** Lines that are not blank, without the blanks around them. */
  readonly lines: readonly string[];
}

interface Found {
  readonly low: string | undefined;
  /** The high end, or with `counts` the number of ports. */
  readonly high: string | undefined;
}

interface Form {
  readonly tool: RangeTool;
  readonly find: (text: Text) => Found;
  readonly counts?: true;
}

/** Each end behind a name of its own. */
function named(low: RegExp, high: RegExp): Form['find'] {
  return ({ whole }) => ({ low: low.exec(whole)?.[1], high: high.exec(whole)?.[1] });
}

const nothing: Found = { low: undefined, high: undefined };

const isNumber = (word: string | undefined): boolean => word !== undefined && /^\d+$/.test(word);

/** A table of Get-NetTCPSetting: the names in one line, the numbers at the end of a later one. */
function inTable({ lines }: Text): Found {
  const header = lines.findIndex((line) =>
    /DynamicPortRangeStartPort\s+DynamicPortRangeNumberOfPorts/.test(line),
  );
  if (header < 0) return nothing;
  for (const line of lines.slice(header + 1)) {
    const [low, high] = line.split(/\s+/).slice(-2);
    if (isNumber(low) && isNumber(high)) return { low, high };
  }
  return nothing;
}

const RULE = /^-{5,}/;

/** netsh in any language: below a rule, two lines of a word and a number. */
function belowRule({ lines }: Text): Found {
  const numberOf = (line = ''): string | undefined => /^[^:]*:\s*(\d+)$/.exec(line)?.[1];
  for (const [at, line] of lines.entries()) {
    if (!/^-{5,}$/.test(line)) continue;
    const [low, high] = [numberOf(lines[at + 1]), numberOf(lines[at + 2])];
    if (low !== undefined && high !== undefined) return { low, high };
  }
  return nothing;
}

/** What `cat /proc/sys/net/ipv4/ip_local_port_range` or `sysctl -n` prints: two bare numbers. */
function bareNumbers({ lines }: Text): Found {
  // Below a rule stand other tables: `netsh … show excludedportrange` lists pairs as well.
  if (lines.some((line) => RULE.test(line))) return nothing;
  for (const [at, line] of lines.entries()) {
    const words = line.split(/\s+/);
    const [low, high = lines[at + 1], ...others] = words;
    if (others.length === 0 && isNumber(low) && isNumber(high)) return { low, high };
  }
  return nothing;
}

/** Names only matter; words between may be in any language. No pattern can match in two ways. */
const FORMS: readonly Form[] = [
  {
    tool: 'linux',
    find: named(
      /ip_local_port_range\s*(?:[=:]\s*)?(\d+)/,
      /ip_local_port_range\s*(?:[=:]\s*)?\d+\s+(\d+)/,
    ),
  },
  {
    tool: 'windows',
    find: named(
      /(?:Start Port|開始ポート|Startport|Port de démarrage|Puerto de inicio)\s*:\s*(\d+)/i,
      /(?:Number of Ports|ポート数|Anzahl von Ports|Nombre de ports|Número de puertos)\s*:\s*(\d+)/i,
    ),
    counts: true,
  },
  {
    tool: 'windows',
    find: named(
      /DynamicPortRangeStartPort\s*:\s*(\d+)/,
      /DynamicPortRangeNumberOfPorts\s*:\s*(\d+)/,
    ),
    counts: true,
  },
  { tool: 'windows', find: inTable, counts: true },
  { tool: 'windows', find: belowRule, counts: true },
  {
    tool: 'macos-or-freebsd',
    find: named(/portrange\.first\s*[=:]\s*(\d+)/, /portrange\.last\s*[=:]\s*(\d+)/),
  },
  {
    tool: 'openbsd',
    find: named(/\bip\.portfirst\s*[=:]\s*(\d+)/, /\bip\.portlast\s*[=:]\s*(\d+)/),
  },
  {
    tool: 'netbsd',
    find: named(/anonportmin\s*[=:]\s*(\d+)/, /anonportmax\s*[=:]\s*(\d+)/),
  },
  {
    // `ipadm show-prop` prints the permissions in between.
    tool: 'solaris',
    find: named(
      /smallest_anon_port\s+(?:[a-z-]+\s+)?(\d+)/,
      /largest_anon_port\s+(?:[a-z-]+\s+)?(\d+)/,
    ),
  },
];

/** @param text what was pasted; full-width digits are fine. */
export function readRange(text: string): RangePaste {
  const whole = text
    .slice(0, 100_000)
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '');
  const lines = whole
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  let hasHalf = false;
  for (const { tool, find, counts } of FORMS) {
    const { low, high } = find({ whole, lines });
    if (low !== undefined && high !== undefined) {
      return check(
        tool,
        Number(low),
        counts ? Number(low) + Number(high) - 1 : Number(high),
        whole,
      );
    }
    hasHalf ||= low !== undefined || high !== undefined;
  }
  const { low, high } = bareNumbers({ whole, lines });
  if (low !== undefined) return check('linux', Number(low), Number(high), whole);
  return { ok: false, problem: hasHalf ? 'half' : 'nothing' };
}

function check(tool: RangeTool, low: number, high: number, text: string): RangePaste {
  if (low > 65535 || high > 65535) return { ok: false, problem: 'bounds' };
  if (low > high) return { ok: false, problem: 'order' };
  return { ok: true, tool, low, high, reserved: readReserved(text) };
}

function readReserved(text: string): readonly (readonly [number, number])[] {
  const list = /ip_local_reserved_ports\s*[=:]\s*([\d,-]+)/.exec(text)?.[1] ?? '';
  return list
    .split(',')
    .map((part) => part.split('-').map(Number))
    .flatMap(([low, high = low]) =>
      low !== undefined && high !== undefined && low >= 1 && high <= 65535 && low <= high
        ? [[low, high] as const]
        : [],
    );
}
