export * from './codec.ts';
export * from './dead-letters.ts';
export * from './decode.ts';
export * from './observer.ts';
export * from './result.ts';
export * from './sink.ts';
export * from './transform.ts';
