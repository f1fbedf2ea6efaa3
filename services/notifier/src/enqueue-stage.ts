import { outageEvent, topics } from '@outcry/contracts';
import type { Delivery, Receiver } from '@outcry/delivery';
import { wants } from '@outcry/delivery';
import type { EventLog } from '@outcry/event-log';
import type { StageObserver } from '@outcry/pipeline';
import { addressed, createDecodeStep, createTransform, drop, ok } from '@outcry/pipeline';
import type { Stage } from '@outcry/runtime';

export interface EnqueueStageOptions {
  log: EventLog;
  observer: StageObserver;
  receivers(): readonly Receiver[];
}

/** outages.v1 → deliveries.v1: what is owed to whom, in the partition of the outage. */
export async function startEnqueue({
  log,
  observer,
  receivers,
}: EnqueueStageOptions): Promise<Stage> {
  const decode = createDecodeStep(outageEvent);
  const consumer = await log.consume({
    group: 'notifier-enqueue',
    topics: [topics.outages],
    open: ({ partition }) =>
      createTransform({
        stage: 'notifier',
        observer,
        step(record) {
          const decoded = decode(record);
          if (decoded.kind !== 'ok') return decoded;
          const event = decoded.value;
          const owed = receivers().filter(
            (it) => wants(it, event) && it.addedAt <= record.timestamp,
          );
          if (owed.length === 0) return drop('nobody-wants-it');
          return ok(
            owed.map((it) => {
              const delivery: Delivery = {
                kind: 'delivery',
                id: `${event.id}@${it.id}`,
                receiver: it.id,
                event,
                attempts: 0,
                nextAt: new Date(record.timestamp).toISOString(),
              };
              return addressed(topics.deliveries, partition, delivery.id, delivery);
            }),
          );
        },
      }),
  });
  return { name: 'notifier-enqueue', done: consumer.done, stop: () => consumer.stop() };
}
