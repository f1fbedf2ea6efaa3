export * from './settings.ts';
export * from './stage.ts';
