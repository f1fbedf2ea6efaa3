export * from './appender.ts';
export * from './ingest.ts';
export * from './jetstream/source.ts';
export * from './log-sink.ts';
export * from './ndjson/source.ts';
export * from './source.ts';
export * from './source-state.ts';
