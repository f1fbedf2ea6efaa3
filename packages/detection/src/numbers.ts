/** Numerical helpers of the scan. Pure, and the same on every machine that runs the same engine. */

const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680];

/** Natural logarithm of the gamma function for `x` > 0 (recurrence up to 8, then Stirling's series). */
export function lnGamma(x: number): number {
  let shift = 0;
  let z = x;
  if (z < 8) {
    let product = 1;
    while (z < 8) {
      product *= z;
      z += 1;
    }
    shift = Math.log(product);
  }
  const inverse = 1 / z;
  const square = inverse * inverse;
  const series =
    inverse *
    (stirling[0]! + square * (stirling[1]! + square * (stirling[2]! + square * stirling[3]!)));
  return (z - 0.5) * Math.log(z) - z + 0.9189385332046728 + series - shift;
}

/**
 * Continued fraction of the incomplete beta function (Lentz). Converges quickly for
 * `x` < (a + 1) / (a + b + 2), which is the upper tail.
 */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  if (Math.abs(d) < tiny) d = tiny;
  d = 1 / d;
  let h = d;
  for (let m = 1; m <= 300; m += 1) {
    const m2 = 2 * m;
    let aa = (m * (b - m) * x) / ((a + m2 - 1) * (a + m2));
    d = 1 + aa * d;
    if (Math.abs(d) < tiny) d = tiny;
    c = 1 + aa / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    h *= d * c;
    aa = (-(a + m) * (a + b + m) * x) / ((a + m2) * (a + m2 + 1));
    d = 1 + aa * d;
    if (Math.abs(d) < tiny) d = tiny;
    c = 1 + aa / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const delta = d * c;
    h *= delta;
    if (Math.abs(delta - 1) < 1e-10) break;
  }
  return h;
}

/**
 * Chernoff's bound on the upper tail of a negative binomial count: the probability of `n` or more is
 * at most exp(-bound). Zero where `n` does not exceed the mean. Cheap, so it screens what deserves
 * the exact tail.
 *
 * @param n count, may be fractional
 * @param mean expected count
 * @param dispersion φ: variance = mean + φ · mean²
 */
export function tailBound(n: number, mean: number, dispersion: number): number {
  if (n <= mean) return 0;
  const shape = 1 / dispersion;
  return n * Math.log(n / mean) - (n + shape) * Math.log((n + shape) / (mean + shape));
}

/**
 * `-ln P(N >= n)` for a negative binomial count, exact and continuous in `n` (the regularised
 * incomplete beta function), so that weighted voices can be tested too. Zero where `n` does not
 * exceed the mean.
 */
export function tailEvidence(n: number, mean: number, dispersion: number): number {
  if (n <= mean) return 0;
  const shape = 1 / dispersion;
  const x = mean / (mean + shape);
  const lnFront =
    n * Math.log(x) +
    shape * Math.log(shape / (mean + shape)) -
    Math.log(n) -
    (lnGamma(n) + lnGamma(shape) - lnGamma(n + shape));
  return Math.max(0, -(lnFront + Math.log(betaFraction(x, n, shape))));
}

/** `ln P(N = n)` for a negative binomial count. */
export function countLogProbability(n: number, mean: number, dispersion: number): number {
  const shape = 1 / dispersion;
  const none = shape * Math.log(shape / (mean + shape));
  // Silence is what a sparse series mostly holds, and needs no gamma function.
  if (n === 0) return none;
  return (
    lnGamma(n + shape) -
    lnGamma(shape) -
    lnGamma(n + 1) +
    none +
    n * Math.log(mean / (mean + shape))
  );
}

/** A 32-bit hash of a text (FNV-1a with a final mix), for sketches and sets, not for secrets. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return hash >>> 0;
}

/** Three decimals: enough to read, and short in the log. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
