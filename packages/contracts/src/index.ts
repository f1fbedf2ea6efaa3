export * from './codec.ts';
export * from './json-schema.ts';
export * from './records.ts';
export * from './time.ts';
export * from './topics.ts';
export * from './vocabulary.ts';
