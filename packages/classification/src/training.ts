/** Making models. Apart from the rest, since whoever only reads posts needs none of the phrases. */
export type { Comparison, LearningFigures, WrittenFigures } from './learning/figures.ts';
export { type LearnOptions, type Learnt, learn } from './learning/learn.ts';
export type { LabelledText } from './train.ts';
export { type TrainModelOptions, trainModel } from './train-model.ts';
