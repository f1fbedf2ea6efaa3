export * from './dispatch-stage.ts';
export * from './dispatcher.ts';
export * from './enqueue-stage.ts';
export * from './post-message.ts';
export * from './receivers-file.ts';
export * from './settings.ts';
export * from './stage.ts';
