// Documents per second into a real Elasticsearch: our bulk against the driver's own bulk helper, the
// same documents into indices of the same mapping, taking turns so that both meet the same machine.
//
//   ELASTICSEARCH_URL=http://127.0.0.1:9200 node bench/search-index/elasticsearch.ts [documents, default 60000]
//
// Without ELASTICSEARCH_URL it starts the server of infra/stack.
import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { Client } from '@elastic/elasticsearch';
import type { Operation, SearchIndex } from '@outcry/search-index';
import { documentId, signalDocument } from '@outcry/search-index';
import { createElasticsearchIndex } from '@outcry/search-index/elasticsearch';
import { startStack } from '@outcry/stack';
import { figure, makeSignals, parts } from './signals.ts';

const count = Number(process.argv[2] ?? 60_000);
const rounds = 3;
/** A large batch of the indexer. */
const perBulk = 5_000;

const given = process.env.ELASTICSEARCH_URL;
const stack =
  given === undefined
    ? await startStack({ elasticsearch: true, onProgress: (line) => console.error(line) })
    : undefined;
const node = given ?? stack!.elasticsearch!.url;
const client = new Client({ node });
try {
  console.log(`${count} signals, ${rounds} rounds, best of each`);
  const best = { ours: 0, batches: 0, helper: 0, bare: 0 };
  // The first round warms server and process up and is not counted.
  for (let round = 0; round <= rounds; round++) {
    const signals = [...makeSignals(count, `r${round}`)];
    const times = {
      helper: await inNewIndex((_index, alias) => withHelper(signals, alias)),
      ours: await inNewIndex((index) => withOurs(signals, count, index)),
      batches: await inNewIndex((index) => withOurs(signals, perBulk, index)),
      bare: await inNewIndex((_index, alias) => withBareRequests(signals, alias)),
    };
    if (round > 0)
      for (const name of ['ours', 'batches', 'helper', 'bare'] as const)
        best[name] = Math.max(best[name], count / times[name]);
  }
  figure('bare bulk requests, one after the other', best.bare);
  figure("the driver's bulk helper", best.helper);
  figure('our bulk, all in one call', best.ours, { of: 'helper', to: best.helper });
  figure(`our bulk, ${perBulk} a call`, best.batches, { of: 'helper', to: best.helper });
} finally {
  await client.close();
  await stack?.stop();
}

type Signals = ReturnType<typeof makeSignals> extends Generator<infer S> ? S[] : never;

/** Seconds that `run` takes to fill a new index. */
async function inNewIndex(
  run: (index: SearchIndex, alias: string) => Promise<void>,
): Promise<number> {
  const prefix = `outcry-bench-${randomBytes(6).toString('hex')}`;
  const index = createElasticsearchIndex({ node, prefix });
  try {
    await index.prepare();
    const start = performance.now();
    await run(index, `${prefix}-signals`);
    const seconds = (performance.now() - start) / 1_000;
    await index.refresh();
    const found = await index.count('signals');
    if (found !== count) throw new Error(`${found} documents of ${count} are there`);
    return seconds;
  } finally {
    await index.close();
    const indices = await client.indices.get({ index: `${prefix}-*`, ignore_unavailable: true });
    const names = Object.keys(indices);
    if (names.length > 0) await client.indices.delete({ index: names });
    await client.indices.deleteIndexTemplate({ name: `${prefix}-*` }, { ignore: [404] });
    await client.cluster.deleteComponentTemplate({ name: `${prefix}-text` }, { ignore: [404] });
  }
}

async function withOurs(signals: Signals, length: number, index: SearchIndex): Promise<void> {
  for (const part of parts(signals, length)) {
    const outcomes = await index.bulk(
      part.map((document): Operation => ({ op: 'create', collection: 'signals', document })),
    );
    if (outcomes.some(({ status }) => status !== 'done')) throw new Error('something was refused');
  }
}

async function withHelper(signals: Signals, alias: string): Promise<void> {
  const { failed } = await client.helpers.bulk({
    datasource: signals.map(signalDocument),
    onDocument: (document) => ({ create: { _index: alias, _id: documentId(document.event.id) } }),
  });
  if (failed > 0) throw new Error(`${failed} failed`);
}

async function withBareRequests(signals: Signals, alias: string): Promise<void> {
  for (const part of parts(signals, 2_000)) {
    const { errors } = await client.bulk({
      operations: part.flatMap((signal) => [
        { create: { _index: alias, _id: documentId(signal.id) } },
        signalDocument(signal),
      ]),
    });
    if (errors) throw new Error('something was refused');
  }
}
