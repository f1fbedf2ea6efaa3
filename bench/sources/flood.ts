// A flood from Jetstream into the embedded log: does everything arrive, and does memory stay bounded?
//
//   node bench/sources/flood.ts [--rate 5000] [--seconds 60] [--keep all|matching]
//
// The fake Jetstream runs in a process of its own and sends at the given rate; the source, the
// matcher, the ingest and the log (SQLite, every commit durable) run here.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createMatcher, loadCatalog } from '@outcry/catalog';
import { topics } from '@outcry/contracts';
import { createSqliteLog } from '@outcry/event-log/sqlite';
import { createVoices } from '@outcry/runtime';
import { createIngest, createJetstreamSource } from '@outcry/sources';
import { idsIn } from '@outcry/sources/testing';
import type { FloodAnswer, FloodOrder } from './flood-server.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '60' },
    keep: { type: 'string', default: 'all' },
  },
});
const rate = Number(values.rate);
const seconds = Number(values.seconds);
const keep = values.keep === 'matching' ? 'matching' : 'all';

const dataDir = mkdtempSync(path.join(tmpdir(), 'outcry-flood-'));
const server = fork(path.join(import.meta.dirname, 'flood-server.ts'));
try {
  const { url } = await answer('listening');
  const log = createSqliteLog({ path: path.join(dataDir, 'outcry.sqlite'), partitions: 4 });
  await log.prepare();
  const counts = new Map<string, number>();
  const silent = { info() {}, warn() {}, error: console.error };
  const matcher = createMatcher(loadCatalog());
  const ingest = await createIngest({
    log,
    sources: [createJetstreamSource({ hosts: [url], keep, matcher })],
    voice: createVoices('a key for the bench only'),
    logger: silent,
    count: (_source, event, amount) => counts.set(event, (counts.get(event) ?? 0) + amount),
  });
  await until(() => counts.get('connected') === 1);

  const idle = process.memoryUsage().rss;
  let mostRss = idle;
  let mostPending = 0;
  let blind = 0;
  const watch = setInterval(() => {
    mostRss = Math.max(mostRss, process.memoryUsage().rss);
    mostPending = Math.max(mostPending, ingest.pending());
    if (ingest.status()[0]?.state === 'blind') blind += 1;
  }, 100);
  const began = performance.now();
  order({ kind: 'flood', rate, seconds });
  const { sent, matching } = await answer('done');
  await until(() => (counts.get('received') ?? 0) >= sent && ingest.pending() === 0);
  const took = (performance.now() - began) / 1000;
  clearInterval(watch);
  await ingest.stop();

  const wanted = keep === 'all' ? sent : matching;
  const found = (await idsIn(log, topics.posts)).size;
  await log.close();
  const mb = (bytes: number) => Math.round(bytes / 1e6);
  console.log(
    `${sent} posts sent at ${rate}/s, ${wanted} to keep (${keep}): ${found} in the log after ${took.toFixed(1)} s, ${wanted - found} lost`,
  );
  console.log(
    `${Math.round(sent / took)}/s; memory ${mb(idle)} MB idle, ${mb(mostRss)} MB at most; ` +
      `${mostPending} records waiting for the log at most; paused ${counts.get('paused') ?? 0} times; ` +
      `blind in ${(blind / 10).toFixed(1)} s of the run`,
  );
  if (found !== wanted) process.exitCode = 1;
} finally {
  server.kill();
  rmSync(dataDir, { recursive: true, force: true });
}

function order(value: FloodOrder): void {
  server.send(value);
}

function answer<K extends FloodAnswer['kind']>(
  kind: K,
): Promise<Extract<FloodAnswer, { kind: K }>> {
  return new Promise((resolve) => {
    server.on('message', function listen(message) {
      if ((message as FloodAnswer).kind !== kind) return;
      server.off('message', listen);
      resolve(message as Extract<FloodAnswer, { kind: K }>);
    });
  });
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + (seconds + 120) * 1000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it does not come to an end');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
