export type { ConfidenceTerm, Evidence } from './confidence.ts';
export { confidenceTerms } from './confidence.ts';
export type { CorrelatorOptions } from './correlator.ts';
export { createCorrelator } from './correlator.ts';
export type {
  DetectionCatalog,
  DetectionCounters,
  PartitionDetectorOptions,
} from './partition-detector.ts';
export { createPartitionDetector } from './partition-detector.ts';
export type { Correlator, PartitionDetector, RiseRecord } from './ports.ts';
export { riseRecord } from './rise.ts';
export type { DetectionSettings } from './settings.ts';
export { defaultSettings } from './settings.ts';
export { CorruptStateError } from './state.ts';
export type { DetectInput, SignalLike, StreamDetector } from './stream-detector.ts';
export { createStreamDetector, detectInput, signalLike } from './stream-detector.ts';
export type { SurpriseScorer } from './surprise.ts';
export { createSurpriseScorer } from './surprise.ts';
export { rulesVersion } from './version.ts';
