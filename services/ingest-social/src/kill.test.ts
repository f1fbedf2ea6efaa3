import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { topics } from '@outcry/contracts';
import { createSqliteLog } from '@outcry/event-log/sqlite';
import type { FakeJetstream } from '@outcry/sources/fakes';
import { startFakeJetstream } from '@outcry/sources/fakes';
import { idsIn } from '@outcry/sources/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const main = path.join(import.meta.dirname, 'main.ts');
const patience = { timeout: 60_000, interval: 20 };

let fake: FakeJetstream;
let dataDir: string;
let child: ChildProcess | null = null;
let count = 0;

beforeEach(async () => {
  fake = await startFakeJetstream();
  dataDir = mkdtempSync(path.join(tmpdir(), 'outcry-kill-'));
});
afterEach(async () => {
  if (child !== null) await end('SIGKILL');
  await fake.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

function begin(): void {
  child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env.PATH,
      OUTCRY_DATA_DIR: dataDir,
      OUTCRY_BLUESKY_HOSTS: fake.url,
      OUTCRY_KEEP: 'all',
      OUTCRY_METRICS_PORT: '0',
      OUTCRY_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const ended = new Promise((resolve) => child?.once('exit', resolve));
  child?.kill(signal);
  await ended;
  child = null;
}

function publish(): string {
  count += 1;
  const now = Date.now();
  fake.publish({
    did: `did:plc:author${count}`,
    // Server time goes backwards by up to two seconds.
    time_us: (now - (count % 5) * 500) * 1000,
    kind: 'commit',
    commit: {
      operation: 'create',
      collection: 'app.bsky.feed.post',
      rkey: `r${count}`,
      record: { text: `spotify is down ${count}`, createdAt: new Date(now).toISOString() },
    },
  });
  return `bluesky:did:plc:author${count}/app.bsky.feed.post/r${count}`;
}

async function idsInLog(): Promise<Set<string>> {
  const log = createSqliteLog({ path: path.join(dataDir, 'outcry.sqlite'), partitions: 4 });
  await log.prepare();
  const ids = await idsIn(log, topics.posts);
  await log.close();
  return ids;
}

test('killed again and again under load, it loses nothing that was published since it first listened', async () => {
  const published: string[] = [];
  begin();
  await vi.waitFor(() => expect(fake.clients).toBe(1), patience);
  const feeding = setInterval(() => {
    for (let index = 0; index < 20; index += 1) published.push(publish());
  }, 10);
  for (let round = 0; round < 3; round += 1) {
    // Long enough that a cursor is saved, at another moment each time.
    await new Promise((resolve) => setTimeout(resolve, 1_500 + round * 370));
    await end('SIGKILL');
    begin();
    await vi.waitFor(() => expect(fake.clients).toBe(1), patience);
  }
  clearInterval(feeding);
  await vi.waitFor(async () => {
    const found = await idsInLog();
    expect(published.filter((id) => !found.has(id)).slice(0, 5)).toEqual([]);
  }, patience);
  await end('SIGTERM');
  expect(published.length).toBeGreaterThan(1_000);
}, 180_000);
