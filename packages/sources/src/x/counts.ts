import { z } from 'zod';
import { wait } from '../wait.ts';
import type { XReader } from './source.ts';
import { idAt } from './tweet.ts';

/** How far back the usual number is taken from. */
const historyMs = 60 * 60_000;
/** A rise is this many times the usual number in the newest minutes, and at least so many posts. */
const riseFactor = 4;
const leastPosts = 10;
const newestMinutes = 5;

const countsPage = z.object({
  data: z.array(z.object({ start: z.string(), end: z.string(), tweet_count: z.number() })),
});

/**
 * Watches the number of posts by minute for each target, which is cheap, and reads the posts
 * themselves only while a number is far above its own last hour. What it reads goes the usual way;
 * the numbers only decide what is worth its price.
 */
export async function watchCounts(reader: XReader, signal: AbortSignal): Promise<void> {
  const { rules, context, options, api } = reader;
  const everyMs = options.countsEveryMs ?? 300_000;
  const lastRead = new Map<string, number>();
  while (!signal.aborted) {
    const roundBegan = context.now();
    for (const { value: query, tag } of rules) {
      if (signal.aborted) return;
      const began = context.now();
      const answer = await api.counts(query, new Date(began - historyMs), signal);
      if (!answer.ok) {
        await reader.refused(answer, signal);
        continue;
      }
      reader.ladders.reset();
      reader.channels.up('x', context.now());
      const page = countsPage.safeParse(answer.value);
      if (!page.success) {
        context.count('malformed');
        continue;
      }
      if (!isRise(page.data.data.map((minute) => minute.tweet_count))) {
        lastRead.delete(tag);
        continue;
      }
      context.count('rise');
      const previous = lastRead.get(tag) ?? null;
      const since = previous ?? began - newestMinutes * 60_000;
      const found = await reader.searchSince(query, idAt(since), since, signal);
      if (found !== null) lastRead.set(tag, began);
    }
    const left = everyMs - (context.now() - roundBegan);
    await wait(left * (0.9 + 0.2 * Math.random()), signal);
  }
}

/** @param perMinute oldest first */
export function isRise(perMinute: readonly number[]): boolean {
  const newest = perMinute.slice(-newestMinutes);
  const before = perMinute.slice(0, -newestMinutes).toSorted((a, b) => a - b);
  if (before.length === 0) return false;
  const usual = before[Math.floor(before.length / 2)]! * newest.length;
  const now = newest.reduce((sum, count) => sum + count, 0);
  return now >= leastPosts && now >= riseFactor * usual;
}
