/** Strokes of a brush: a line that swells and tapers, as the outline of what the brush leaves. */

/** A flat tone of the drawings; the colours are in people.css. */
export type Tone =
  | 'line'
  | 'thin'
  | 'skin'
  | 'limb'
  | 'hair'
  | 'silver'
  | 'cloth'
  | 'plum'
  | 'lining'
  | 'seal'
  | 'blush'
  | 'leaf'
  | 'shade';

/** A closed shape of one tone. */
export interface Shape {
  readonly tone: Tone;
  readonly d: string;
}

/** Parts that are turned or moved together; `turn` is an SVG transform. */
export interface Group {
  readonly turn: string;
  readonly parts: readonly Part[];
}

/** Parts that several pictures have in common, drawn once a page. */
export interface SharedPart {
  readonly shared: string;
  readonly parts: readonly Part[];
}

export type Part = Shape | Group | SharedPart;

export function turned(turn: string, parts: readonly Part[]): Group {
  return { turn, parts };
}

export function shared(name: string, parts: readonly Part[]): readonly SharedPart[] {
  return [{ shared: name, parts }];
}

/** The shared parts that pictures need, each once, those within others first. */
export function sharedIn(parts: readonly Part[]): ReadonlyMap<string, SharedPart> {
  const found = new Map<string, SharedPart>();
  for (const part of parts) {
    if (!('parts' in part)) continue;
    for (const [name, inner] of sharedIn(part.parts)) found.set(name, inner);
    if ('shared' in part) found.set(part.shared, part);
  }
  return found;
}

/** The same picture in fewer shapes: neighbours of one tone are one path. */
export function merged(parts: readonly Part[]): readonly Part[] {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if ('parts' in part) result.push({ ...part, parts: merged(part.parts) });
    else if (last && 'tone' in last && last.tone === part.tone && part.tone !== 'shade') {
      result[result.length - 1] = { tone: part.tone, d: last.d + part.d };
    } else result.push(part);
  }
  return result;
}

type Point = readonly [x: number, y: number];

const short = (value: number) => String(Math.round(value * 10) / 10).replace(/^(-?)0\./, '$1.');
const join = (values: readonly number[]) => values.map(short).join(' ').replaceAll(' -', '-');

/** A filled shape. */
export function fill(tone: Tone, d: string): Shape {
  return { tone, d };
}

/** Ink no wider than this is a plain line: at the size of a face nobody sees it taper. */
const thin = 1.25;

/**
 * A stroke of ink along cubic curves: no width at its ends, `width` between them.
 * @param width the widest place, in units of the drawing.
 * @param line start, then two control points and an end for each curve: eight numbers, or six more.
 * @param tone what the brush holds.
 * @throws Error when the numbers are no whole curves.
 */
export function stroke(width: number, line: readonly number[], tone: Tone = 'line'): Shape {
  if (line.length < 8 || (line.length - 2) % 6 !== 0) {
    throw new Error(`A stroke has 8, 14, 20 … numbers, not ${line.length}: ${line.join(' ')}`);
  }
  if (tone === 'line' && width <= thin) {
    return { tone: 'thin', d: `M${join(line.slice(0, 2))}C${join(line.slice(2))}` };
  }
  const points: Point[] = [];
  for (let at = 0; at < line.length; at += 2) points.push([line[at] ?? 0, line[at + 1] ?? 0]);
  const last = points.length - 1;
  const sides = [width / 2, -width / 2].map((reach) =>
    points.map((point, at) => {
      if (at === 0 || at === last) return point;
      const before = points[at - 1] ?? point;
      const after = points[at + 1] ?? point;
      const [dx, dy] = [after[0] - before[0], after[1] - before[1]];
      const length = Math.hypot(dx, dy) || 1;
      // A control point pulls the curve only three quarters of the way.
      const pull = at % 3 === 0 ? reach : (reach * 4) / 3;
      return [point[0] - (dy / length) * pull, point[1] + (dx / length) * pull] as const;
    }),
  );
  const [there = [], back = []] = sides;
  const round = [...there, ...back.toReversed().slice(1)];
  const [start = [0, 0]] = round;
  let d = `M${join(start)}`;
  let from: Point = [Math.round(start[0] * 10) / 10, Math.round(start[1] * 10) / 10];
  for (let at = 1; at < round.length; at += 3) {
    const curve = round.slice(at, at + 3);
    const origin = from;
    d += `c${join(curve.flatMap(([x, y]) => [x - origin[0], y - origin[1]]))}`;
    const end = curve.at(-1) ?? origin;
    from = [
      origin[0] + Math.round((end[0] - origin[0]) * 10) / 10,
      origin[1] + Math.round((end[1] - origin[1]) * 10) / 10,
    ];
  }
  return { tone, d: `${d}z` };
}

/**
 * A sleeve from one place to another: a tapering tube with an ink line on both sides.
 * @param tone of the cloth.
 * @param ends x, y and half the width, of both ends.
 * @param bulge how far the sides swell, in units of the drawing.
 */
export function sleeve(
  tone: Tone,
  ends: readonly [readonly [number, number, number], readonly [number, number, number]],
  bulge = 0,
): readonly Shape[] {
  const [[x1, y1, w1], [x2, y2, w2]] = ends;
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [nx, ny] = [-(y2 - y1) / length, (x2 - x1) / length];
  const side = (sign: number) => {
    const at = (share: number) => {
      const reach = sign * (w1 + (w2 - w1) * share + (share % 1 === 0 ? 0 : bulge));
      return [x1 + (x2 - x1) * share + nx * reach, y1 + (y2 - y1) * share + ny * reach];
    };
    return [...at(0), ...at(1 / 3), ...at(2 / 3), ...at(1)];
  };
  const [left, right] = [side(1), side(-1)];
  const turnedBack = [6, 4, 2, 0].flatMap((at) => right.slice(at, at + 2));
  const path = (values: readonly number[]) => values.map(short).join(' ').replaceAll(' -', '-');
  return [
    fill(
      tone,
      `M${path(left.slice(0, 2))}C${path(left.slice(2))}L${path(turnedBack.slice(0, 2))}C${path(turnedBack.slice(2))}z`,
    ),
    stroke(1.7, left),
    stroke(1.7, right),
  ];
}

/** Steps of the grid in a unit: whole numbers weigh half of what decimals do. */
const gridSteps = 3;

const onGridLine = (value: string) => Math.round(Number(value) * gridSteps);

/** The same picture in whole steps of a grid. */
export function onGrid(parts: readonly Part[]): readonly Part[] {
  return parts.map((part) => {
    if ('tone' in part) return { tone: part.tone, d: pathOnGrid(part.d) };
    const inner = onGrid(part.parts);
    if ('shared' in part) return { shared: part.shared, parts: inner };
    return { turn: transformOnGrid(part.turn), parts: inner };
  });
}

function pathOnGrid(path: string): string {
  return path.replaceAll(/([a-zA-Z])([^a-zA-Z]*)/g, (_, command: string, numbers: string) => {
    const values = numbers.match(/-?(?:\d+\.?\d*|\.\d+)/g) ?? [];
    return command + values.map(onGridLine).join(' ').replaceAll(' -', '-');
  });
}

/** Places are on the grid; angles and the first four numbers of a matrix are no places. */
function transformOnGrid(transform: string): string {
  const kept = { rotate: 1, translate: 0, matrix: 4 } as const;
  return transform.replaceAll(
    /(rotate|translate|matrix)\(([^)]*)\)/g,
    (_, name: keyof typeof kept, numbers: string) => {
      const values = numbers
        .trim()
        .split(/[ ,]+/)
        .map((value, at) => (at < kept[name] ? Number(value) : onGridLine(value)));
      return `${name}(${values.join(' ')})`;
    },
  );
}
