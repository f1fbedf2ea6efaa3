import type { Batch, Commit, LogRecord, NewRecord, PartitionProcessor } from '@outcry/event-log';
import { deadLetterOf } from './dead-letters.ts';
import type { StageObserver } from './observer.ts';
import type { StepResult } from './result.ts';
import { deadLetter } from './result.ts';

/** How many records are worked on between two looks at the group membership. */
const heartbeatEvery = 250;

export interface TransformOptions {
  stage: string;
  /** What one record leads to. */
  step(record: LogRecord): StepResult<NewRecord[]>;
  observer: StageObserver;
  /** State changes since the last batch, for steps that keep state. */
  stateChanges?(): Commit['state'];
  /**
   * What a throwing step means. `dead-letter` (default): the record is poison, the flow goes on.
   * `rethrow`: the step keeps state that may now be half changed, so the partition must be opened
   * anew from what was committed.
   */
  onThrow?: 'dead-letter' | 'rethrow';
}

/** A stage that reads records and writes records: consume, transform, produce, all in one commit. */
export function createTransform(options: TransformOptions): PartitionProcessor {
  const { stage, step, observer } = options;

  return {
    async process(batch: Batch): Promise<Commit> {
      observer.received(batch.topic, batch.records.length);
      const outputs: NewRecord[] = [];
      let done = 0;
      let count = 0;
      for (const record of batch.records) {
        const result = run(record);
        if (result.kind === 'ok') {
          outputs.push(...result.value);
          done += 1;
        } else if (result.kind === 'drop') {
          observer.dropped(batch.topic, result.reason);
        } else {
          outputs.push(deadLetterOf(stage, record, result.reason, result.detail));
          observer.deadLettered(batch.topic, result.reason, result.detail);
        }
        count += 1;
        if (count % heartbeatEvery === 0) {
          if (batch.isStale()) break;
          await batch.heartbeat();
        }
      }
      observer.done(batch.topic, done);
      countSent(outputs, observer);
      const state = options.stateChanges?.();
      return state === undefined ? { outputs } : { outputs, state };
    },
  };

  function run(record: LogRecord): StepResult<NewRecord[]> {
    if (options.onThrow === 'rethrow') return step(record);
    try {
      return step(record);
    } catch (error) {
      return deadLetter(
        'step-threw',
        error instanceof Error ? (error.stack ?? error.message) : String(error),
      );
    }
  }
}

function countSent(outputs: readonly NewRecord[], observer: StageObserver): void {
  const byTopic = new Map<string, number>();
  for (const output of outputs) byTopic.set(output.topic, (byTopic.get(output.topic) ?? 0) + 1);
  for (const [topic, records] of byTopic) observer.sent(topic, records);
}
