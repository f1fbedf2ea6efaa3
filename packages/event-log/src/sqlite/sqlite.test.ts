import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventLogContract } from '../contract-suite.ts';
import type { EventLog } from '../port.ts';
import { createSqliteLog } from './index.ts';

eventLogContract('sqlite', async (options) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'outcry-log-'));
  const logs: EventLog[] = [];
  return {
    open: async () => {
      const log = createSqliteLog({ ...options, path: path.join(folder, 'log.sqlite') });
      logs.push(log);
      return log;
    },
    dispose: async () => {
      await Promise.all(logs.map((log) => log.close()));
      await rm(folder, { recursive: true });
    },
  };
});
