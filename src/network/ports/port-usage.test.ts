/** Who holds which port, by kind and by address. */

import { describe, expect, it } from 'vitest';
import type { PortHold } from './port-hold.ts';
import { PortUsage } from './port-usage.ts';

function hold(difference: Partial<PortHold> = {}): PortHold {
  return {
    port: 40_000,
    localAddress: 1,
    remoteAddress: 9,
    remotePort: 80,
    isBound: false,
    isListening: false,
    reuseAddress: false,
    reusePort: false,
    uid: 0,
    timeWaitSinceMs: null,
    hasTimestamps: true,
    ...difference,
  };
}

const bound = (difference: Partial<PortHold> = {}): PortHold =>
  hold({ isBound: true, ...difference });

function shown(usage: PortUsage, address?: number): Record<string, number[]> | undefined {
  const sets = address === undefined ? usage.all : usage.meeting({ localAddress: address })[0];
  if (sets === undefined) return undefined;
  return { bound: [...sets.bound], live: [...sets.live], waiting: [...sets.waiting] };
}

const nothing = { bound: [], live: [], waiting: [] };

describe('the use of ports', () => {
  it.each([
    [bound(), 'bound'],
    [hold({ isListening: true }), 'bound'],
    [hold(), 'live'],
    [hold({ timeWaitSinceMs: 0 }), 'waiting'],
    [bound({ timeWaitSinceMs: 5 }), 'bound'],
  ] as const)('%o counts as %s, on its address and in all', (each, kind) => {
    const usage = new PortUsage(0, false);
    usage.add(each);
    expect(shown(usage)).toEqual({ ...nothing, [kind]: [40_000] });
    expect(shown(usage, 1)).toEqual({ ...nothing, [kind]: [40_000] });
    expect(shown(usage, 2)).toBe(undefined);
    expect([...usage.holdsOn(40_000)]).toEqual([each]);
    expect([...usage.holdsOn(40_001)]).toEqual([]);
    expect([...usage.ports()]).toEqual([40_000]);
    usage.remove(each);
    expect(shown(usage)).toEqual(nothing);
    expect(shown(usage, 1)).toEqual(nothing);
    expect([...usage.ports()]).toEqual([]);
  });

  it('lasts until the last of a kind goes, on each address by itself', () => {
    const usage = new PortUsage(0, false);
    const [first, second, other, waiting] = [
      hold(),
      hold({ remotePort: 81 }),
      hold({ localAddress: 2 }),
      hold({ timeWaitSinceMs: 3 }),
    ];
    for (const each of [first, second, other, waiting]) usage.add(each);
    usage.remove(first);
    expect(shown(usage, 1)).toEqual({ bound: [], live: [40_000], waiting: [40_000] });
    usage.remove(second);
    expect(shown(usage, 1)).toEqual({ bound: [], live: [], waiting: [40_000] });
    expect(shown(usage)).toEqual({ bound: [], live: [40_000], waiting: [40_000] });
    usage.remove(other);
    expect(shown(usage, 2)).toEqual(nothing);
    expect(shown(usage)).toEqual({ bound: [], live: [], waiting: [40_000] });
    usage.add(first);
    expect(shown(usage, 1)).toEqual({ bound: [], live: [40_000], waiting: [40_000] });
  });

  it('stays bound until the port is empty, on kernels before 6.18, and no longer', () => {
    for (const boundUntilEmpty of [true, false]) {
      const usage = new PortUsage(0, boundUntilEmpty);
      const [binder, client] = [bound({ remotePort: 0 }), hold()];
      usage.add(binder);
      usage.add(client);
      usage.remove(binder);
      expect(shown(usage)?.['bound']).toEqual(boundUntilEmpty ? [40_000] : []);
      expect(shown(usage, 1)?.['bound']).toEqual([]);
      usage.remove(client);
      expect(shown(usage)).toEqual(nothing);
      usage.add(client);
      expect(shown(usage)).toEqual({ ...nothing, live: [40_000] });
    }
  });

  it('of a connection ends with it, on a port that stays bound', () => {
    const usage = new PortUsage(0, true);
    const [binder, client] = [bound({ remotePort: 0 }), hold()];
    usage.add(binder);
    usage.add(client);
    usage.remove(client);
    expect(shown(usage)).toEqual({ ...nothing, bound: [40_000] });
  });

  it('is not held twice, nor let go by a socket that does not hold it', () => {
    const usage = new PortUsage(0, false);
    const each = hold();
    const held = {
      once: () => {
        usage.add(each);
      },
      gone: () => {
        usage.remove(hold());
      },
    };
    expect(held.gone).toThrow('port 40000: released by a socket that does not hold it');
    held.once();
    expect(held.once).toThrow('port 40000: held twice by the same socket');
    expect(held.gone).toThrow('port 40000: released by a socket that does not hold it');
    expect(() => {
      usage.remove(hold({ localAddress: 5 }));
    }).toThrow('does not hold it');
    expect(shown(usage)).toEqual({ ...nothing, live: [40_000] });
  });
});
