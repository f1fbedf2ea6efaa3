import type { WorldPlan } from './world-run.ts';

/**
 * Sizes of services by their normal complaints a minute. Together they cover 0.05 to 500.
 *
 * A large service brings as many signals in a week as a hundred small ones in a year, which bounds
 * how many can be simulated; so the summary weights the sizes to what services spread evenly in the
 * logarithm of their rate would give.
 */
export const sizes = {
  small: { from: 0.05, to: 1 },
  middle: { from: 1, to: 14 },
  large: { from: 14, to: 100 },
  huge: { from: 100, to: 500 },
} as const;
export type Size = keyof typeof sizes;

/** Worlds whose detector has seen no more than six hours when the first outage may come. */
export const young = 'young';

export function sizeOf(world: string): Size | undefined {
  const name = world.split(' ')[0]!;
  return name in sizes ? (name as Size) : undefined;
}

/**
 * The worlds that are measured. The first week is for learning: nothing is injected, and what opens
 * then is counted apart. Large services live shorter and fail more often, to be seen failing.
 */
export function plans(mode: 'full' | 'quick' | 'sample', seed: string): WorldPlan[] {
  const make = (
    count: number,
    name: Size | typeof young,
    targets: number,
    weeks: number,
    outagesPerWeek: number,
  ): WorldPlan[] =>
    Array.from({ length: count }, (_, index) => ({
      name: `${name} ${index + 1}`,
      options: {
        seed: `${seed}/${name}/${index + 1}`,
        days: 7 * weeks,
        quietDays: name === young ? 0.25 : 7,
        targets,
        rates: name === young ? { from: 0.05, to: 5 } : sizes[name],
        outagesPerWeek,
        confoundersPerWeek: 3,
        leak: 0.02,
        mostPerMinute: 600,
        heartbeatSeconds: 30,
        mostTalk: 30,
      },
    }));
  if (mode === 'quick') {
    return [
      ...make(1, young, 10, 1, 1.6),
      ...make(1, 'middle', 6, 3, 1.6),
      ...make(2, 'small', 10, 3, 1.6),
    ];
  }
  if (mode === 'sample') {
    return [
      ...make(1, 'huge', 1, 1.4, 12),
      ...make(1, 'large', 3, 2, 8),
      ...make(1, 'middle', 7, 3, 4),
      ...make(1, young, 10, 1, 1.6),
      ...make(2, 'small', 14, 6, 2.5),
    ];
  }
  // The largest first: what takes longest must not be left for the end.
  return [
    ...make(2, 'huge', 1, 2, 8),
    ...make(2, 'large', 4, 2, 6),
    ...make(2, 'middle', 6, 6, 1.6),
    ...make(2, young, 15, 1, 1.6),
    ...make(8, 'small', 12, 11, 1.6),
  ];
}
