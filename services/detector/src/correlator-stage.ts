import { topics } from '@outcry/contracts';
import { createCorrelator, riseRecord } from '@outcry/detection';
import type { Assignment, EventLog, PartitionProcessor } from '@outcry/event-log';
import type { StageObserver } from '@outcry/pipeline';
import { chain, createDecodeStep, createTransform, keyed, ok } from '@outcry/pipeline';
import type { Logger, Stage } from '@outcry/runtime';
import type { DetectorContext } from './context.ts';
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

function openCorrelator(
  assignment: Assignment,
  options: CorrelatorStageOptions,
): PartitionProcessor {
  const { observer, context, logger } = options;
  const correlator = createCorrelator({ state: readState(assignment.state), ...context });

  return createTransform({
    stage: 'correlator',
    observer,
    onThrow: 'rethrow',
    step: chain(createDecodeStep(riseRecord), function correlate(rise) {
      const events = correlator.take(rise);
      for (const event of events) {
        if (event.type !== 'outage.updated')
          logger.info({ outage: event.outageId, reason: event.reason }, event.type);
      }
      return ok(events.map((event) => keyed(topics.outages, event.target, event)));
    }),
    stateChanges: () => encodeState(correlator.stateChanges()),
  });
}
