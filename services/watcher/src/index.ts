export * from './probe-metrics.ts';
export * from './settings.ts';
export * from './stage.ts';
