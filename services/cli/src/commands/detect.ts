import { loadCatalog } from '@outcry/catalog';
import { createStreamDetector, detectInput } from '@outcry/detection';
import { contextOf } from '@outcry/detector';
import { Command } from 'commander';
import { z } from 'zod';
import { runPipe } from '../pipe.ts';

/** ISO 8601 of any kind, or epoch milliseconds, as the one form that the contracts know. */
function toInstant(value: unknown): unknown {
  const time =
    typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) || Math.abs(time) > 8.64e15 ? value : new Date(time).toISOString();
}

/** Other people's signals: times in any common form, countries as codes or as `classify` writes them. */
const lenient = z.preprocess((value) => {
  if (typeof value !== 'object' || value === null) return value;
  const record: Record<string, unknown> = { ...value };
  for (const field of ['occurredAt', 'observedAt', 'through', 'since']) {
    if (field in record) record[field] = toInstant(record[field]);
  }
  if (Array.isArray(record.countries)) {
    record.countries = record.countries.map((country) => country?.code ?? country);
  }
  return record;
}, detectInput);

export function detectCommand(): Command {
  return new Command('detect')
    .description('find outages: signals and heartbeats in, outage events out (NDJSON)')
    .option(
      '--catalog <file>',
      'catalogue whose dependencies link echoes',
      process.env.OUTCRY_CATALOG,
    )
    .addHelpText(
      'after',
      `
In:  {"target":"spotify","voice":"a1","occurredAt":"2025-04-16T12:20:05.000Z"} is enough; all other
     fields of a signal are optional. Heartbeats ({"kind":"heartbeat",…}) move the watermark; without
     any, the times of the stream itself do. Any order within ten seconds.
Out: {"type":"outage.opened","outageId","sequence","target","decidedAt","startedAt","state",
      "severity","confidence","countries","types","reason",…}`,
    )
    .action(async (options: { catalog?: string }) => {
      const { correlator } = contextOf(loadCatalog(options.catalog));
      const detector = createStreamDetector(undefined, correlator);
      await runPipe({
        command: 'detect',
        schema: lenient,
        each: (record) => detector.take(record),
        end: () => detector.finish(),
      });
    });
}
