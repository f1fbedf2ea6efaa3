export * from './classifier.ts';
export {
  type ClassifierParts,
  createClassifier,
  type TargetMatcher,
  type TargetMention,
} from './create.ts';
export * from './learning/choose.ts';
export * from './learning/labels.ts';
export {
  type LearningFigures,
  type LearnOptions,
  type Learnt,
  labelWeights,
  learn,
  leastByLot,
} from './learning/learn.ts';
export { type LoadedModel, loadModel, shippedModelPath } from './load.ts';
export { decodeModel, encodeModel, type Model, type ModelHeader } from './model.ts';
export type { LabelledText } from './train.ts';
export { type TrainModelOptions, trainModel } from './train-model.ts';
