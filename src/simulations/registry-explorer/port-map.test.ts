import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Registry } from '../../services/registry.ts';
import { MAP_COLUMNS, MAP_ROWS, cellOf, paintCells, portAfterKey, portAt } from './port-map.ts';

const port = fc.integer({ min: 0, max: 65535 });

describe('the picture of all ports', () => {
  it('has one cell for each, and the well-known ones fill the first two rows', () => {
    expect(MAP_COLUMNS * MAP_ROWS).toBe(65536);
    expect(cellOf(1023)).toEqual({ x: 511, y: 1 });
    expect(cellOf(1024)).toEqual({ x: 0, y: 2 });
  });

  it('finds the port under the pointer again', () => {
    fc.assert(
      fc.property(port, (one) => {
        const { x, y } = cellOf(one);
        expect(portAt((x + 0.5) / MAP_COLUMNS, (y + 0.5) / MAP_ROWS)).toBe(one);
      }),
    );
  });

  it('never leaves the picture, wherever the pointer is and whatever key is pressed', () => {
    const key = fc.constantFrom(
      'ArrowLeft',
      'ArrowRight',
      'ArrowUp',
      'ArrowDown',
      'Home',
      'End',
      'PageUp',
      'PageDown',
    );
    fc.assert(
      fc.property(port, key, fc.double({ noNaN: true }), (one, pressed, place) => {
        for (const next of [portAfterKey(one, pressed), portAt(place, -place)]) {
          expect(next).toBeGreaterThanOrEqual(0);
          expect(next).toBeLessThanOrEqual(65535);
        }
      }),
    );
  });

  it('jumps from range to range with the Page keys', () => {
    expect([portAfterKey(443, 'PageDown'), portAfterKey(1024, 'PageDown')]).toEqual([1024, 49152]);
    expect([portAfterKey(60000, 'PageUp'), portAfterKey(1024, 'PageUp')]).toEqual([49152, 0]);
    expect(portAfterKey(443, 'a')).toBeNull();
  });

  it('shows of each port its range and what the registry says of it', () => {
    const row = { transports: ['tcp'], name: '', description: '' } as const;
    const registry = new Registry([
      { ...row, low: 443, high: 443, status: 'assigned' },
      { ...row, low: 1023, high: 1024, status: 'reserved' },
    ]);
    const pixels = paintCells(registry, {
      'well-known': { assigned: 1, reserved: 2, unassigned: 3 },
      registered: { assigned: 4, reserved: 5, unassigned: 6 },
      ephemeral: { assigned: 7, reserved: 8, unassigned: 9 },
    });
    expect([443, 444, 1023, 1024, 49152].map((one) => pixels[one])).toEqual([1, 3, 2, 5, 9]);
    expect(pixels).toHaveLength(65536);
  });
});
