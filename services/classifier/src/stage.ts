import type { Classifier } from '@outcry/classification';
import { checksRecord, postsRecord, reportsRecord, topics } from '@outcry/contracts';
import type { EventLog } from '@outcry/event-log';
import type { StageObserver } from '@outcry/pipeline';
import { chain, createDecodeStep, createTransform } from '@outcry/pipeline';
import type { Stage } from '@outcry/runtime';
import type { z } from 'zod';
import type { ClassifierInput } from './classify-step.ts';
import { createClassifyStep } from './classify-step.ts';

export interface ClassifierStageOptions {
  log: EventLog;
  /** The classifier in force. */
  classifier(): Classifier;
  observer: StageObserver;
}

const schemas: Record<string, z.ZodType<ClassifierInput>> = {
  [topics.posts]: postsRecord,
  [topics.reports]: reportsRecord,
  [topics.checks]: checksRecord,
};

/** posts.v1, reports.v1, checks.v1 → signals.v1 */
export async function startClassifier(options: ClassifierStageOptions): Promise<Stage> {
  const { log, classifier, observer } = options;
  const signalsPartitions = await log.partitions(topics.signals);
  const consumer = await log.consume({
    group: 'classifier',
    topics: Object.keys(schemas),
    open: ({ topic, partition, partitions }) =>
      createTransform({
        stage: 'classifier',
        observer,
        step: chain(
          createDecodeStep(inputSchemas(topic)),
          createClassifyStep({
            classifier,
            signalsPartitions,
            input: { topic, partition, partitions },
          }),
        ),
      }),
  });
  return { name: 'classifier', done: consumer.done, stop: () => consumer.stop() };
}

/** What an input topic of the classifier carries. */
export function inputSchemas(topic: string): z.ZodType<ClassifierInput> {
  const schema = schemas[topic];
  if (schema === undefined) throw new Error(`the classifier does not read ${topic}`);
  return schema;
}
