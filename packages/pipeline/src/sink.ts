import type { Batch, Commit, LogRecord, NewRecord, PartitionProcessor } from '@outcry/event-log';
import { deadLetterOf } from './dead-letters.ts';
import type { StageObserver } from './observer.ts';
import type { Step } from './result.ts';

export type WriteOutcome =
  | { status: 'done' }
  | { status: 'refused'; reason: string; detail: string };

export interface SinkOptions<Operation> {
  stage: string;
  /** The operations of one record. */
  step: Step<LogRecord, Operation[]>;
  /** Writes to the world outside the log; an outcome per operation. Doing it twice is harmless. */
  write(operations: readonly Operation[]): Promise<readonly WriteOutcome[]>;
  observer: StageObserver;
}

/**
 * A stage whose output leaves the log. The position moves only after the write came back, so a crash
 * in between writes again: the ids are deterministic and the second write changes nothing.
 */
export function createSink<Operation>(options: SinkOptions<Operation>): PartitionProcessor {
  const { stage, step, write, observer } = options;

  return {
    async process(batch: Batch): Promise<Commit> {
      observer.received(batch.topic, batch.records.length);
      const letters: NewRecord[] = [];
      const operations: Operation[] = [];
      const owners: LogRecord[] = [];
      for (const record of batch.records) {
        const result = step(record);
        if (result.kind === 'drop') observer.dropped(batch.topic, result.reason);
        else if (result.kind === 'dead-letter') refuse(record, result.reason, result.detail);
        else {
          for (const operation of result.value) {
            operations.push(operation);
            owners.push(record);
          }
        }
      }

      const refused = new Set<LogRecord>();
      if (operations.length > 0) {
        const outcomes = await write(operations);
        for (const [index, outcome] of outcomes.entries()) {
          const record = owners[index];
          if (outcome.status !== 'refused' || record === undefined || refused.has(record)) continue;
          refused.add(record);
          refuse(record, outcome.reason, outcome.detail);
        }
      }
      observer.done(batch.topic, new Set(owners).size - refused.size);
      return { outputs: letters };

      function refuse(record: LogRecord, reason: string, detail: string): void {
        letters.push(deadLetterOf(stage, record, reason, detail));
        observer.deadLettered(batch.topic, reason, detail);
      }
    },
  };
}
