import { z } from 'zod';
import { memories } from './level.ts';
import { profileState } from './profile.ts';
import { spreadLengths } from './spread.ts';

/** Delays of the levels, in buckets; a window is compared with the first level not shorter. */
export const delays = [30, 90, 180, 360, 1440] as const;

const memoryNumbers = z.array(z.number()).length(memories.length);
export const seriesState = z.strictObject({
  now: z.number(),
  at: z.array(z.number()),
  n: z.array(z.number()),
  levels: z
    .array(
      z.strictObject({
        next: z.number(),
        voices: memoryNumbers,
        exposure: memoryNumbers,
        merit: memoryNumbers,
      }),
    )
    .length(delays.length),
  spread: z
    .array(z.strictObject({ weight: z.number(), sum: z.number(), measured: z.number() }))
    .length(spreadLengths.length),
  frozen: z.array(z.tuple([z.number(), z.number()])),
  failing: z.array(z.tuple([z.number(), z.number()])),
  profile: profileState.nullable(),
  lent: z.boolean(),
  hour: z.number(),
  dayVoices: z.number(),
});
export type SeriesState = z.infer<typeof seriesState>;
