export * from './classify-step.ts';
export * from './model.ts';
export * from './settings.ts';
export * from './stage.ts';
