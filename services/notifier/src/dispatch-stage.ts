import { decode, topics } from '@outcry/contracts';
import type { Receiver, ReceiverGone } from '@outcry/delivery';
import { deliveriesRecord } from '@outcry/delivery';
import type { Assignment, EventLog, PartitionProcessor } from '@outcry/event-log';
import type { StageObserver, StepResult } from '@outcry/pipeline';
import { addressed, createSink, deadLetterAtDoor, drop, ok } from '@outcry/pipeline';
import type { Logger, Stage } from '@outcry/runtime';
import type { DispatcherOptions } from './dispatcher.ts';
import { Dispatcher } from './dispatcher.ts';

export interface DispatchStageOptions {
  log: EventLog;
  logger: Logger;
  observer: StageObserver;
  receivers(): readonly Receiver[];
  post: DispatcherOptions['post'];
  concurrency: number;
  delaysMs?: readonly number[];
}

/**
 * deliveries.v1 → webhooks. The topic is compacted and holds what is still owed, so whoever is given
 * a partition reads what is left of it and goes on, with the same ids and at the times agreed on.
 */
export async function startDispatch(options: DispatchStageOptions): Promise<Stage> {
  const consumer = await options.log.consume({
    group: 'notifier-dispatch',
    topics: [topics.deliveries],
    open: (assignment) => openDispatch(assignment, options),
  });
  return { name: 'notifier-dispatch', done: consumer.done, stop: () => consumer.stop() };
}

async function openDispatch(
  { partition }: Assignment,
  options: DispatchStageOptions,
): Promise<PartitionProcessor> {
  const { log, logger, receivers, post, concurrency, observer } = options;
  const dispatcher = new Dispatcher({
    receivers,
    post,
    concurrency,
    logger,
    ...(options.delaysMs === undefined ? {} : { delaysMs: options.delaysMs }),
    record: {
      settled: (it) => log.append([forget(it.id)]),
      postponed: (it) => log.append([addressed(topics.deliveries, partition, it.id, it)]),
      gaveUp: (it, reason) =>
        log.append([
          deadLetterAtDoor({
            door: 'notifier',
            id: it.id,
            reason: 'undeliverable',
            detail: reason,
            payload: Buffer.from(JSON.stringify(it.event)),
            at: Date.now(),
          }),
          forget(it.id),
        ]),
      gone: (it) => log.append([noteGone(it)]),
    },
  });
  const recalledTo = await recall();
  const sink = createSink({
    stage: 'notifier',
    observer,
    step(record): StepResult<never[]> {
      // What was read at the opening is known in its newest form; the old form would be sent again.
      if (record.offset <= recalledTo) return drop('recalled');
      if (record.value === null) return drop('settled');
      const decoded = decode(deliveriesRecord, record.value);
      if (!decoded.ok)
        return { kind: 'dead-letter', reason: decoded.reason, detail: decoded.detail };
      if (decoded.value.kind === 'receiver-gone')
        dispatcher.markGone(decoded.value.receiver, decoded.value.url);
      // Later attempts are our own notes of what the dispatcher already has.
      else if (decoded.value.attempts === 0) dispatcher.add(decoded.value);
      return ok([]);
    },
    write: async () => [],
  });
  return { process: sink.process, close: () => dispatcher.close() };

  /** Takes over all that is still owed, and tells the offset up to which the partition was read. */
  async function recall(): Promise<number> {
    const owed = new Map<string, Uint8Array>();
    let last = -1;
    for await (const record of log.read({ topic: topics.deliveries, partition })) {
      last = record.offset;
      if (record.key === null) continue;
      if (record.value === null) owed.delete(record.key);
      else owed.set(record.key, record.value);
    }
    for (const value of owed.values()) {
      const decoded = decode(deliveriesRecord, value);
      if (!decoded.ok) continue;
      if (decoded.value.kind === 'receiver-gone') {
        dispatcher.markGone(decoded.value.receiver, decoded.value.url);
      } else dispatcher.add(decoded.value);
    }
    return last;
  }

  function forget(id: string) {
    return { topic: topics.deliveries, key: id, value: null, partition };
  }

  function noteGone(it: Receiver) {
    const gone: ReceiverGone = {
      kind: 'receiver-gone',
      receiver: it.id,
      url: it.url,
      at: new Date().toISOString(),
    };
    return addressed(topics.deliveries, partition, `gone/${it.id}`, gone);
  }
}
