import type { StageObserver } from '@outcry/pipeline';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Logger } from './logger.ts';

export interface Metrics {
  readonly registry: Registry;
  /** Counts what a stage does, and logs the first dead letter of each reason. */
  observer(stage: string): StageObserver;
  /** A gauge whose value is asked for when metrics are read. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void;
}

/** Metrics of one process, named as Prometheus wants them: counters end in `_total`. */
export function createMetrics(log: Logger): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counter = (name: string, help: string, labels: string[]) =>
    new Counter({ name, help, labelNames: labels, registers: [registry] });
  const received = counter('outcry_received_total', 'records taken from the log', [
    'stage',
    'topic',
  ]);
  const done = counter('outcry_done_total', 'records handled', ['stage', 'topic']);
  const sent = counter('outcry_sent_total', 'records written to the log', ['stage', 'topic']);
  const dropped = counter('outcry_dropped_total', 'records that called for nothing', [
    'stage',
    'topic',
    'reason',
  ]);
  const dead = counter('outcry_dead_letters_total', 'records that could not be used', [
    'stage',
    'topic',
    'reason',
  ]);

  return {
    registry,
    observer(stage) {
      const told = new Set<string>();
      return {
        received: (topic, records) => received.inc({ stage, topic }, records),
        done: (topic, records) => done.inc({ stage, topic }, records),
        sent: (topic, records) => sent.inc({ stage, topic }, records),
        dropped: (topic, reason) => dropped.inc({ stage, topic, reason }),
        deadLettered(topic, reason, detail) {
          dead.inc({ stage, topic, reason });
          // A flood of bad records must not become a flood of log lines: the counter has the number.
          const key = `${topic}/${reason}`;
          if (told.has(key)) return;
          told.add(key);
          log.warn(
            { stage, topic, reason, detail: detail.slice(0, 300) },
            'first dead letter of its kind',
          );
        },
      };
    },
    gauge(name, help, read) {
      new Gauge({
        name,
        help,
        registers: [registry],
        async collect() {
          this.set(await read());
        },
      });
    },
  };
}
