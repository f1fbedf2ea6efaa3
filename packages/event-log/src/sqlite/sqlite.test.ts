import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CrashWorld, LogWorldOptions } from '../contract-suite.ts';
import { eventLogContract, eventLogCrashContract } from '../contract-suite.ts';
import type { EventLog } from '../port.ts';
import { createSqliteLog } from './index.ts';

async function sqliteWorld(options: LogWorldOptions): Promise<CrashWorld> {
  const folder = await mkdtemp(path.join(tmpdir(), 'outcry-log-'));
  const all = { ...options, path: path.join(folder, 'log.sqlite') };
  const logs: EventLog[] = [];
  return {
    child: { kind: 'sqlite', ...all },
    open: async () => {
      const log = createSqliteLog(all);
      logs.push(log);
      return log;
    },
    dispose: async () => {
      await Promise.all(logs.map((log) => log.close()));
      await rm(folder, { recursive: true });
    },
  };
}

eventLogContract('sqlite', sqliteWorld);

eventLogCrashContract('sqlite', sqliteWorld, {
  rounds: Number(process.env.OUTCRY_CRASH_ROUNDS ?? 10),
  givenUpAfterMs: 8000,
  timeoutMs: 600_000,
});
