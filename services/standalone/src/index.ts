export * from './flow.ts';
export * from './settings.ts';
