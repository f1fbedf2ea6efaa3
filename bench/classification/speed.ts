import type { Matcher } from '@outcry/catalog';
import type { Classifier } from '@outcry/classification';
import type { RealPost } from './data.ts';

export interface Cost {
  classifyMicros: number;
  parseMicros: number;
  bayesMicros: number | null;
  matchMicros: (matcher: Matcher) => number;
}

/** Microseconds of processor time a post, the median of several rounds, all in this run. */
export function measureCost(
  classifier: Classifier,
  posts: readonly RealPost[],
  bayes: ((text: string) => number) | null,
): Cost {
  const lines = posts.map((post) => JSON.stringify(post));
  const few = posts.slice(0, 40);
  return {
    classifyMicros: median(posts.length * 10, () => {
      for (let k = 0; k < 10; k++) for (const { text } of posts) classifier.classify({ text });
    }),
    parseMicros: median(lines.length * 10, () => {
      for (let k = 0; k < 10; k++) for (const line of lines) JSON.parse(line);
    }),
    bayesMicros:
      bayes === null
        ? null
        : median(
            few.length,
            () => {
              for (const { text } of few) bayes(text);
            },
            3,
          ),
    matchMicros: (matcher) =>
      median(posts.length * 10, () => {
        for (let k = 0; k < 10; k++) for (const { text } of posts) matcher.match(text);
      }),
  };
}

function median(count: number, run: () => void, rounds = 9): number {
  run();
  const times = Array.from({ length: rounds }, () => {
    const from = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(from);
    return (user + system) / count;
  });
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)]!;
}
