import type { Classification, Classifier } from '@outcry/classification';
import type {
  Check,
  Deletion,
  Heartbeat,
  Post,
  Report,
  Signal,
  SignalsRecord,
} from '@outcry/contracts';
import { isSignalStance, topics } from '@outcry/contracts';
import type { NewRecord } from '@outcry/event-log';
import type { Step } from '@outcry/pipeline';
import { broadcast, keyed, ok } from '@outcry/pipeline';

export type ClassifierInput = Post | Report | Check | Heartbeat | Deletion;

export interface ClassifyOptions {
  /** Asked for each record, so that a new model takes effect without a restart. */
  classifier(): Classifier;
  /** The input partition that is read, for the heartbeats that are passed on. */
  input: { topic: string; partition: number; partitions: number };
}

/**
 * What a record becomes on the way to the signals topic. Heartbeats and deletions concern every
 * partition of it, the others the one of their key.
 */
export function classifyRecord(
  record: ClassifierInput,
  { classifier, input }: ClassifyOptions,
): { key: string; everywhere: boolean; value: SignalsRecord }[] {
  switch (record.kind) {
    case 'post':
      return signalsOfPost(record, classifier()).map(toKeyed);
    case 'report':
      return [toKeyed(signalOfReport(record, classifier()))];
    case 'check':
      return [{ key: record.target, everywhere: false, value: record }];
    case 'heartbeat':
      return [
        {
          key: record.source,
          everywhere: true,
          value: { ...record, input, classifier: errorsOf(classifier()) },
        },
      ];
    case 'deletion':
      return [
        { key: record.postId ?? record.voice ?? record.source, everywhere: true, value: record },
      ];
  }
}

function errorsOf({ model, errorRates }: Classifier): NonNullable<Heartbeat['classifier']> {
  return { model, ...errorRates };
}

/** `classifyRecord` as a step: its outcome as records of the signals topic. */
export function createClassifyStep(
  options: ClassifyOptions & { signalsPartitions: number },
): Step<ClassifierInput, NewRecord[]> {
  return function classify(input) {
    return ok(
      classifyRecord(input, options).flatMap(({ key, everywhere, value }) =>
        everywhere
          ? broadcast(topics.signals, options.signalsPartitions, key, value)
          : keyed(topics.signals, key, value),
      ),
    );
  };
}

function toKeyed(signal: Signal): { key: string; everywhere: false; value: Signal } {
  return { key: signal.target ?? signal.recordId, everywhere: false, value: signal };
}

/** One signal for each target that the post speaks of; one without a target when it names none. */
export function signalsOfPost(post: Post, classifier: Classifier): Signal[] {
  const input = {
    text: post.text,
    ...(post.lang === undefined ? {} : { lang: post.lang }),
    ...(post.tags === undefined ? {} : { tags: post.tags }),
    ...(post.profileLocation === undefined ? {} : { profileLocation: post.profileLocation }),
    ...(post.timeZone === undefined ? {} : { timeZone: post.timeZone }),
    ...(post.country === undefined ? {} : { country: post.country, countrySource: 'tag' as const }),
  };
  // Where the source knows the target (a community of one service), its word is worth more than ours.
  if (post.targets !== undefined && post.targets.length > 0) {
    return post.targets.map((target) =>
      signalOfPost(post, target, classifier.classify({ ...input, target })),
    );
  }
  const classification = classifier.classify(input);
  if (classification.targets.length <= 1) {
    return [signalOfPost(post, classification.targets[0] ?? null, classification)];
  }
  // A text about two services may complain of one and praise the other.
  return classification.targets.map((target) =>
    signalOfPost(post, target, classifier.classify({ ...input, target })),
  );
}

function signalOfPost(post: Post, target: string | null, found: Classification): Signal {
  return {
    kind: 'signal',
    id: `${post.id}@${target ?? '-'}`,
    recordId: post.id,
    recordKind: 'post',
    source: post.source,
    target,
    text: post.text,
    occurredAt: post.occurredAt,
    observedAt: post.observedAt,
    voice: post.voice,
    // A declared bot repeats what others say; it is kept for search and counts for nothing.
    weight: found.signal && post.bot !== true ? found.confidence : 0,
    ...classified(found),
    ...(post.bot === undefined ? {} : { bot: post.bot }),
    ...(post.replyTo === undefined ? {} : { replyTo: post.replyTo }),
    ...(post.url === undefined ? {} : { url: post.url }),
  };
}

/** A report is a complaint by its nature: only its text, if any, is left to be read. */
function signalOfReport(report: Report, classifier: Classifier): Signal {
  const text = report.text ?? '';
  const found = classifier.classify({
    text,
    target: report.target,
    ...(report.lang === undefined ? {} : { lang: report.lang }),
    ...(report.country === undefined ? {} : { country: report.country, countrySource: 'report' }),
    ...(report.timeZone === undefined ? {} : { timeZone: report.timeZone }),
  });
  const stated = {
    country: report.country ?? '',
    ...(report.subdivision === undefined ? {} : { subdivision: report.subdivision }),
    ...(report.city === undefined ? {} : { city: report.city }),
    source: 'report' as const,
    confidence: 0.95,
  };
  const places =
    report.country === undefined
      ? found.places
      : [stated, ...found.places.filter((place) => place.source === 'text')];
  return {
    kind: 'signal',
    id: `${report.id}@${report.target}`,
    recordId: report.id,
    recordKind: 'report',
    source: report.source,
    target: report.target,
    text,
    occurredAt: report.occurredAt,
    observedAt: report.observedAt,
    voice: report.voice,
    ...classified(found),
    stance: isSignalStance(found.stance) && text !== '' ? found.stance : 'affected',
    confidence: 1,
    weight: 1,
    type: report.type,
    types: [report.type, ...found.types.filter((type) => type !== report.type)],
    places,
    platforms:
      report.platform === undefined
        ? found.platforms
        : [report.platform, ...found.platforms.filter((other) => other !== report.platform)],
    // Reports without words are not copies of each other.
    cluster: text === '' ? report.id : found.cluster,
  };
}

function classified(found: Classification) {
  return {
    stance: found.stance,
    confidence: found.confidence,
    type: found.type,
    types: found.types,
    places: found.places,
    platforms: found.platforms,
    ...(found.appVersion === undefined ? {} : { appVersion: found.appVersion }),
    language: found.language,
    cluster: found.cluster,
    model: found.model,
  };
}
