/**
 * A seeded source of randomness: the same seed gives the same draws on every machine.
 *
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand), seeded by FNV-1a over the seed's text.
 */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  uniform(from: number, to: number): number;
  /** A number spread evenly in its logarithm, `0 < from <= to`. */
  logUniform(from: number, to: number): number;
  /** A whole number, both ends included. */
  integer(from: number, to: number): number;
  chance(probability: number): boolean;
  normal(mean?: number, deviation?: number): number;
  /** exp(normal): `median` and the deviation of the logarithm. */
  logNormal(median: number, deviation: number): number;
  exponential(mean: number): number;
  /** Mean is `shape * scale`. */
  gamma(shape: number, scale: number): number;
  poisson(mean: number): number;
  /** Variance is `mean + mean² / size`; an infinite size gives Poisson. */
  negativeBinomial(mean: number, size: number): number;
  choice<T>(items: readonly T[]): T;
  /** One item with probability in proportion to its weight. */
  weighted<T>(items: readonly (readonly [T, number])[]): T;
  /** An index with probability in proportion to its weight; `total` is the sum of the weights. */
  weightedIndex(weights: ArrayLike<number>, total: number): number;
  shuffle<T>(items: T[]): T[];
  /** A generator of its own that depends on this seed and the label, not on what was drawn so far. */
  fork(label: string): Random;
  /** `length` characters of lower-case hexadecimal. */
  hex(length: number): string;
}

export function createRandom(seed: string | number): Random {
  const text = String(seed);
  const next = sfc32(hash(text, 0), hash(text, 1), hash(text, 2), hash(text, 3));
  let spare: number | undefined;

  const normal = (mean = 0, deviation = 1): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return mean + deviation * value;
    }
    // Marsaglia's polar method gives two values at once.
    for (;;) {
      const u = 2 * next() - 1;
      const v = 2 * next() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      spare = v * factor;
      return mean + deviation * u * factor;
    }
  };

  // Marsaglia & Tsang 2000; shapes below 1 are boosted.
  const gamma = (shape: number, scale: number): number => {
    if (shape < 1) return gamma(shape + 1, scale) * (1 - next()) ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + c * x) ** 3;
      if (v <= 0) continue;
      const u = 1 - next();
      if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v * scale;
    }
  };

  const poisson = (mean: number): number => {
    if (mean <= 0) return 0;
    let total = 0;
    let rest = mean;
    // A large mean is split by a gamma draw (Ahrens & Dieter 1974), which keeps the law exact.
    while (rest > 16) {
      const m = Math.floor(rest * 0.875);
      const x = gamma(m, 1);
      if (x >= rest) {
        for (let i = 1; i < m; i++) if (next() < rest / x) total++;
        return total;
      }
      total += m;
      rest -= x;
    }
    const floor = Math.exp(-rest);
    for (let product = next(); product > floor; product *= next()) total++;
    return total;
  };

  const random: Random = {
    next,
    uniform: (from, to) => from + (to - from) * next(),
    logUniform: (from, to) => Math.exp(random.uniform(Math.log(from), Math.log(to))),
    integer: (from, to) => from + Math.floor((to - from + 1) * next()),
    chance: (probability) => next() < probability,
    normal,
    logNormal: (median, deviation) => median * Math.exp(normal(0, deviation)),
    exponential: (mean) => -mean * Math.log(1 - next()),
    gamma,
    poisson,
    negativeBinomial: (mean, size) =>
      mean <= 0 ? 0 : poisson(Number.isFinite(size) ? gamma(size, mean / size) : mean),
    choice: (items) => {
      if (items.length === 0) throw new RangeError('nothing to choose from');
      return items[Math.floor(next() * items.length)]!;
    },
    weighted: (items) => {
      const total = items.reduce((sum, [, weight]) => sum + weight, 0);
      let left = next() * total;
      for (const [item, weight] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      const last = items.at(-1);
      if (last === undefined) throw new RangeError('nothing to choose from');
      return last[0];
    },
    weightedIndex: (weights, total) => {
      let left = next() * total;
      const last = weights.length - 1;
      for (let i = 0; i < last; i++) {
        left -= weights[i]!;
        if (left < 0) return i;
      }
      return last;
    },
    shuffle: (items) => {
      for (let i = items.length - 1; i > 0; i--) {
        const j = Math.floor(next() * (i + 1));
        [items[i], items[j]] = [items[j]!, items[i]!];
      }
      return items;
    },
    fork: (label) => createRandom(`${text}/${label}`),
    hex: (length) => {
      let out = '';
      while (out.length < length) {
        out += Math.floor(next() * 0x100000000)
          .toString(16)
          .padStart(8, '0');
      }
      return out.slice(0, length);
    },
  };
  return random;
}

/** FNV-1a, with the index mixed in so that one text yields several words of seed. */
function hash(text: string, index: number): number {
  let h = (0x811c9dc5 ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return h;
}

function sfc32(a: number, b: number, c: number, d: number): () => number {
  const step = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 0x100000000;
  };
  for (let i = 0; i < 15; i++) step();
  return step;
}
