export * from './classifier.ts';
export {
  type ClassifierParts,
  createClassifier,
  type TargetMatcher,
  type TargetMention,
} from './create.ts';
export * from './learning/choose.ts';
export type { Comparison, LearningFigures, WrittenFigures } from './learning/figures.ts';
export * from './learning/labels.ts';
export {
  type LearnOptions,
  type Learnt,
  labelWeights,
  learn,
  leastByLot,
  leastByLotOfEachSide,
  unmeasuredWeight,
} from './learning/learn.ts';
export { type LoadedModel, loadModel, modelFileInForce, shippedModelPath } from './load.ts';
export { decodeModel, encodeModel, isModel, type Model, type ModelHeader } from './model.ts';
export type { LabelledText } from './train.ts';
export { type TrainModelOptions, trainModel } from './train-model.ts';
