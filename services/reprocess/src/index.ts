export * from './difference.ts';
export * from './job.ts';
export * from './settings.ts';
