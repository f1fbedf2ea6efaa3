export * from './delivery.ts';
export * from './message.ts';
export * from './receiver.ts';
export * from './schedule.ts';
