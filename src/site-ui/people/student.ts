/** The student: a dark bob, a plum hooded jumper. */
import type { StudentMood } from '../../schemas/vocabulary.ts';
import { fill, shared, sleeve, stroke, turned, type Part, type Tone } from './brush.ts';
import { fist, holding, open, pointing } from './hands.ts';

const s = (width: number, ...line: number[]) => stroke(width, line);
const light = (tone: Tone, width: number, ...line: number[]) => stroke(width, line, tone);

const head = shared('student-head', [
  fill(
    'hair',
    'M38 65C31 48 33 13 60.500 12.500 89 13 90 48 83 65c-4 3.500-9 3-12-.5H50c-3 3.500-8 4-12 .5z',
  ),
  fill('skin', 'M53 56l-1 14 9 12 9.500-12-1.500-14z'),
  fill('shade', 'M53 60c3.500 5 10 7 16 5l.3 3C62 72 56 69.500 52.800 65z'),
  s(1.4, 53, 61, 53, 66, 52.5, 68, 51, 70),
  s(1.4, 69, 62, 69.2, 66, 69.8, 68, 71, 70),
  fill(
    'skin',
    'M45 38c-1 12 3 19.500 9.500 23.500 4.500 2.800 9 2.600 13-.3C73.500 56.500 78 49 77.500 38 76 27 46 27 45 38z',
  ),
  s(
    1.6,
    44.8,
    43,
    45.5,
    53,
    50,
    59.5,
    55.5,
    62.3,
    60.5,
    65,
    64.5,
    64,
    68,
    61,
    73.5,
    56,
    77.5,
    50,
    77.8,
    42,
  ),
  // fringe
  fill(
    'hair',
    'M42.500 49C39 30 46 18.500 60.500 17.500 77 18 83 30 80 48c-1-6-3.200-10-4.700-15.500-2 2.300-4.500 3.600-7.300 4.200.8-1.700 1-3.200.7-5C63 36 55 38.500 49.500 38c-3.500 3-5.500 6.500-7 11z',
  ),
  light('silver', 1.8, 46, 24, 49, 19, 54, 16.5, 61, 16.2),
  light('silver', 0.9, 48.5, 27.5, 51, 23.5, 54.5, 21.3, 59, 20.7),
  s(1.1, 63.5, 43, 65, 46.5, 66.3, 48, 63.5, 49),
]);

const body = shared('student-body', [
  fill(
    'plum',
    'M50 71C38 75 31 78 27 90c-2 14-1 34 0 50h68c1-16 2-36 0-50-4-12-11-15-23-19l-11 13z',
  ),
  // hood
  fill(
    'plum',
    'M51.500 66C42 65.500 35 71 36.500 79.500 46 83 55 84 61 92c6-8 14-9.500 24-13C86.500 71 80 65.500 70.500 66L61 81z',
  ),
  fill('shade', 'M51.500 67.500L61 84l9.500-16.500 2 1.500L61 91.500 49.500 69z'),
  s(1.8, 51.5, 66, 41, 65, 35, 71, 36.5, 79.5, 46, 83, 55, 84, 61, 92),
  s(1.8, 70.5, 66, 81, 65, 87, 71, 85, 79, 76, 83, 67, 84, 61, 92),
  s(1.3, 51.5, 66, 54, 73, 57, 78, 61, 82),
  s(1.3, 70.5, 66, 68, 73, 65, 78, 61, 82),
  light('lining', 1.9, 54, 84, 53, 90, 54, 96, 53, 103),
  light('lining', 1.9, 68.5, 84, 69.5, 90, 68.5, 95, 69.5, 101),
  // pocket
  s(1.5, 42, 140, 43, 130, 45, 124, 49, 119),
  s(1.5, 80, 140, 79, 130, 77, 124, 73, 119),
  s(1.5, 49, 119, 57, 118, 65, 118, 73, 119),
]);

const hangingLeft = shared('student-left', [
  fill('plum', 'M37 79C27 82 23 92 20 106c-2 12-3 24-3 34h17c0-14 1-26 3-36z'),
  s(2, 38, 78.5, 26, 82, 22, 94, 19.5, 107, 17.5, 119, 16.5, 130, 16.5, 141),
  s(1.6, 36.5, 101, 34.5, 112, 33.5, 126, 33.5, 141),
]);
const hangingRight: Part[] = [
  fill('plum', 'M85 79c10 3 14 13 17 27 2 12 3 24 3 34H88c0-14-1-26-3-36z'),
  s(2, 84, 78.5, 96, 82, 100, 94, 102.5, 107, 104.5, 119, 105.5, 130, 105.5, 141),
  s(1.6, 85.5, 101, 87.5, 112, 88.5, 126, 88.5, 141),
];

const upperArm = shared('student-arm', [
  fill('plum', 'M84 79c11 3 15 12 19 26 4 9 7 17 5 24-3 8-14 10-19 4z'),
  s(
    2,
    84,
    78.5,
    95,
    82,
    99,
    92,
    103,
    105,
    106,
    113,
    110,
    121,
    108,
    129,
    105.5,
    138,
    92,
    139,
    89,
    129,
  ),
]);
/** The arm on the right, its forearm up to a hand at that place. */
const raised = (x: number, y: number, hand: readonly Part[], turn: number): Part[] => [
  ...upperArm,
  turned(`translate(${x} ${y})rotate(${turn})`, hand),
  ...sleeve(
    'plum',
    [
      [x + (99 - x) * 0.12, y + 9, 6.5],
      [99, 126, 9.5],
    ],
    1,
  ),
  s(1.5, x - 6, y + 8, x - 2, y + 12, x + 4, y + 12, x + 8, y + 9),
];
const raisedLeft = (x: number, y: number, hand: readonly Part[], turn: number) =>
  turned('matrix(-1 0 0 1 122 0)', raised(122 - x, y, hand, turn));

const short = (value: number) => Number(value.toFixed(2));
const eye = (x: number, y: number, r: number, rise = 1.25) => {
  const [w, h] = [short(r * 0.55), short(r * rise)];
  const v = short(h * 0.55);
  return fill(
    'line',
    `M${x} ${short(y - h)}c-${w} 0-${r} ${v}-${r} ${h}s${w} ${h} ${r} ${h} ${r}-${v} ${r}-${h}-${w}-${h}-${r}-${h}z`,
  );
};
const glint = (x: number, y: number) => fill('lining', `M${x} ${y}h1.500v1.500h-1.500z`);
const eyes = (dx: number, dy: number): Part[] => [
  s(1.5, 49, 43, 51, 40, 56, 39.8, 58.5, 42.3),
  s(1.5, 65.5, 42.3, 67.5, 39.8, 72, 40, 74, 43),
  eye(54 + dx, 43.5 + dy, 2.2),
  eye(69.5 + dx, 43.5 + dy, 2.2),
  glint(54.2 + dx, 41.8 + dy),
  glint(69.7 + dx, 41.8 + dy),
];
const flush = fill(
  'blush',
  'M47.500 50c2-1.600 5.500-1.600 7 0-1.500 2.200-5.500 2.200-7 0zM69 50c1.500-1.600 4.500-1.600 6 0-1.500 2.200-4.500 2.200-6 0z',
);

const curious: Part[] = [
  ...eyes(0.8, 0),
  s(1.4, 49.5, 37.5, 51.5, 35.5, 55.5, 35, 58, 36.5),
  s(1.4, 65.5, 36, 68, 34.3, 71.5, 34.5, 73.5, 36.5),
  fill(
    'line',
    'M59.500 54.300c2-1 4.500-1 6.300-.2-.3 2.600-1.500 3.900-3.100 3.900s-3-1.300-3.200-3.700z',
  ),
  flush,
];
const thinking: Part[] = [
  ...eyes(1.5, -1.2),
  s(1.4, 49.5, 38, 52, 36.3, 55.5, 36.3, 58, 37.5),
  s(1.4, 65, 36.5, 68, 34, 71.5, 34, 74, 36),
  s(1.6, 60, 56.5, 62, 55.3, 64, 55.3, 66.5, 56),
];
const surprised: Part[] = [
  fill(
    'lining',
    'M53.500 38.500c3 0 5 2.300 5 5.200s-2 5.200-5 5.200-5-2.300-5-5.200 2-5.200 5-5.200zM69.500 38.500c2.800 0 4.800 2.300 4.800 5.200s-2 5.200-4.800 5.200-4.800-2.300-4.800-5.200 2-5.200 4.800-5.200z',
  ),
  s(1.4, 48.3, 44.5, 47.5, 37, 59.5, 37, 58.7, 44.5),
  s(1.4, 64.5, 44.5, 63.8, 37, 75.2, 37, 74.5, 44.5),
  eye(54, 43.7, 1.5, 1),
  eye(69.5, 43.7, 1.5, 1),
  fill(
    'line',
    'M62.700 52.300c2.300 0 3.700 1.900 3.700 4.200s-1.400 4.200-3.700 4.200-3.700-1.900-3.700-4.200 1.400-4.200 3.700-4.200z',
  ),
];
const pleased: Part[] = [
  s(2.1, 48.5, 45, 51, 39.8, 56.5, 39.8, 59, 44.5),
  s(2.1, 65.2, 44.5, 67.5, 39.8, 72.5, 39.8, 75, 45),
  s(1.4, 49.5, 36.5, 51.5, 34.5, 55.5, 34, 58, 35.5),
  s(1.4, 65.5, 35.5, 68, 34, 71.5, 34.3, 73.5, 36.5),
  fill(
    'line',
    'M55.500 52c4 1.500 9.500 1.500 13.500-.3-.7 4.900-3.500 7.300-6.700 7.300s-6-2.400-6.800-7z',
  ),
  fill('lining', 'M57 53.200c3.500 1 7 1 10.600-.1l-.8 2c-3 .8-6 .8-8.800.1z'),
  flush,
];
const unsure: Part[] = [
  ...eyes(-1.2, 0.3),
  s(1.5, 49, 39, 52, 38.5, 55.5, 36.8, 57.5, 34.5),
  s(1.5, 66, 34.5, 68, 36.8, 71.5, 38.5, 74.5, 39),
  s(1.6, 57, 55.5, 59, 53.3, 61, 54, 62.5, 55.5, 64, 57, 66.5, 57, 68, 55),
  fill(
    'lining',
    'M34.500 24c2.500 4 3.500 5.500 3.500 7.500 0 4.300-6.500 4.300-6.500 0 0-2 1-3.500 3-7.500z',
  ),
  s(1.2, 34.5, 24, 30, 31, 29.5, 35, 34.5, 35, 39.5, 35, 39, 31, 34.5, 24),
];
const confident: Part[] = [
  s(2.1, 49, 42.5, 51.5, 46, 56.5, 46, 58.8, 42.5),
  s(2.1, 65.2, 42.5, 67.5, 46, 72.3, 46, 74.5, 42.5),
  s(1.5, 49, 36.5, 52, 35.5, 55.5, 35.8, 58, 37.5),
  s(1.5, 65.5, 36, 67.5, 33.5, 71, 32.8, 74, 34),
  s(1.8, 56.5, 53.5, 60.5, 57, 66, 56.5, 69.5, 51.5),
  flush,
];

const headed = (tilt: string, face: readonly Part[]) => turned(tilt, [...head, ...face]);

/** Half a figure in a box of 120 × 140; the face with its hands is the upper part. */
export const student: Readonly<Record<StudentMood, readonly Part[]>> = {
  curious: [...body, ...hangingLeft, ...hangingRight, headed('rotate(5 60 68)', curious)],
  thinking: [
    ...body,
    ...hangingLeft,
    headed('rotate(-3 60 68)', thinking),
    ...raised(78, 78, holding, -14),
  ],
  surprised: [
    ...body,
    headed('translate(0 -1)', surprised),
    raisedLeft(31, 74, open, 4),
    ...raised(91, 74, open, 4),
  ],
  pleased: [
    ...body,
    ...hangingLeft,
    headed('rotate(-5 60 68)', pleased),
    ...raised(91, 74, fist, 4),
  ],
  unsure: [
    ...body,
    ...hangingLeft,
    ...raised(90, 66, open, -14),
    headed('rotate(6 60 68)', unsure),
  ],
  confident: [
    ...body,
    ...hangingLeft,
    headed('rotate(-6 60 68)', confident),
    ...raised(91, 74, pointing, 4),
  ],
};
