import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createMatcher, loadCatalog } from '@outcry/catalog';
import { createClassifier, loadModel } from '@outcry/classification';
import { classifyRecord } from '@outcry/classifier';
import type { DeadLetter, OutageEvent, Signal } from '@outcry/contracts';
import { deadLetter, decode, outageEvent, topics } from '@outcry/contracts';
import type { EventLog } from '@outcry/event-log';
import { newSecret, writeReceivers } from '@outcry/notifier';
import type { SearchIndex } from '@outcry/search-index';
import { startFakeJetstream } from '@outcry/sources/fakes';
import { backlog } from '@outcry/standalone';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Deployment } from './deployment.ts';
import { Fleet, openStores } from './deployment.ts';
import { run, until } from './processes.ts';
import type { Scenario } from './scenario.ts';
import { writeScenario } from './scenario.ts';
import { sharedLines } from './shared-data.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';
import { startWebhookReceiver } from './webhook-receiver.ts';

/** Bytes that are no record of any topic, one for each topic that a stage reads. */
const poison = [
  { topic: topics.posts, value: 'poison: not json', reason: 'not-json' },
  { topic: topics.reports, value: '{"kind":"report","id":7}', reason: 'schema' },
  { topic: topics.checks, value: '[]', reason: 'schema' },
  { topic: topics.signals, value: '{"kind":"signal"}', reason: 'schema' },
  { topic: topics.rises, value: '{"kind":"rise"}', reason: 'schema' },
  { topic: topics.outages, value: '{}', reason: 'schema' },
  { topic: topics.deliveries, value: 'nothing', reason: 'not-json' },
] as const;

/**
 * The main job from its doors to its ends, as processes: a file with a simulated outage and real
 * posts goes in while processes are killed, and everything must be found again, once.
 */
export function describeEndToEnd(name: string, deploy: (dataDir: string) => Deployment): void {
  describe(name, () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'outcry-e2e-'));
    const secret = newSecret();
    let deployment: Deployment;
    let scenario: Scenario;
    let receiver: WebhookReceiver;
    let fleet: Fleet;
    let log: EventLog;
    let index: SearchIndex;

    beforeAll(async () => {
      deployment = deploy(dataDir);
      scenario = writeScenario(path.join(dataDir, 'scenario.ndjson'));
      receiver = await startWebhookReceiver(secret);
      writeReceivers(path.join(dataDir, 'receivers.yaml'), [
        { id: 'hook', url: receiver.url, secrets: [secret], addedAt: 0 },
      ]);
      ({ log, index } = await openStores(deployment));
    });

    afterAll(async () => {
      await fleet?.stop();
      await receiver?.close();
      await index?.close();
      await log?.close();
      rmSync(dataDir, { recursive: true, force: true });
    });

    it('takes everything in while processes are killed at any moment', async () => {
      // The report door speaks of now and the file of a day in the past: one watermark cannot do both.
      fleet = new Fleet(deployment, {
        OUTCRY_LIVE: 'false',
        OUTCRY_REPORTS: 'false',
        OUTCRY_INPUT: scenario.file,
        OUTCRY_WEBHOOK_ALLOW_PRIVATE: 'true',
        OUTCRY_SILENCE_SECONDS: '600',
      });
      await fleet.start();
      await log.append(
        poison.map(({ topic, value }) => ({
          topic,
          key: 'poison',
          value: Buffer.from(value),
          partition: 0,
        })),
      );

      const steps = ['classifier', 'detector', 'classifier', 'notifier', 'detector'] as const;
      for (const [step, stage] of steps.entries()) {
        const wanted = ((step + 1) * scenario.records.length) / (steps.length + 2);
        await until(`${Math.round(wanted)} documents`, async () =>
          (await index.count('signals')) >= wanted ? true : undefined,
        );
        await fleet.killAndRestart(stage);
      }
      await drained(log);
    }, 240_000);

    it('has every post and report in the index, with its classification, exactly once', async () => {
      await index.refresh();
      const found = await allSignals(index);
      const expected = expectedSignals(scenario.records);
      expect(found.size).toBe(await index.count('signals'));
      expect([...expected.keys()].filter((id) => !found.has(id))).toEqual([]);
      expect([...found.keys()].filter((id) => !expected.has(id))).toEqual([]);
      for (const [id, signal] of expected) expect(found.get(id)).toEqual(signal);
    });

    it('has every bad line and poisoned record in the dead letters, with its reason', async () => {
      const letters = await deadLetters(log);
      for (const { topic, reason } of poison) {
        expect(letters).toContainEqual(
          expect.objectContaining({
            reason,
            origin: expect.objectContaining({ topic, partition: 0 }),
          }),
        );
      }
      const atTheDoor = letters.filter(({ origin }) => origin === null);
      expect(new Set(atTheDoor.map(({ reason }) => reason))).toEqual(new Set(scenario.badReasons));
      expect(new Set(atTheDoor.map(({ id }) => id)).size).toBe(scenario.badReasons.length);
    });

    it('raised the injected outage, once, and ended it', async () => {
      const { items } = await index.outages({ target: 'spotify', limit: 50 });
      const injected = items.filter(
        ({ startedAt }) => startedAt >= '2025-04-16T12:10' && startedAt < '2025-04-16T12:30',
      );
      expect(injected).toHaveLength(1);
      expect(injected[0]).toMatchObject({
        state: 'resolved',
        severity: expect.stringMatching(/major|critical/),
      });
      expect(
        (await index.outages({ text: 'spotify', limit: 50 })).items.map(({ outageId }) => outageId),
      ).toContain(injected[0]?.outageId);
    });

    it('wrote every outage event once, in sequence, from opened to ended', async () => {
      const events = await outageEvents(log);
      expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
      for (const [outageId, own] of Map.groupBy(events, (event) => event.outageId)) {
        expect(own.map(({ sequence }) => sequence)).toEqual(own.map((_, place) => place + 1));
        expect(own[0]?.type).toBe('outage.opened');
        expect(await index.history(outageId)).toEqual(own);
      }
    });

    it('told the receiver every event, signed, in order, and told the end of all that it told the beginning of', async () => {
      const events = await outageEvents(log);
      await until('all webhooks', () =>
        new Set(receiver.heard.map(({ id }) => id)).size >= events.length ? true : undefined,
      );
      expect(receiver.forged).toBe(0);
      expect(new Set(receiver.heard.map(({ id }) => id))).toEqual(
        new Set(events.map(({ id }) => id)),
      );
      const firsts = receiver.heard.filter(
        ({ id }, place) => receiver.heard.findIndex((other) => other.id === id) === place,
      );
      for (const own of Map.groupBy(firsts, ({ event }) => event.outageId).values()) {
        expect(own.map(({ event }) => event.sequence)).toEqual(own.map((_, place) => place + 1));
      }
      const spotify = firsts
        .filter(({ event }) => event.target === 'spotify')
        .map(({ type }) => type);
      expect(spotify.filter((type) => type === 'outage.opened')).toHaveLength(
        spotify.filter((type) => type === 'outage.resolved' || type === 'outage.retracted').length,
      );
    });

    it('rebuilds the same outages, byte for byte, from the log', async () => {
      const { code, stdout, stderr } = await run(
        ['services/cli/src/main.ts', 'reprocess', '--json'],
        deployment.env,
      );
      expect(stderr).not.toContain('Error');
      const report = JSON.parse(stdout) as { difference: Record<string, unknown>; events: number };
      const events = await outageEvents(log);
      expect(report.difference).toEqual({
        same: events.length,
        changed: [],
        missing: [],
        added: [],
      });
      expect(code).toBe(0);
    });

    it('goes on with live doors: a report over HTTP and posts from Jetstream are found, and gone once deleted', async () => {
      expect(Object.values(await fleet.stop()).every((code) => code === 0)).toBe(true);
      const jetstream = await startFakeJetstream({ lookbackMs: Number.MAX_SAFE_INTEGER / 1_000 });
      const capture = sharedLines('jetstream/capture-v1.jsonl')?.map((line) =>
        JSON.parse(line),
      ) ?? [liveEvent()];
      const doors = deployment.services.includes('standalone')
        ? deployment
        : { ...deployment, services: [...deployment.services, 'ingest-reports'] };
      fleet = new Fleet(doors, {
        OUTCRY_BLUESKY_HOSTS: jetstream.url,
        OUTCRY_KEEP: 'all',
        OUTCRY_WEBHOOK_ALLOW_PRIVATE: 'true',
      });
      await fleet.start();
      await until('a subscriber', () => (jetstream.clients > 0 ? true : undefined));
      for (const event of capture) jetstream.publish(event);
      const posts = capture.filter(
        (event) =>
          event.commit?.operation === 'create' && event.commit.collection === 'app.bsky.feed.post',
      );

      const door = await fleet.get(
        deployment.services.includes('standalone') ? 'standalone' : 'ingest-reports',
      ).address;
      const answer = await fetch(`${door}/v1/reports`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          target: 'netflix',
          type: 'playback',
          text: 'the film stops',
          country: 'SE',
        }),
      });
      expect(answer.status).toBe(202);
      const { id } = (await answer.json()) as { id: string };

      await until('the report', async () => {
        const { items } = await index.signals({
          target: 'netflix',
          text: 'film stops',
          limit: 100,
        });
        return items.find(({ recordId }) => recordId.endsWith(id));
      });
      for (const { did, commit } of posts) {
        const recordId = `bluesky:${did}/${commit.collection}/${commit.rkey}`;
        const signal = await until(
          recordId,
          async () => (await index.signals({ recordId, limit: 10 })).items[0],
        );
        expect(signal).toMatchObject({
          source: 'bluesky',
          text: commit.record.text,
          model: expect.any(String),
        });
      }

      // What its author deletes goes here too, and so does all of an author who leaves.
      const [one, another] = [posts[0], posts.at(-1)];
      const timeUs = Math.max(...capture.map((event) => event.time_us)) + 1_000_000;
      const { cid: _cid, record: _record, ...commit } = one.commit;
      jetstream.publish({
        did: one.did,
        time_us: timeUs,
        kind: 'commit',
        commit: { ...commit, operation: 'delete' },
      });
      jetstream.publish({
        did: another.did,
        time_us: timeUs + 1,
        kind: 'account',
        account: { active: false, did: another.did, status: 'deleted' },
      });
      for (const { did, commit: deleted } of [one, another]) {
        const recordId = `bluesky:${did}/${deleted.collection}/${deleted.rkey}`;
        await until(`${recordId} to be gone`, async () => {
          await index.refresh();
          return (await index.signals({ recordId })).total === 0 ? true : undefined;
        });
      }
      await jetstream.stop();
    }, 120_000);
  });
}

/** Until every stage has taken all that was appended, and it stays so. */
async function drained(log: EventLog): Promise<void> {
  let calm = 0;
  let before = -1;
  await until(
    'the stages to take everything',
    async () => {
      const left = Object.values(await backlog(log)).reduce((sum, count) => sum + count, 0);
      const appended = (await log.extents(topics.posts)).reduce((sum, { end }) => sum + end, 0);
      calm = left === 0 && appended === before ? calm + 1 : 0;
      before = appended;
      return calm >= 5 ? true : undefined;
    },
    { timeoutMs: 150_000, everyMs: 400 },
  );
}

function expectedSignals(records: Scenario['records']): Map<string, Signal> {
  const classifier = createClassifier({
    matcher: createMatcher(loadCatalog()),
    model: loadModel(),
  });
  const input = { topic: topics.posts, partition: 0, partitions: 1 };
  const signals = records.flatMap((record) =>
    classifyRecord(record, { classifier: () => classifier, input }).map(
      ({ value }) => value as Signal,
    ),
  );
  return new Map(signals.map((signal) => [signal.id, signal]));
}

async function allSignals(index: SearchIndex): Promise<Map<string, Signal>> {
  const found = new Map<string, Signal>();
  let after: string | undefined;
  do {
    const page = await index.signals({ limit: 1_000, ...(after === undefined ? {} : { after }) });
    for (const signal of page.items) found.set(signal.id, signal);
    after = page.next;
  } while (after !== undefined);
  return found;
}

async function deadLetters(log: EventLog): Promise<DeadLetter[]> {
  return readAll(log, topics.deadLetters, (bytes) => decode(deadLetter, bytes));
}

/** Without the poison, which is no event. */
async function outageEvents(log: EventLog): Promise<OutageEvent[]> {
  return readAll(log, topics.outages, (bytes) => decode(outageEvent, bytes));
}

async function readAll<T>(
  log: EventLog,
  topic: string,
  read: (bytes: Uint8Array | null) => { ok: true; value: T } | { ok: false },
): Promise<T[]> {
  const values: T[] = [];
  for (const { partition } of await log.extents(topic)) {
    for await (const { value } of log.read({ topic, partition })) {
      const decoded = read(value);
      if (decoded.ok) values.push(decoded.value);
    }
  }
  return values;
}

function liveEvent() {
  return {
    did: 'did:plc:example',
    time_us: Date.now() * 1_000,
    kind: 'commit',
    commit: {
      rev: '1',
      operation: 'create',
      collection: 'app.bsky.feed.post',
      rkey: 'one',
      record: {
        $type: 'app.bsky.feed.post',
        createdAt: new Date().toISOString(),
        langs: ['en'],
        text: 'Netflix will not load',
      },
      cid: 'c',
    },
  };
}
