export * from './classifier.ts';
export {
  type ClassifierParts,
  createClassifier,
  type TargetMatcher,
  type TargetMention,
} from './create.ts';
export * from './learning/choose.ts';
export * from './learning/labels.ts';
export * from './learning/limits.ts';
export { type LoadedModel, loadModel, modelFileInForce, shippedModelPath } from './load.ts';
export { decodeModel, encodeModel, isModel, type Model, type ModelHeader } from './model.ts';
