export * from './port.ts';
export { fold, indexWords, maxQueryWords, queryWords } from './words.ts';
