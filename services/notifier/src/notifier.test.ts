import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OutageEvent } from '@outcry/contracts';
import { deadLetter, decode, encode, topics } from '@outcry/contracts';
import type { Receiver } from '@outcry/delivery';
import type { EventLog } from '@outcry/event-log';
import { createMemoryLog } from '@outcry/event-log/memory';
import { silentObserver } from '@outcry/pipeline';
import type { Stage } from '@outcry/runtime';
import { createLogger } from '@outcry/runtime';
import { buildOutageEvent } from '@outcry/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import {
  newSecret,
  postMessage,
  readReceivers,
  startDispatch,
  startEnqueue,
  watchReceivers,
  writeReceivers,
} from './index.ts';

const logger = createLogger({ service: 'test', level: 'silent', format: 'json' });
const closers: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A receiver that answers each attempt with the next status, then with 204. */
async function receiverOf(...statuses: number[]) {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const status = statuses.shift() ?? 204;
      heard.push(`${request.headers['webhook-id']} ${status}`);
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const receiver: Receiver = { id: 'hook', url, secrets: [newSecret()], addedAt: 0 };
  return { heard, receiver };
}

async function startNotifier(
  log: EventLog,
  receivers: readonly Receiver[],
  delaysMs = [20, 20, 20],
): Promise<Stage[]> {
  const stages = [
    await startEnqueue({ log, observer: silentObserver, receivers: () => receivers }),
    await startDispatch({
      log,
      logger,
      observer: silentObserver,
      receivers: () => receivers,
      concurrency: 4,
      delaysMs,
      post: (it, message) =>
        postMessage({
          url: it.url,
          secrets: it.secrets,
          message,
          timeoutMs: 2_000,
          allowPrivate: true,
        }),
    }),
  ];
  closers.push(() => Promise.all(stages.map((stage) => stage.stop())));
  return stages;
}

async function openLog(): Promise<EventLog> {
  const log = createMemoryLog({ partitions: 2 });
  await log.prepare();
  closers.push(() => log.close());
  return log;
}

function events(outageId: string, ...types: OutageEvent['type'][]): OutageEvent[] {
  return types.map((type, place) =>
    buildOutageEvent({
      id: `${outageId}/${place + 1}`,
      outageId,
      sequence: place + 1,
      type,
      target: 'spotify',
    }),
  );
}

const append = (log: EventLog, all: readonly OutageEvent[]) =>
  log.append(
    all.map((event) => ({ topic: topics.outages, key: event.target, value: encode(event) })),
  );

describe('the notifier', () => {
  it('sends the events of an outage in order, even when the first needs several attempts', async () => {
    const log = await openLog();
    const { heard, receiver } = await receiverOf(500, 503);
    await startNotifier(log, [receiver]);
    await append(log, events('a', 'outage.opened', 'outage.updated', 'outage.resolved'));
    await expect.poll(() => heard).toEqual(['a/1 500', 'a/1 503', 'a/1 204', 'a/2 204', 'a/3 204']);
  });

  it('goes on after a restart with what is owed, and repeats nothing that was taken', async () => {
    const log = await openLog();
    const { heard, receiver } = await receiverOf(204, 500);
    const first = await startNotifier(log, [receiver], [60_000]);
    await append(log, events('a', 'outage.opened', 'outage.resolved'));
    await expect.poll(() => heard).toEqual(['a/1 204', 'a/2 500']);
    // The wait of a minute was written down; a stage that has other waits keeps to it.
    await Promise.all(first.map((stage) => stage.stop()));
    await startNotifier(log, [receiver]);
    await append(log, events('b', 'outage.opened'));
    await expect.poll(() => heard).toContain('b/1 204');
    expect(heard).toEqual(['a/1 204', 'a/2 500', 'b/1 204']);
  });

  it('gives up after the last attempt, keeps the event as a dead letter, and goes on with the next', async () => {
    const log = await openLog();
    const { heard, receiver } = await receiverOf(500, 500);
    await startNotifier(log, [receiver], [10]);
    await append(log, events('a', 'outage.opened', 'outage.resolved'));
    await expect.poll(() => heard).toEqual(['a/1 500', 'a/1 500', 'a/2 204']);
    await expect
      .poll(() => letters(log))
      .toMatchObject([{ reason: 'undeliverable', id: 'notifier/a/1@hook' }]);
  });

  it('never knocks again at an address that answered 410', async () => {
    const log = await openLog();
    const { heard, receiver } = await receiverOf(410);
    const first = await startNotifier(log, [receiver]);
    await append(log, events('a', 'outage.opened', 'outage.resolved'));
    await expect.poll(() => letters(log)).toHaveLength(1);
    await Promise.all(first.map((stage) => stage.stop()));
    const { heard: elsewhere, receiver: other } = await receiverOf();
    await startNotifier(log, [receiver, { ...other, id: 'other' }]);
    await append(log, events('c', 'outage.opened'));
    await expect.poll(() => elsewhere).toEqual(['c/1 204']);
    expect(heard).toEqual(['a/1 410']);
  });

  it('sends to a receiver only what it wants and what came after it was added', async () => {
    const log = await openLog();
    const { heard, receiver } = await receiverOf();
    await append(log, events('before', 'outage.opened'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    await startNotifier(log, [{ ...receiver, addedAt: Date.now(), minSeverity: 'critical' }]);
    const minor = events('minor', 'outage.opened').map((event) => ({
      ...event,
      severity: 'minor' as const,
    }));
    const critical = events('critical', 'outage.opened').map((event) => ({
      ...event,
      severity: 'critical' as const,
    }));
    await append(log, [...minor, ...critical]);
    await expect.poll(() => heard).toEqual(['critical/1 204']);
  });

  it('refuses addresses that are not public, as they are and by name', async () => {
    const message = { id: 'x', body: '{}' };
    for (const url of [
      'http://127.0.0.1:9/',
      'http://[::1]:9/',
      'http://10.0.0.1/',
      'http://localhost:9/',
    ]) {
      const verdict = await postMessage({
        url,
        secrets: [newSecret()],
        message,
        timeoutMs: 500,
        allowPrivate: false,
      });
      expect(verdict).toMatchObject({
        kind: 'retry',
        reason: expect.stringContaining('not public'),
      });
    }
  });
});

describe('the receivers file', () => {
  it('is readable by its owner only, and a broken new version leaves the old in force', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'outcry-receivers-'));
    closers.push(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'receivers.yaml');
    const it = { id: 'hook', url: 'https://example.org/', secrets: [newSecret()], addedAt: 1 };
    writeReceivers(file, [it]);
    expect(statSync(file).mode & 0o077).toBe(0);
    const problems: string[] = [];
    const current = watchReceivers(file, (message) => problems.push(message));
    writeFileSync(file, `- id: Hook\n  secret: ${it.secrets[0]}\n`);
    expect(current()).toEqual([it]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('url');
    expect(problems[0]).not.toContain(it.secrets[0]);
    writeReceivers(file, []);
    expect(current()).toEqual([]);
    expect(readReceivers(path.join(folder, 'none.yaml'))).toEqual([]);
  });
});

async function letters(log: EventLog) {
  const found = [];
  for await (const { value } of log.read({ topic: topics.deadLetters, partition: 0 })) {
    const decoded = decode(deadLetter, value);
    if (decoded.ok) found.push(decoded.value);
  }
  return found;
}
