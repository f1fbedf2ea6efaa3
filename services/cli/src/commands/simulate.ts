import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { simulate } from '@outcry/testkit';
import { Command, InvalidArgumentError } from 'commander';
import { createWriter } from '../pipe.ts';

interface Options {
  seed: number;
  days: number;
  targets: number;
  truth?: string;
  posts?: boolean;
  start: string;
  minRate: number;
  maxRate: number;
}

export function simulateCommand(): Command {
  return new Command('simulate')
    .description('invent a stream with outages in it, and tell the truth about them (NDJSON)')
    .option('--seed <number>', 'the same seed gives the same stream', whole, 1)
    .option('--days <number>', 'how long', positive, 7)
    .option('--targets <number>', 'how many targets', whole, 10)
    .option(
      '--min-rate <number>',
      'complaints a minute of the quietest target on a calm day',
      positive,
      0.05,
    )
    .option('--max-rate <number>', 'and of the busiest', positive, 500)
    .option('--start <date>', 'first moment of the stream', '2025-03-03T00:00:00.000Z')
    .option('--truth <file>', 'write what was injected here')
    .option('--posts', 'posts with text instead of signals')
    .action(async (options: Options) => {
      const { records, truth } = simulate({
        seed: options.seed,
        days: options.days,
        targets: options.targets,
        start: options.start,
        rates: { from: Math.min(options.minRate, options.maxRate), to: options.maxRate },
        ...(options.posts === true ? { posts: true } : {}),
      });
      const out = createWriter();
      await out.write(records);
      await out.flush();
      if (options.truth === undefined) return;
      const file = createWriteStream(options.truth);
      const lines = createWriter(file);
      await lines.write(truth);
      await lines.flush();
      file.end();
      await finished(file);
    });
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('wants a whole number');
  return value;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('wants a number above 0');
  return value;
}
