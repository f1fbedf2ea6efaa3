export * from './documents.ts';
export * from './port.ts';
export { fold, indexWords, maxQuestionLength, queryWords } from './words.ts';
