export { cacheFolder } from './cache.ts';
export { StackUnavailable } from './errors.ts';
export { freePorts } from './ports.ts';
export type { RunStackOptions } from './run.ts';
export { parseStackArgs, runStack, stackUsage } from './run.ts';
export type { RunningStack, StackOptions } from './stack.ts';
export { startStack } from './stack.ts';
export { versions } from './versions.ts';
