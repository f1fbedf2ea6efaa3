import type { Post } from '@outcry/contracts';
import { demoDay } from '@outcry/testkit';

/** How many posts share a second of event time: a flood, so that the stages' own cost shows. */
const perSecond = 2_000;
const from = Date.UTC(2025, 3, 16, 12);

/** Posts with the texts of the demonstration's day, each with an id, a voice and a time of its own. */
export function makePosts(count: number): Post[] {
  const texts = demoDay({ scale: 0.2 })
    .records.map(({ record }) => record)
    .filter((record) => record.kind === 'post');
  return Array.from({ length: count }, (_, n) => {
    const model = texts[n % texts.length]!;
    const at = new Date(from + Math.floor((n * 1_000) / perSecond)).toISOString();
    return {
      ...model,
      id: `bench:${n}`,
      source: 'bench',
      voice: `voice-${n}`,
      occurredAt: at,
      observedAt: at,
    };
  });
}
