import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from '@elastic/elasticsearch';
import type { Signal } from '@outcry/contracts';
import type { Operation, SearchIndex } from '@outcry/search-index';
import { searchIndexContract } from '@outcry/search-index/contract-suite';
import { createElasticsearchIndex } from '@outcry/search-index/elasticsearch';
import { createSqliteIndex } from '@outcry/search-index/sqlite';
import { buildOutageLife, buildSignal } from '@outcry/testkit';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { savedObjects } from '../../infra/kibana/build.ts';
import { panelQuestions, searchQuestions } from './kibana-questions.ts';
import { describeWithElasticsearch } from './require.ts';

const shared = process.env.OUTCRY_SHARED ?? path.resolve(import.meta.dirname, '../../../shared');
const realPosts = path.join(shared, 'data/posts/dev.jsonl');

/** A prefix that no other test has, so that all can share a server. */
const newPrefix = () => `outcry-test-${randomBytes(6).toString('hex')}`;

async function removeIndices(client: Client, prefix: string): Promise<void> {
  const indices = await client.indices.get({ index: `${prefix}-*`, ignore_unavailable: true });
  const names = Object.keys(indices);
  if (names.length > 0) await client.indices.delete({ index: names });
}

/** Removes all that a prefix has on a server. */
async function removePrefix(client: Client, prefix: string): Promise<void> {
  await removeIndices(client, prefix);
  await client.indices.deleteIndexTemplate({ name: `${prefix}-*` }, { ignore: [404] });
  await client.cluster.deleteComponentTemplate({ name: `${prefix}-text` }, { ignore: [404] });
}

const create = (document: Signal): Operation => ({
  op: 'create',
  collection: 'signals',
  document,
});

describeWithElasticsearch('on a real Elasticsearch', (node) => {
  const client = new Client({ node });

  // One prefix for the suite: new indices for each test take long enough, the templates may stay.
  const suitePrefix = newPrefix();
  searchIndexContract('Elasticsearch', () => ({
    open: () => createElasticsearchIndex({ node, prefix: suitePrefix }),
    dispose: () => removeIndices(client, suitePrefix),
  }));
  afterAll(() => removePrefix(client, suitePrefix));

  describe('an index', () => {
    let prefix: string;
    let index: SearchIndex;

    beforeEach(() => {
      prefix = newPrefix();
      index = createElasticsearchIndex({ node, prefix });
    });
    afterEach(async () => {
      await index.close();
      await removePrefix(client, prefix);
    });

    it('reports what the server cannot take, with the server’s reason, and takes the rest', async () => {
      await index.prepare();
      const name = `${prefix}-signals-v1-clash`;
      await client.indices.create({
        index: name,
        mappings: { properties: { outcry: { properties: { cluster: { type: 'long' } } } } },
      });
      await client.indices.updateAliases({
        actions: [
          { remove: { index: `${prefix}-signals-v1-000001`, alias: `${prefix}-signals` } },
          { add: { index: name, alias: `${prefix}-signals` } },
        ],
      });
      const good = buildSignal({ cluster: '7' });
      const outcomes = await index.bulk([create(buildSignal({ cluster: 'words' })), create(good)]);
      expect(outcomes).toEqual([
        {
          status: 'refused',
          reason: 'document_parsing_exception',
          detail: expect.stringContaining('outcry.cluster'),
        },
        { status: 'done' },
      ]);
      await index.refresh();
      expect(await index.count('signals')).toBe(1);
    });

    it('writes into no index that the server would make up', async () => {
      await expect(index.bulk([create(buildSignal())])).rejects.toMatchObject({
        code: 'internal',
        retriable: true,
      });
      expect(await client.indices.exists({ index: `${prefix}-signals` })).toBe(false);
      await index.prepare();
      expect(await index.bulk([create(buildSignal())])).toEqual([{ status: 'done' }]);
    });

    it('blames no document when the index takes no writes, and goes on when it does again', async () => {
      await index.prepare();
      const settings = (blocked: boolean) =>
        client.indices.putSettings({
          index: `${prefix}-signals`,
          settings: { 'index.blocks.write': blocked },
        });
      await settings(true);
      await expect(index.bulk([create(buildSignal())])).rejects.toMatchObject({
        code: 'internal',
        retriable: true,
        message: expect.stringContaining('cluster_block_exception'),
      });
      await settings(false);
      expect(await index.bulk([create(buildSignal())])).toEqual([{ status: 'done' }]);
    });

    it('refuses fields that the templates do not name', async () => {
      await index.prepare();
      const wrong = client.index({ index: `${prefix}-signals`, document: { surprise: 1 } });
      await expect(wrong).rejects.toThrow('strict_dynamic_mapping_exception');
    });

    it('takes the fields that came since an older release made it', async () => {
      await client.indices.create({
        index: `${prefix}-signals-v1-000001`,
        aliases: { [`${prefix}-signals`]: {} },
        mappings: { dynamic: 'strict', properties: { '@timestamp': { type: 'date' } } },
        settings: {
          analysis: {
            analyzer: {
              outcry_text: { type: 'standard' },
              outcry_question: { type: 'standard' },
            },
          },
        },
      });
      await index.prepare();
      expect(await index.bulk([create(buildSignal())])).toEqual([{ status: 'done' }]);
    });

    it('shares a server with another prefix', async () => {
      const other = createElasticsearchIndex({ node, prefix: `${prefix}-other` });
      await index.prepare();
      await other.prepare();
      await index.bulk([create(buildSignal())]);
      await Promise.all([index.refresh(), other.refresh()]);
      expect([await index.count('signals'), await other.count('signals')]).toEqual([1, 0]);
      await other.close();
      await removePrefix(client, `${prefix}-other`);
    });

    it('answers every question of the Kibana objects with something', async () => {
      await index.prepare();
      await fillForKibana(index);
      const questions = [...panelQuestions(savedObjects), ...searchQuestions(savedObjects)];
      expect(questions.length).toBeGreaterThanOrEqual(14);
      for (const question of questions) {
        const answer = await client.search({
          ...question.body,
          index: question.alias.replace(/^outcry-/, `${prefix}-`),
        });
        expect(`${question.name}: ${question.unanswered(answer).join(', ')}`).toBe(
          `${question.name}: `,
        );
      }
    });
  });

  describe.skipIf(!existsSync(realPosts))(
    `as SQLite does (wants ${path.relative(process.cwd(), realPosts)})`,
    () => {
      it('finds the same real posts by the same words, in every language there', async () => {
        const prefix = newPrefix();
        const elastic = createElasticsearchIndex({ node, prefix });
        const sqlite = createSqliteIndex({ path: ':memory:' });
        try {
          const posts = readFileSync(realPosts, 'utf8')
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as { id: string; text: string; lang: string });
          const operations = posts.map(({ id, text }) =>
            create(buildSignal({ recordId: `real:${id}`, text })),
          );
          for (const index of [elastic, sqlite]) {
            await index.prepare();
            await index.bulk(operations);
            await index.refresh();
          }
          expect(await elastic.count('signals')).toBe(posts.length);
          const differ: string[] = [];
          let found = 0;
          for (const text of questionsFrom(posts)) {
            const ids = async (index: SearchIndex) =>
              (await index.signals({ text, limit: 1_000 })).items.map(({ id }) => id).join(' ');
            const [one, other] = [await ids(elastic), await ids(sqlite)];
            if (one !== '') found++;
            if (one !== other) differ.push(text);
          }
          expect(differ).toEqual([]);
          // Each question was taken from a post, so each must find one.
          expect(found).toBe(questionsFrom(posts).length);
        } finally {
          await elastic.close();
          await sqlite.close();
          await removePrefix(client, prefix);
        }
      });
    },
  );
});

/** Two neighbouring words, and a middle piece of a long word, of every post. */
function questionsFrom(posts: readonly { text: string }[]): string[] {
  const questions = new Set<string>();
  for (const [n, { text }] of posts.entries()) {
    const words = text.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu) ?? [];
    const at = n % Math.max(1, words.length - 1);
    if (words.length > 0) questions.add(words.slice(at, at + 2).join(' '));
    const unspaced = words.find((word) =>
      /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]{5,}$/u.test(word),
    );
    if (unspaced !== undefined) questions.add([...unspaced].slice(1, 4).join(''));
  }
  return [...questions];
}

/** Signals and outages that have something to show in every panel and column. */
async function fillForKibana(index: SearchIndex): Promise<void> {
  const now = Date.now();
  const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
  const signals = Array.from({ length: 12 }, (_, n) =>
    buildSignal({
      occurredAt: ago(n + 1),
      observedAt: ago(n + 1),
      stance: n % 3 === 0 ? 'asking' : 'affected',
      places: [{ country: 'SE', source: 'text', confidence: 0.9 }],
      platforms: ['ios'],
      url: 'https://example.org/post',
    }),
  );
  const [opened, updated] = buildOutageLife({
    outageId: 'kibana-1',
    startedAt: ago(30),
    decidedAt: ago(20),
    countries: ['SE'],
    leadSeconds: 90,
  });
  const now_ = { startedAt: ago(30), decidedAt: ago(10) };
  const events = [opened!, updated!].map((event) => ({ ...event, ...now_ }));
  await index.bulk([
    ...signals.map(create),
    ...events.map(
      (document): Operation => ({ op: 'create', collection: 'outage-events', document }),
    ),
    ...events.map((document): Operation => ({ op: 'upsert', collection: 'outages', document })),
  ]);
  await index.refresh();
}
