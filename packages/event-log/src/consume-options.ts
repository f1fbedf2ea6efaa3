import type { Commit, ConsumeOptions, NewRecord } from './port.ts';
import { EventLogError } from './port.ts';

/** Throws when the options contradict each other or the topics. */
export function checkConsumeOptions(
  options: ConsumeOptions,
  partitions: (topic: string) => number,
): void {
  const problem = problemOf(options, partitions);
  if (problem !== undefined) throw new EventLogError('internal', problem, { retriable: false });
}

function problemOf(
  { topics, stateTopic, maxBatch }: ConsumeOptions,
  partitions: (topic: string) => number,
): string | undefined {
  const [input] = topics;
  if (input === undefined) return 'A consumer needs a topic.';
  if (maxBatch !== undefined && !(Number.isInteger(maxBatch) && maxBatch > 0)) {
    return `maxBatch must be a positive whole number, not ${maxBatch}.`;
  }
  if (stateTopic === undefined) return undefined;
  if (topics.length > 1) return 'A consumer with a state topic has one input topic.';
  if (partitions(stateTopic) === partitions(input)) return undefined;
  return `${stateTopic} has ${partitions(stateTopic)} partitions, ${input} has ${partitions(input)}: they must be equal.`;
}

/**
 * The records that a commit writes: its outputs, and the changes of the state as records of the
 * state topic, in the partition of the input.
 */
export function recordsOf(
  options: ConsumeOptions,
  { outputs, state = [] }: Commit,
  partition: number,
): NewRecord[] {
  const { group, stateTopic } = options;
  if (state.length === 0) return [...outputs];
  if (stateTopic === undefined) {
    const problem = `Group ${group} keeps state but named no state topic.`;
    throw new EventLogError('internal', problem, { retriable: false });
  }
  return [
    ...outputs,
    ...state.map(({ key, value }) => ({ topic: stateTopic, partition, key, value })),
  ];
}
