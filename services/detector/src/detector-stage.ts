import type { Heartbeat } from '@outcry/contracts';
import { signalsRecord, topics } from '@outcry/contracts';
import type { DetectionContext } from '@outcry/detection';
import { createPartitionDetector } from '@outcry/detection';
import type { Assignment, EventLog, PartitionProcessor } from '@outcry/event-log';
import type { StageObserver } from '@outcry/pipeline';
import { addressed, createDecodeStep, createTransform, keyed, ok, then } from '@outcry/pipeline';
import type { Logger, Stage } from '@outcry/runtime';
import { createSilenceWatch } from './silence.ts';
import { encodeState, readState } from './state.ts';

export interface DetectorStageOptions {
  log: EventLog;
  observer: StageObserver;
  logger: Logger;
  /** What the detector knows of the targets. */
  context: DetectionContext;
  /** How long a source may say nothing before it is declared silent. */
  silenceMs: number;
}

/** The runtime's own entry in the state of a partition, beside the detector's. */
const watchKey = 'silence-watch';

/** signals.v1 → rises.v1, one detector for each partition, its state in detector-state.v1 */
export async function startDetector(options: DetectorStageOptions): Promise<Stage> {
  const consumer = await options.log.consume({
    group: 'detector',
    topics: [topics.signals],
    stateTopic: topics.detectorState,
    open: (assignment) => openPartition(assignment, options),
  });
  return { name: 'detector', done: consumer.done, stop: () => consumer.stop() };
}

function openPartition(assignment: Assignment, options: DetectorStageOptions): PartitionProcessor {
  const { partition, partitions } = assignment;
  const { log, observer, context, silenceMs, logger } = options;
  const state = readState(assignment.state);
  const known = (state.get(watchKey) ?? []) as { source: string; input?: Heartbeat['input'] }[];
  state.delete(watchKey);

  const detector = createPartitionDetector({ partition, partitions, state, ...context });
  const watch = createSilenceWatch(known, silenceMs, Date.now());
  const timer = setInterval(declareSilence, Math.min(1_000, silenceMs));

  const transform = createTransform({
    stage: 'detector',
    observer,
    onThrow: 'rethrow',
    step: then(createDecodeStep(signalsRecord), function detect(record) {
      if (record.kind === 'heartbeat') watch.heard(record, Date.now());
      return ok(detector.take(record).map((rise) => keyed(topics.rises, riseKey(rise), rise)));
    }),
    stateChanges() {
      const streams = watch.change();
      const own = streams === undefined ? [] : [{ key: watchKey, value: streams }];
      return encodeState([...detector.stateChanges(), ...own]);
    },
  });
  return { process: transform.process, close: () => clearInterval(timer) };

  function declareSilence(): void {
    const silent = watch.due(Date.now());
    if (silent.length === 0) return;
    logger.warn(
      { partition, sources: [...new Set(silent.map((beat) => beat.source))] },
      'sources fell silent',
    );
    const records = silent.map((beat) => addressed(topics.signals, partition, beat.source, beat));
    log.append(records).catch((error) => {
      for (const beat of silent) watch.heard({ ...beat, state: 'seeing' }, Date.now());
      logger.warn(
        { err: error, partition },
        'the silence of a source could not be recorded; it is tried again',
      );
    });
  }
}

function riseKey(rise: { kind: string; partition: number; target?: unknown }): string {
  return typeof rise.target === 'string' ? rise.target : `partition-${rise.partition}`;
}
