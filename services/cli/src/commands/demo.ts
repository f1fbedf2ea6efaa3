import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { createMatcher, loadCatalog } from '@outcry/catalog';
import { createClassifier, loadModel } from '@outcry/classification';
import type { OutageEvent } from '@outcry/contracts';
import { encode } from '@outcry/contracts';
import type { EventLog, NewRecord } from '@outcry/event-log';
import { createLogger, createMetrics, openIndex, openLog, readSettings } from '@outcry/runtime';
import { backlog, standaloneSettings, startFlow } from '@outcry/standalone';
import type { DemoRecord } from '@outcry/testkit';
import { demoDay } from '@outcry/testkit';
import { Command } from 'commander';
import { tellStory } from '../demo-story.ts';
import { createProgress } from '../progress.ts';

interface Options {
  dataDir: string;
  json?: boolean;
}

/** Records in one append. */
const batchSize = 1_000;
/** The feed waits while the stages are further behind than this. */
const mostBehind = 20_000;
/** At the speed of a replay, a heartbeat that is a moment away may come an hour of the day later. */
const neverSilentMs = 24 * 3_600_000;

export function demoCommand(): Command {
  return new Command('demo')
    .description(
      'replay a simulated outage day through the pipeline, in about a minute, without network',
    )
    .option(
      '--data-dir <folder>',
      'where it is kept, to be looked at afterwards; made anew',
      '.outcry/demo',
    )
    .option('--json', 'the outages as JSON')
    .action(async (options: Options) => {
      await rm(options.dataDir, { recursive: true, force: true });
      // The demonstration needs nothing and touches nothing, whatever the environment names.
      const config = readSettings(standaloneSettings, { OUTCRY_DATA_DIR: options.dataDir });
      const logger = createLogger({ service: 'demo', level: 'error', format: 'auto' });
      const catalog = loadCatalog();
      const classifier = createClassifier({ matcher: createMatcher(catalog), model: loadModel() });
      const log = await openLog(config, 'demo', logger);
      const index = await openIndex(config, logger);
      const day = demoDay();
      console.error(`${day.label}\n`);

      const progress = createProgress('replaying');
      const stages = await startFlow({
        log,
        index,
        catalog,
        classifier: () => classifier,
        logger,
        metrics: createMetrics(logger),
        silenceMs: neverSilentMs,
      });
      const failed = Promise.race(stages.map(({ done }) => done));
      const began = performance.now();
      await Promise.race([feed(log, day.records, progress.update), failed]);
      const seconds = (performance.now() - began) / 1_000;
      progress.stop();
      for (const stage of stages.toReversed()) await stage.stop();

      await index.refresh();
      const { items } = await index.outages({ limit: 100 });
      const histories = await Promise.all(items.map(({ outageId }) => index.history(outageId)));
      histories.sort((a, b) => (a[0]?.decidedAt ?? '').localeCompare(b[0]?.decidedAt ?? ''));
      const posts = await index.count('signals');
      await index.close();
      await log.close();
      if (options.json === true)
        console.log(
          JSON.stringify({
            simulated: true,
            records: day.records.length,
            outages: histories.flat(),
          }),
        );
      else {
        console.log(
          `${day.records.length} records of the day in ${seconds.toFixed(0)} seconds; ${posts} classified posts and reports can be searched.\n`,
        );
        console.log(`${tellStory(histories, catalog)}\n`);
        console.log(whereToLook(options.dataDir, histories));
      }
    });
}

/** Appends the day as fast as the stages follow, then waits until all of it came through. */
async function feed(
  log: EventLog,
  records: readonly DemoRecord[],
  onProgress: (done: number, total: number, note: string) => void,
): Promise<void> {
  const partitions = new Map<string, number>();
  for (const { topic } of records) {
    if (!partitions.has(topic)) partitions.set(topic, await log.partitions(topic));
  }
  for (let start = 0; start < records.length; start += batchSize) {
    const batch = records.slice(start, start + batchSize);
    await log.append(
      batch.flatMap((record) => toLogRecords(record, partitions.get(record.topic) ?? 1)),
    );
    const at = batch.at(-1)?.at ?? 0;
    onProgress(
      start + batch.length,
      records.length,
      `${new Date(at).toISOString().slice(11, 16)} UTC`,
    );
    while (total(await backlog(log)) > mostBehind) await wait(50);
  }
  while (total(await backlog(log)) > 0) await wait(50);
}

function toLogRecords({ topic, key, record }: DemoRecord, partitions: number): NewRecord[] {
  const value = encode(record);
  if (key !== null) return [{ topic, key, value }];
  return Array.from({ length: partitions }, (_, partition) => ({ topic, key, value, partition }));
}

function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function whereToLook(dataDir: string, histories: readonly OutageEvent[][]): string {
  const at = histories.flat().find(({ state }) => state === 'confirmed')?.decidedAt;
  const moment =
    at === undefined ? '' : `?at=${new Date(Date.parse(at) + 20 * 60_000).toISOString()}`;
  return [
    'Look at it yourself:',
    `  npm start -- --data-dir ${dataDir} --no-live`,
    `  http://127.0.0.1:8080/${moment}                       the page, as it was then`,
    '  http://127.0.0.1:8080/v1/signals?target=spotify&q=login       search in what people wrote',
  ].join('\n');
}
