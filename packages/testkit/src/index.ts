export * from './builders.ts';
export * from './clock.ts';
export * from './demo/demo-day.ts';
export * from './random.ts';
export * from './simulator/index.ts';
