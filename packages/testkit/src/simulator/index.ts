export type { Confounder, ConfounderKind } from './confounders.ts';
export { confounderKinds } from './confounders.ts';
export type { OutageScope, SimOutage } from './outages.ts';
export { normalRate, onsetRate, shareOf, sliceShare, strength } from './outages.ts';
export * from './simulate.ts';
export type { SimMinute, SimRecord } from './stream.ts';
export { runWorld } from './stream.ts';
export { truthOf } from './truth.ts';
export type { Blindness, SimTarget, World } from './world.ts';
