/** The room: paper screens, a round window with bamboo, a scroll, a long table. */
import { fill, stroke, type Part } from './brush.ts';

const s = (width: number, ...line: number[]) => stroke(width, line);

/** Bamboo in the round window. */
export const bamboo: readonly Part[] = [
  stroke(5, [233, 110, 231, 88, 233, 60, 231, 38], 'leaf'),
  stroke(3.5, [309, 100, 307, 84, 309, 66, 306, 44], 'leaf'),
  stroke(5, [232, 52, 242, 45, 250, 45, 258, 51], 'leaf'),
  stroke(4.5, [232, 46, 240, 36, 247, 33, 256, 34], 'leaf'),
  stroke(5, [232, 76, 226, 70, 222, 71, 217, 78], 'leaf'),
  stroke(4.5, [232, 88, 239, 84, 243, 86, 248, 93], 'leaf'),
  stroke(4.5, [307, 56, 298, 48, 291, 46, 282, 48], 'leaf'),
  stroke(4.5, [308, 78, 302, 76, 299, 79, 295, 86], 'leaf'),
];

/** What is on the table: a bowl of tea, an open computer seen from behind. */
export const onTable: readonly Part[] = [
  fill('lining', 'M127 143c0-3.500 18-3.500 18 0 0 7-3 11-9 11s-9-4-9-11z'),
  s(1.4, 127, 143, 126.5, 152, 131, 154.5, 136, 154.5, 141, 154.5, 145.5, 152, 145, 143),
  s(1.2, 127, 143, 131, 146, 141, 146, 145, 143),
  s(1.2, 127, 143, 131, 140.5, 141, 140.5, 145, 143),
  s(1.3, 133, 138, 129.5, 134, 136, 131, 132.5, 126),
  s(1.3, 139.5, 138, 136, 134, 142.5, 130, 139, 124),
  fill(
    'silver',
    'M171 126l39-3c1.500 0 2.500 1 2.600 2.200L215 152l-41 3-4.500-26.500c-.2-1.300.5-2.400 1.500-2.500z',
  ),
  s(
    1.5,
    174,
    155,
    172,
    146,
    170,
    134,
    169.5,
    128,
    169.5,
    125,
    184,
    125,
    210,
    123,
    213,
    122.8,
    213,
    130,
    215,
    152,
  ),
  s(1.6, 172, 155, 186, 154.5, 204, 153.5, 217, 152),
];
