import type { EventLog } from '../port.ts';
import type { LogWorld } from './world.ts';

export interface Given {
  /** A prepared log with the contract's topics and four partitions. */
  log: EventLog;
  world: LogWorld;
}

/** How the parts of the suite declare a test. */
export interface Behaviours {
  behaviour(name: string, check: (given: Given) => Promise<void>): void;
}
