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

interface Form {
  readonly tool: RangeTool;
  readonly low: RegExp;
  /** The high end, or with `counts` the number of ports. */
  readonly high: RegExp;
  readonly counts?: true;
}

/** Names only matter; words between may be in any language. */
const FORMS: readonly Form[] = [
  {
    tool: 'linux',
    low: /ip_local_port_range\s*[=:]?\s*(\d+)/,
    high: /ip_local_port_range\s*[=:]?\s*\d+\s+(\d+)/,
  },
  {
    tool: 'windows',
    low: /(?:Start Port|開始ポート|Startport|Port de démarrage|Puerto de inicio)\s*[::]\s*(\d+)/i,
    high: /(?:Number of Ports|ポート数|Anzahl von Ports|Nombre de ports|Número de puertos)\s*[::]\s*(\d+)/i,
    counts: true,
  },
  {
    tool: 'windows',
    low: /DynamicPortRangeStartPort\s*:\s*(\d+)/,
    high: /DynamicPortRangeNumberOfPorts\s*:\s*(\d+)/,
    counts: true,
  },
  {
    // A table of Get-NetTCPSetting: the names in one line, the numbers in a later one.
    tool: 'windows',
    low: /DynamicPortRangeStartPort\s+DynamicPortRangeNumberOfPorts[\s\S]*?\s(\d+)\s+\d+\s*$/m,
    high: /DynamicPortRangeStartPort\s+DynamicPortRangeNumberOfPorts[\s\S]*?\s\d+\s+(\d+)\s*$/m,
    counts: true,
  },
  {
    // netsh in any other language: below a rule, two lines of a word and a number.
    tool: 'windows',
    low: /^-{5,}\s*\n[^\n:]*:\s*(\d+)\s*\n[^\n:]*:\s*\d+\s*$/m,
    high: /^-{5,}\s*\n[^\n:]*:\s*\d+\s*\n[^\n:]*:\s*(\d+)\s*$/m,
    counts: true,
  },
  {
    tool: 'macos-or-freebsd',
    low: /portrange\.first\s*[=:]\s*(\d+)/,
    high: /portrange\.last\s*[=:]\s*(\d+)/,
  },
  { tool: 'openbsd', low: /\bip\.portfirst\s*[=:]\s*(\d+)/, high: /\bip\.portlast\s*[=:]\s*(\d+)/ },
  {
    tool: 'netbsd',
    low: /anonportmin\s*[=:]\s*(\d+)/,
    high: /anonportmax\s*[=:]\s*(\d+)/,
  },
  {
    tool: 'solaris',
    low: /smallest_anon_port\s+\S*\s*(\d+)/,
    high: /largest_anon_port\s+\S*\s*(\d+)/,
  },
];

/** What `cat /proc/sys/net/ipv4/ip_local_port_range` or `sysctl -n` prints: two bare numbers. */
const BARE = /^\s*(\d+)\s+(\d+)\s*$/m;

/** @param text what was pasted; full-width digits are fine. */
export function readRange(text: string): RangePaste {
  const folded = text.slice(0, 100_000).normalize('NFKC');
  let hasHalf = false;
  for (const form of FORMS) {
    const low = form.low.exec(folded)?.[1];
    const high = form.high.exec(folded)?.[1];
    if (low !== undefined && high !== undefined) {
      const end = form.counts ? Number(low) + Number(high) - 1 : Number(high);
      return check(form.tool, Number(low), end, folded);
    }
    hasHalf ||= low !== undefined || high !== undefined;
  }
  const bare = BARE.exec(folded);
  // Below a rule stand other tables: `netsh … show excludedportrange` lists pairs as well.
  if (bare && !/^\s*-{5,}/m.test(folded))
    return check('linux', Number(bare[1]), Number(bare[2]), folded);
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
