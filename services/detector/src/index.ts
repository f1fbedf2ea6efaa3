export * from './context.ts';
export * from './correlator-stage.ts';
export * from './detector-stage.ts';
export * from './settings.ts';
export * from './silence.ts';
export * from './source-status.ts';
