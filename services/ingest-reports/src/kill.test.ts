import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { topics } from '@outcry/contracts';
import { createSqliteLog } from '@outcry/event-log/sqlite';
import { idsIn } from '@outcry/sources/testing';
import { expect, test, vi } from 'vitest';

const main = path.join(import.meta.dirname, 'main.ts');

test('killed under load, it has every report that it acknowledged', async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'outcry-kill-'));
  const port = await freePort();
  const door = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env.PATH,
      OUTCRY_DATA_DIR: dataDir,
      OUTCRY_REPORTS_PORT: String(port),
      OUTCRY_METRICS_PORT: '0',
      OUTCRY_LOG_LEVEL: 'error',
      OUTCRY_REPORTS_PER_VOICE: '1000000',
      OUTCRY_REPORTS_PER_NETWORK: '1000000',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    await vi.waitFor(async () => expect((await fetch(`${door}/v1/targets`)).status).toBe(200), {
      timeout: 60_000,
      interval: 50,
    });
    const acknowledged: string[] = [];
    let killed = false;
    const send = async () => {
      while (!killed) {
        const answer = await fetch(`${door}/v1/reports`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ target: 'spotify', type: 'login' }),
        }).catch(() => null);
        if (answer?.status !== 202) continue;
        const body = (await answer.json().catch(() => null)) as { id: string } | null;
        if (body !== null) acknowledged.push(`reports:${body.id}`);
        if (acknowledged.length === 500) {
          killed = true;
          child.kill('SIGKILL');
        }
      }
    };
    await Promise.all(Array.from({ length: 20 }, send));
    const found = await idsInLog(dataDir);
    expect(acknowledged.length).toBeGreaterThanOrEqual(500);
    expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
  } finally {
    child.kill('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 120_000);

async function idsInLog(dataDir: string): Promise<Set<string>> {
  const log = createSqliteLog({ path: path.join(dataDir, 'outcry.sqlite'), partitions: 4 });
  await log.prepare();
  const ids = await idsIn(log, topics.reports);
  await log.close();
  return ids;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
