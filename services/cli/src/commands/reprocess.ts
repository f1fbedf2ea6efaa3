import { createMatcher, loadCatalog } from '@outcry/catalog';
import { createClassifier, loadModel, modelFileInForce } from '@outcry/classification';
import { contextOf } from '@outcry/detector';
import type { ReprocessReport } from '@outcry/reprocess';
import { differs, reprocess, reprocessSettings } from '@outcry/reprocess';
import { createLogger, openIndex, openLog, readSettings } from '@outcry/runtime';
import { Command } from 'commander';
import { createProgress } from '../progress.ts';
import { UsageError } from '../usage-error.ts';

interface Options {
  from?: string;
  to?: string;
  generation?: string;
  promote?: boolean;
  json?: boolean;
}

/** Exit code when the outages of today's code are not those that were told. */
const somethingDiffers = 2;

export function reprocessCommand(): Command {
  return new Command('reprocess')
    .description(
      'rebuild outages from the log with the code of today, and compare them with what was said',
    )
    .option('--from <instant>', 'outages that opened at or after this; without it all')
    .option('--to <instant>', 'and before this; without it until now')
    .option('--generation <name>', 'name of the index generation that is built')
    .option('--promote', 'let searches read the new generation afterwards')
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      '\nExit code 2 when something differs. Log and index are those of the environment, as for the services.',
    )
    .action(async (options: Options) => {
      const from = time(options.from, 0);
      const to = time(options.to, Date.now());
      if (from >= to) throw new UsageError('--from must be before --to');
      const config = readSettings(reprocessSettings, process.env);
      const logger = createLogger({ service: 'reprocess', level: 'warn', format: 'auto' });
      const catalog = loadCatalog(config.OUTCRY_CATALOG);
      const log = await openLog(config, 'reprocess', logger);
      const index = await openIndex(config, logger);
      const progress = createProgress('reprocessing');
      const interrupt = new AbortController();
      process.once('SIGINT', () =>
        interrupt.abort(new Error('interrupted; nothing was put in use')),
      );
      try {
        const report = await reprocess({
          log,
          index,
          classifier: createClassifier({
            matcher: createMatcher(catalog),
            model: loadModel(modelFileInForce(config.OUTCRY_MODEL)),
          }),
          context: contextOf(catalog),
          from,
          to,
          generation: options.generation ?? `r${new Date().toISOString().replaceAll(/\D/g, '')}`,
          promote: options.promote === true,
          signal: interrupt.signal,
          onProgress: ({ records, total, outages }) =>
            progress.update(records, total, `${records} records, ${outages} outages`),
        });
        progress.stop();
        if (options.json === true) console.log(JSON.stringify(report));
        else console.log(describe(report));
        if (differs(report.difference)) process.exitCode = somethingDiffers;
      } finally {
        progress.stop();
        await index.close();
        await log.close();
      }
    });
}

function time(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Date.parse(text);
  if (Number.isNaN(value)) throw new UsageError(`${text} is no time; 2025-04-16T00:00:00Z is`);
  return value;
}

const mostListed = 10;

function describe(report: ReprocessReport): string {
  const { same, changed, missing, added } = report.difference;
  const lines = [
    `${report.records} records read, ${report.unreadable} of them unreadable: ${report.outages} outages in ${report.events} events.`,
    `Compared with what was said then: ${same} events are equal, ${changed.length} changed, ${missing.length} are missing now, ${added.length} are new.`,
  ];
  for (const [word, ids] of [
    ['changed', changed],
    ['missing', missing],
    ['new', added],
  ] as const) {
    for (const id of ids.slice(0, mostListed)) lines.push(`  ${word}: ${id}`);
    if (ids.length > mostListed) lines.push(`  … and ${ids.length - mostListed} more ${word}`);
  }
  lines.push(
    report.promoted
      ? `Searches now read generation ${report.generation}.`
      : `Generation ${report.generation} stands beside the one in use; --promote puts one in use.`,
  );
  return lines.join('\n');
}
