/** What a careless, hasty or playful visitor may do, and drawing it from a seed. */
import type { Random } from '../../src/time-and-chance/random.ts';

/**
 * One act. Whatever is aimed at is a fraction of what can be aimed at when the act comes; the player
 * notes what it was, so that an act that is played again aims at the same.
 */
export type Act =
  | { readonly do: 'click' | 'tap' | 'twice' | 'drag'; readonly at: number; readonly to: number }
  | { readonly do: 'key'; readonly key: string }
  | { readonly do: 'type'; readonly text: string }
  | { readonly do: 'resize'; readonly width: number; readonly height: number }
  | { readonly do: 'scroll'; readonly at: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'back' | 'forward' | 'reload' | 'offline' | 'online' | 'other-tab' };

/** How often each comes, of a hundred or so. */
const weights: readonly (readonly [Act['do'], number])[] = [
  ['click', 36],
  ['tap', 8],
  ['twice', 4],
  ['drag', 5],
  ['key', 24],
  ['type', 8],
  ['resize', 4],
  ['scroll', 4],
  ['wait', 3],
  ['back', 1],
  ['forward', 1],
  ['reload', 1],
  ['offline', 1],
  ['online', 2],
  ['other-tab', 1],
];

const allWeights = weights.reduce((sum, [, weight]) => sum + weight, 0);

const keys = [
  ...['Tab', 'Tab', 'Tab', 'Shift+Tab', 'Enter', 'Enter', 'Space', 'Space', 'Escape'],
  ...['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown'],
  ...['Backspace', 'Delete', 'Control+a', 'Control+k', 'Control+c', '1', '2', 'j', 'k', '?'],
];

/** Ports in odd writings, markup, letters that run the other way, lines for a shell, far too much. */
const texts = [
  '443',
  '65536',
  '-1',
  '1e9',
  '４９１５２',
  '32768 60999',
  '0x50',
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  '{{constructor}} ${1} %s %n',
  '\u202Eport\u202C\u200B 443',
  'שלום عالم',
  '👩🏽‍💻'.repeat(8),
  'ﾎﾟｰﾄ番号は誰が決めるか',
  'x'.repeat(400),
  'ss -tanp | sort | head',
  'sudo sysctl -w net.ipv4.ip_local_port_range="1024 1025"',
  'vi notes',
  'for i in 1 2 3; do nc -l $i & done',
  '$(yes)',
  'cat /dev/zero',
];

const sizes = [
  [320, 640],
  [390, 844],
  [844, 390],
  [768, 1024],
  [1366, 768],
  [1920, 1080],
] as const;

/** @returns one of these, each as likely; there is at least one. */
export function drawFrom<Value>(random: Random, values: readonly Value[]): Value {
  const value = values[random.below(values.length)];
  if (value === undefined) throw new RangeError('There is nothing to draw from.');
  return value;
}

export function drawAct(random: Random): Act {
  let place = random.below(allWeights);
  const [kind] = weights.find(([, weight]) => (place -= weight) < 0) ?? ['wait'];
  switch (kind) {
    case 'click':
    case 'tap':
    case 'twice':
    case 'drag':
      return { do: kind, at: random.fraction(), to: random.fraction() };
    case 'key':
      return { do: kind, key: drawFrom(random, keys) };
    case 'type':
      return { do: kind, text: drawFrom(random, texts) };
    case 'resize': {
      const [width, height] = drawFrom(random, sizes);
      return { do: kind, width, height };
    }
    case 'scroll':
      return { do: kind, at: random.fraction() };
    case 'wait':
      return { do: kind, ms: random.below(500) };
    case 'back':
    case 'forward':
    case 'reload':
    case 'offline':
    case 'online':
    case 'other-tab':
      return { do: kind };
  }
}
