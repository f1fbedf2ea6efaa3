import { versions } from '@outcry/stack';
import { Kafka, logLevel } from 'kafkajs';
import { expect, it } from 'vitest';
import { describeWithElasticsearch, describeWithKafka } from './require.ts';

describeWithKafka('the Kafka of the integration tests', (brokers) => {
  it('tells its brokers and makes no topic unasked', async () => {
    const admin = new Kafka({ brokers, logLevel: logLevel.ERROR }).admin();
    await admin.connect();
    const cluster = await admin.describeCluster();
    expect(cluster.brokers.map((broker) => `${broker.host}:${broker.port}`).toSorted()).toEqual(
      brokers.toSorted(),
    );
    await expect(admin.fetchTopicMetadata({ topics: ['nobody-made-this'] })).rejects.toThrow();
    await admin.disconnect();
  });
});

describeWithElasticsearch('the Elasticsearch of the integration tests', (url) => {
  it('is of the version that the images carry', async () => {
    const answer = await fetch(url);
    expect(await answer.json()).toMatchObject({
      version: { number: versions.elasticsearch },
    });
  });
});
