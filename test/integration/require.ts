import { describe, inject, it } from 'vitest';

/** A suite that needs a real Kafka; it is given the brokers' addresses. */
export function describeWithKafka(name: string, suite: (brokers: string[]) => void): void {
  const brokers = inject('kafkaBrokers');
  if (brokers === null) skipped(name, 'Kafka');
  else describe(name, () => suite(brokers));
}

/** A suite that needs a real Elasticsearch; it is given the server's URL. */
export function describeWithElasticsearch(name: string, suite: (url: string) => void): void {
  const url = inject('elasticsearchUrl');
  if (url === null) skipped(name, 'Elasticsearch');
  else describe(name, () => suite(url));
}

/** A suite that needs both servers. */
export function describeWithServers(
  name: string,
  suite: (servers: { kafkaBrokers: string[]; elasticsearchUrl: string }) => void,
): void {
  const kafkaBrokers = inject('kafkaBrokers');
  const elasticsearchUrl = inject('elasticsearchUrl');
  if (kafkaBrokers === null || elasticsearchUrl === null) skipped(name, 'Kafka and Elasticsearch');
  else describe(name, () => suite({ kafkaBrokers, elasticsearchUrl }));
}

/** The reason stands in a title, where a reader of the results sees it. */
function skipped(name: string, what: string): void {
  describe(name, () => {
    it.skip(`needs ${what}: ${inject('serversReason')}`, () => undefined);
  });
}
