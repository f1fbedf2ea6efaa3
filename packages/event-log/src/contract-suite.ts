import { describe, it } from 'vitest';
import type { Behaviours } from './contract/behaviours.ts';
import { consumingBehaviours } from './contract/consuming.ts';
import { recordBehaviours } from './contract/records.ts';
import { sharingBehaviours } from './contract/sharing.ts';
import { stateBehaviours } from './contract/state.ts';
import type { MakeLog } from './contract/world.ts';
import { contractTopics } from './contract/world.ts';

export type { CrashOptions, CrashWorld } from './contract/crashes.ts';
export { eventLogCrashContract } from './contract/crashes.ts';
export type { LogWorld, LogWorldOptions, MakeLog } from './contract/world.ts';

/** Declares the tests that every adapter of the log passes. */
export function eventLogContract(name: string, makeLog: MakeLog, timeoutMs = 60_000): void {
  describe(`the event log contract: ${name}`, () => {
    const behaviours: Behaviours = {
      behaviour: (behaviour, check) => {
        it(behaviour, { timeout: timeoutMs }, async () => {
          const world = await makeLog({ partitions: 4, topics: contractTopics });
          try {
            const log = await world.open();
            await log.prepare();
            await check({ log, world });
          } finally {
            await world.dispose();
          }
        });
      },
    };
    recordBehaviours(behaviours);
    consumingBehaviours(behaviours);
    stateBehaviours(behaviours);
    sharingBehaviours(behaviours);
  });
}
