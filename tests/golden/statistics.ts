/** Tests of distributions. A p-value is the chance of a difference at least as large by luck alone. */

/** The upper tail of the chi-square distribution: P(X ≥ x) with `degrees` degrees of freedom. */
export function chiSquareTail(x: number, degrees: number): number {
  return x <= 0 ? 1 : 1 - regularizedGamma(degrees / 2, x / 2);
}

/** Pearson's test that counts came from these shares (which add up to 1). */
export function fitsShares(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let statistic = 0;
  let categories = 0;
  counts.forEach((count, i) => {
    const expected = total * (shares[i] ?? 0);
    if (expected === 0) {
      if (count > 0) statistic = Number.POSITIVE_INFINITY;
      return;
    }
    categories++;
    statistic += (count - expected) ** 2 / expected;
  });
  return chiSquareTail(statistic, categories - 1);
}

export function isUniform(counts: readonly number[]): number {
  return fitsShares(
    counts,
    counts.map(() => 1 / counts.length),
  );
}

/**
 * The chi-square test that two samples come from one distribution. Categories met fewer than ten times
 * in all are taken together.
 */
export function sameDistribution(
  first: readonly (number | string)[],
  second: readonly (number | string)[],
): number {
  const counts = new Map<number | string, [number, number]>();
  [first, second].forEach((sample, which) => {
    for (const value of sample) {
      const pair = counts.get(value) ?? [0, 0];
      if (which === 0) pair[0]++;
      else pair[1]++;
      counts.set(value, pair);
    }
  });
  const pairs: [number, number][] = [];
  const rest: [number, number] = [0, 0];
  for (const [a, b] of counts.values()) {
    if (a + b >= 10) pairs.push([a, b]);
    else {
      rest[0] += a;
      rest[1] += b;
    }
  }
  if (rest[0] + rest[1] > 0) pairs.push(rest);
  if (pairs.length < 2) return 1;
  const [m, n] = [first.length, second.length];
  const statistic = pairs.reduce(
    (sum, [a, b]) => sum + (a * Math.sqrt(n / m) - b * Math.sqrt(m / n)) ** 2 / (a + b),
    0,
  );
  return chiSquareTail(statistic, pairs.length - 1);
}

/** Kolmogorov and Smirnov's test that numbers in [0, 1) are even; asymptotic, for 100 or more. */
export function isEvenlySpread(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  const distance = sorted.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - i / n), Math.abs((i + 1) / n - value)),
    0,
  );
  const scaled = (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * distance;
  let sum = 0;
  for (let k = 1; k <= 100; k++) sum += (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * (k * scaled) ** 2);
  return Math.min(1, Math.max(0, 2 * sum));
}

/** The exact two-sided binomial test: outcomes no likelier than the observed one. */
export function isBinomial(successes: number, trials: number, chance: number): number {
  const logOf = (k: number): number =>
    logFactorial(trials) -
    logFactorial(k) -
    logFactorial(trials - k) +
    k * Math.log(chance) +
    (trials - k) * Math.log(1 - chance);
  const observed = logOf(successes);
  let sum = 0;
  for (let k = 0; k <= trials; k++) if (logOf(k) <= observed + 1e-9) sum += Math.exp(logOf(k));
  return Math.min(1, sum);
}

function logFactorial(n: number): number {
  return logGamma(n + 1);
}

/** Lanczos' approximation (g = 7, nine terms). */
function logGamma(x: number): number {
  const terms = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
    -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
    1.5056327351493116e-7,
  ];
  const t = x + 6.5;
  const series = terms.reduce((sum, term, i) => sum + (i === 0 ? term : term / (x - 1 + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series);
}

/** The regularized lower incomplete gamma function, by series or continued fraction. */
function regularizedGamma(a: number, x: number): number {
  if (!Number.isFinite(x)) return 1;
  const scale = Math.exp(-x + a * Math.log(x) - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < 1000 && term > sum * 1e-15; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return sum * scale;
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let i = 1; i < 1000; i++) {
    const factor = -i * (i - a);
    b += 2;
    d = 1 / (factor * d + b);
    c = b + factor / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return 1 - scale * fraction;
}
