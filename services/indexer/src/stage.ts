import type { SignalsRecord } from '@outcry/contracts';
import { outageEvent, signalsRecord, topics } from '@outcry/contracts';
import type { EventLog, LogRecord } from '@outcry/event-log';
import type { StageObserver, StepResult } from '@outcry/pipeline';
import { chain, createDecodeStep, createSink, drop, ok } from '@outcry/pipeline';
import type { Stage } from '@outcry/runtime';
import type { Operation, SearchIndex } from '@outcry/search-index';

export interface IndexerStageOptions {
  log: EventLog;
  index: SearchIndex;
  observer: StageObserver;
}

const steps: Record<string, (record: LogRecord) => StepResult<Operation[]>> = {
  [topics.signals]: chain(createDecodeStep(signalsRecord), operationsOfSignal),
  [topics.outages]: chain(createDecodeStep(outageEvent), (event) =>
    ok([
      { op: 'create', collection: 'outage-events', document: event },
      { op: 'upsert', collection: 'outages', document: event },
    ]),
  ),
};

function operationsOfSignal(record: SignalsRecord): StepResult<Operation[]> {
  switch (record.kind) {
    case 'signal':
      return ok([{ op: 'create', collection: 'signals', document: record }]);
    case 'deletion':
      if (record.postId !== undefined) {
        return ok([{ op: 'delete', collection: 'signals', postId: record.postId }]);
      }
      if (record.voice !== undefined) {
        return ok([{ op: 'delete', collection: 'signals', voice: record.voice }]);
      }
      return drop('deletes-nothing');
    default:
      return drop('not-indexed');
  }
}

/** signals.v1, outages.v1 → the search index */
export async function startIndexer({ log, index, observer }: IndexerStageOptions): Promise<Stage> {
  const consumer = await log.consume({
    group: 'indexer',
    topics: Object.keys(steps),
    open: ({ topic }) =>
      createSink({
        stage: 'indexer',
        observer,
        step: steps[topic] ?? (() => drop('unknown-topic')),
        write: (operations) => index.bulk(operations),
      }),
  });
  return { name: 'indexer', done: consumer.done, stop: () => consumer.stop() };
}
