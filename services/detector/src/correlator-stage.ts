import type { OutageEvent } from '@outcry/contracts';
import { topics } from '@outcry/contracts';
import { createCorrelator, riseRecord, rulesVersion } from '@outcry/detection';
import type { Assignment, EventLog, NewRecord, PartitionProcessor } from '@outcry/event-log';
import type { StageObserver } from '@outcry/pipeline';
import { chain, createDecodeStep, createTransform, keyed, ok } from '@outcry/pipeline';
import type { Logger, Stage } from '@outcry/runtime';
import type { DetectorContext } from './context.ts';
import { endOpenOutages, forgetAll, rulesKey, wroteOthers } from './rules-change.ts';
import { encodeState, readState } from './state.ts';

export interface CorrelatorStageOptions {
  log: EventLog;
  observer: StageObserver;
  logger: Logger;
  context: DetectorContext['correlator'];
}

/** rises.v1 → outages.v1; one partition, so that one correlator sees all targets */
export async function startCorrelator(options: CorrelatorStageOptions): Promise<Stage> {
  const consumer = await options.log.consume({
    group: 'correlator',
    topics: [topics.rises],
    stateTopic: topics.correlatorState,
    open: (assignment) => openCorrelator(assignment, options),
  });
  return { name: 'correlator', done: consumer.done, stop: () => consumer.stop() };
}

async function openCorrelator(
  assignment: Assignment,
  options: CorrelatorStageOptions,
): Promise<PartitionProcessor> {
  const { observer, context, logger, log } = options;
  const kept = readState(assignment.state);
  const changed = wroteOthers(kept);
  // Told with the first batch, in its commit: a crash before it only makes them anew.
  let endings: NewRecord[] = [];
  let overwrite: { key: string; value: unknown }[] = [];
  if (changed) {
    logger.warn({ rules: rulesVersion }, 'the rules changed: ending the outages of before');
    endings = (await endOpenOutages(log)).map(toRecord);
    overwrite = forgetAll(kept);
    kept.clear();
  }
  let marked = kept.size > 0;
  kept.delete(rulesKey);
  const correlator = createCorrelator({ state: kept, ...context });

  const transform = createTransform({
    stage: 'correlator',
    observer,
    onThrow: 'rethrow',
    step: chain(createDecodeStep(riseRecord), function correlate(rise) {
      const events = correlator.take(rise);
      for (const event of events) {
        if (event.type !== 'outage.updated')
          logger.info({ outage: event.outageId, reason: event.reason }, event.type);
      }
      return ok(events.map(toRecord));
    }),
    stateChanges() {
      const own = marked ? [] : [{ key: rulesKey, value: rulesVersion }];
      const changes = [...overwrite, ...correlator.stateChanges(), ...own];
      overwrite = [];
      marked = true;
      return encodeState(changes);
    },
  });
  return {
    async process(batch) {
      const commit = await transform.process(batch);
      const outputs = [...endings, ...commit.outputs];
      endings = [];
      return { ...commit, outputs };
    },
  };
}

function toRecord(event: OutageEvent): NewRecord {
  return keyed(topics.outages, event.target, event);
}
