import type { WorldPlan } from './world-run.ts';

/** Worlds whose detector has seen no more than six hours when the first outage may come. */
export const young = 'young';

/**
 * The worlds that are measured. Small services are many and large ones few, as in life; a large one
 * brings as many signals in a week as a hundred small ones in a year, which bounds their number. The
 * first week is for learning: nothing is injected, and what opens then is counted apart.
 */
export function plans(mode: 'full' | 'quick', seed: string): WorldPlan[] {
  const make = (
    name: string,
    count: number,
    targets: number,
    weeks: number,
    from: number,
    to: number,
    quietDays = 7,
  ): WorldPlan[] =>
    Array.from({ length: count }, (_, index) => ({
      name: `${name} ${index + 1}`,
      options: {
        seed: `${seed}/${name}/${index + 1}`,
        days: 7 * weeks,
        quietDays,
        targets,
        rates: { from, to },
        outagesPerWeek: 1.6,
        confoundersPerWeek: 3,
        leak: 0.02,
        mostPerMinute: 600,
        heartbeatSeconds: 30,
      },
    }));
  if (mode === 'quick') {
    return [
      ...make(young, 1, 10, 1, 0.05, 5, 0.25),
      ...make('middle', 1, 6, 3, 1, 14),
      ...make('small', 2, 10, 3, 0.05, 1),
    ];
  }
  // The largest first: what takes longest must not be left for the end.
  return [
    ...make('huge', 1, 1, 2, 100, 300),
    ...make('large', 1, 2, 3, 20, 80),
    ...make('middle', 2, 6, 6, 1, 14),
    ...make(young, 2, 15, 1, 0.05, 5, 0.25),
    ...make('small', 8, 12, 11, 0.05, 1),
  ];
}
