import path from 'node:path';
import type { EventLog } from '@outcry/event-log';
import type { Logger, Metrics, Stage, Values } from '@outcry/runtime';
import { startDispatch } from './dispatch-stage.ts';
import { startEnqueue } from './enqueue-stage.ts';
import { postMessage } from './post-message.ts';
import { watchReceivers } from './receivers-file.ts';
import type { notifierSettings } from './settings.ts';

export interface NotifierOptions {
  log: EventLog;
  logger: Logger;
  metrics: Metrics;
  config: Values<typeof notifierSettings>;
}

/** Where the receivers are kept. */
export function receiversFile(config: {
  OUTCRY_RECEIVERS: string | undefined;
  OUTCRY_DATA_DIR: string;
}): string {
  return config.OUTCRY_RECEIVERS ?? path.join(config.OUTCRY_DATA_DIR, 'receivers.yaml');
}

/** outages.v1 → deliveries.v1 → webhooks */
export async function startNotifier({
  log,
  logger,
  metrics,
  config,
}: NotifierOptions): Promise<Stage> {
  const receivers = watchReceivers(receiversFile(config), (message) =>
    logger.error(`the receivers stay as they were: ${message}`),
  );
  const enqueue = await startEnqueue({ log, receivers, observer: metrics.observer('notifier') });
  const dispatch = await startDispatch({
    log,
    logger,
    receivers,
    observer: metrics.observer('notifier-dispatch'),
    concurrency: config.OUTCRY_WEBHOOK_CONCURRENCY,
    post: (receiver, message) =>
      postMessage({
        url: receiver.url,
        secrets: receiver.secrets,
        message,
        timeoutMs: config.OUTCRY_WEBHOOK_TIMEOUT_SECONDS * 1_000,
        allowPrivate: config.OUTCRY_WEBHOOK_ALLOW_PRIVATE,
      }),
  });
  return {
    name: 'notifier',
    done: Promise.race([enqueue.done, dispatch.done]),
    async stop() {
      await enqueue.stop();
      await dispatch.stop();
    },
  };
}
