import type { Heartbeat } from '@outcry/contracts';
import { signalsRecord, topics } from '@outcry/contracts';
import { createPartitionDetector, rulesVersion } from '@outcry/detection';
import type { Assignment, EventLog, NewRecord, PartitionProcessor } from '@outcry/event-log';
import type { StageObserver } from '@outcry/pipeline';
import { addressed, chain, createDecodeStep, createTransform, keyed, ok } from '@outcry/pipeline';
import type { Logger, Stage } from '@outcry/runtime';
import type { DetectorContext } from './context.ts';
import { catchUp, forgetAll, rulesKey, wroteOthers } from './rules-change.ts';
import { createSilenceWatch } from './silence.ts';
import { createSourceStatusBook } from './source-status.ts';
import { encodeState, readState } from './state.ts';

export interface DetectorStageOptions {
  log: EventLog;
  observer: StageObserver;
  logger: Logger;
  /** What the detector knows of the targets. */
  context: DetectorContext['detector'];
  /** How long a source may say nothing before it is declared silent. */
  silenceMs: number;
}

/** The runtime's own entries in the state of a partition, beside the detector's. */
const watchKey = 'silence-watch';
const statusKey = 'source-status';

/** signals.v1 → rises.v1 (and sources.v1), one detector for each partition, its state in detector-state.v1 */
export async function startDetector(options: DetectorStageOptions): Promise<Stage> {
  const consumer = await options.log.consume({
    group: 'detector',
    topics: [topics.signals],
    stateTopic: topics.detectorState,
    open: (assignment) => openPartition(assignment, options),
  });
  return { name: 'detector', done: consumer.done, stop: () => consumer.stop() };
}

async function openPartition(
  assignment: Assignment,
  options: DetectorStageOptions,
): Promise<PartitionProcessor> {
  const { partition, partitions, position } = assignment;
  const { log, observer, context, silenceMs, logger } = options;
  const state = readState(assignment.state);
  const known = (state.get(watchKey) ?? []) as { source: string; input?: Heartbeat['input'] }[];
  const status = createSourceStatusBook(state.get(statusKey));
  const changed = wroteOthers(state);
  let overwrite: { key: string; value: unknown }[] = changed ? forgetAll(state) : [];
  for (const key of changed ? [...state.keys()] : [watchKey, statusKey, rulesKey])
    state.delete(key);

  const detector = createPartitionDetector({ partition, partitions, state, ...context });
  if (changed) {
    logger.warn({ partition, rules: rulesVersion }, 'the rules changed: reading the signals again');
    const records = await catchUp(detector, log, partition, position);
    logger.info({ partition, records }, 'the signals were read again');
  }
  let marked = assignment.state.size > 0 && !changed;
  const watch = createSilenceWatch(known, silenceMs, Date.now());
  const timer = setInterval(declareSilence, Math.min(1_000, silenceMs));

  const transform = createTransform({
    stage: 'detector',
    observer,
    onThrow: 'rethrow',
    step: chain(createDecodeStep(signalsRecord), function detect(record) {
      const outputs = record.kind === 'heartbeat' ? takeHeartbeat(record) : [];
      for (const rise of detector.take(record)) {
        outputs.push(keyed(topics.rises, riseKey(rise), rise));
      }
      return ok(outputs);
    }),
    stateChanges() {
      const own = [
        { key: watchKey, value: watch.change() },
        { key: statusKey, value: status.change() },
        { key: rulesKey, value: marked ? undefined : rulesVersion },
      ].filter(({ value }) => value !== undefined);
      // What the rules of before left goes first; what both know is written over it.
      const changes = [...overwrite, ...detector.stateChanges(), ...own];
      overwrite = [];
      marked = true;
      return encodeState(changes);
    },
  });
  return { process: transform.process, close: () => clearInterval(timer) };

  function takeHeartbeat(beat: Heartbeat): NewRecord[] {
    watch.heard(beat, Date.now());
    // Every partition hears every heartbeat; one of them tells what changed.
    if (partition !== 0) return [];
    const change = status.take(beat);
    if (change === undefined) return [];
    logger.info({ source: change.source, reason: change.reason }, change.type);
    return [keyed(topics.sources, change.source, change)];
  }

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
