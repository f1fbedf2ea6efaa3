import type { Catalog } from '@outcry/catalog';
import type { Classifier } from '@outcry/classification';
import { startClassifier } from '@outcry/classifier';
import { topics } from '@outcry/contracts';
import { contextOf, startCorrelator, startDetector } from '@outcry/detector';
import type { EventLog } from '@outcry/event-log';
import { startIndexer } from '@outcry/indexer';
import type { Logger, Metrics, Stage } from '@outcry/runtime';
import type { SearchIndex } from '@outcry/search-index';

export interface FlowOptions {
  log: EventLog;
  index: SearchIndex;
  catalog: Catalog;
  classifier(): Classifier;
  logger: Logger;
  metrics: Metrics;
  silenceMs: number;
}

/** From posts, reports and checks to what can be searched. Downstream starts first and stops last. */
export async function startFlow(options: FlowOptions): Promise<Stage[]> {
  const { log, index, catalog, classifier, logger, metrics, silenceMs } = options;
  const context = contextOf(catalog);
  const observe = (stage: string) => metrics.observer(stage);
  return [
    await startIndexer({ log, index, observer: observe('indexer') }),
    await startCorrelator({
      log,
      logger,
      context: context.correlator,
      observer: observe('correlator'),
    }),
    await startDetector({
      log,
      logger,
      context: context.detector,
      silenceMs,
      observer: observe('detector'),
    }),
    await startClassifier({ log, classifier, observer: observe('classifier') }),
  ];
}

/** Which group reads what, in the order of the flow. */
const readers: readonly { group: string; topics: readonly string[] }[] = [
  { group: 'classifier', topics: [topics.posts, topics.reports, topics.checks] },
  { group: 'detector', topics: [topics.signals] },
  { group: 'correlator', topics: [topics.rises] },
  { group: 'indexer', topics: [topics.signals, topics.outages] },
];

/** Records that each stage has yet to take. All zero means that everything appended came through. */
export async function backlog(log: EventLog): Promise<Record<string, number>> {
  const result: Record<string, number> = {};
  for (const reader of readers) {
    let left = 0;
    for (const topic of reader.topics) {
      const positions = await log.positions(reader.group, topic);
      for (const { partition, begin, end } of await log.extents(topic)) {
        left += Math.max(0, end - Math.max(begin, positions.get(partition) ?? begin));
      }
    }
    result[reader.group] = left;
  }
  return result;
}
