import { randomBytes } from 'node:crypto';
import { Client } from '@elastic/elasticsearch';
import { searchIndexContract } from '@outcry/search-index/contract-suite';
import { createElasticsearchIndex } from '@outcry/search-index/elasticsearch';
import { describeWithElasticsearch } from './require.ts';

/** A prefix that no other test has, so that all can share a server. */
const newPrefix = () => `outcry-test-${randomBytes(6).toString('hex')}`;

/** Removes all that a prefix has on a server. */
async function removePrefix(client: Client, prefix: string): Promise<void> {
  const indices = await client.indices.get({ index: `${prefix}-*`, ignore_unavailable: true });
  const names = Object.keys(indices);
  if (names.length > 0) await client.indices.delete({ index: names });
  await client.indices.deleteIndexTemplate({ name: `${prefix}-*` }, { ignore: [404] });
  await client.cluster.deleteComponentTemplate({ name: `${prefix}-text` }, { ignore: [404] });
}

describeWithElasticsearch('on a real Elasticsearch', (node) => {
  const client = new Client({ node });

  searchIndexContract('Elasticsearch', () => {
    const prefix = newPrefix();
    return {
      open: () => createElasticsearchIndex({ node, prefix }),
      dispose: () => removePrefix(client, prefix),
    };
  });
});
