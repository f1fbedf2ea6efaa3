import { eventLogContract } from '../contract-suite.ts';
import { LocalLog } from '../local/log.ts';
import type { EventLog } from '../port.ts';
import { topicsToPrepare } from '../topics.ts';
import { MemoryStore } from './store.ts';

eventLogContract('memory', async (options) => {
  // One store behind several handles, as several processes would have it.
  const store = new MemoryStore(Date.now);
  const logs: EventLog[] = [];
  return {
    open: async () => {
      const log = new LocalLog(store, topicsToPrepare(options));
      logs.push(log);
      return log;
    },
    dispose: async () => {
      await Promise.all(logs.map((log) => log.close()));
    },
  };
});
