// npm run bench:pipeline: what the whole way costs, as ratios within one run. The figures on real
// servers need Kafka and Elasticsearch: from the environment (KAFKA_BROKERS, ELASTICSEARCH_URL), else
// started here by infra/stack, else left out with the reason.
import { spawnSync } from 'node:child_process';
import { StackUnavailable, startStack } from '@outcry/stack';
import { print } from '../event-log/figures.ts';
import { benchKafkaLog } from '../event-log/kafka.ts';
import { benchEmbedded } from './embedded.ts';
import { benchServices } from './services.ts';

const count = process.argv.includes('--quick') ? 10_000 : 60_000;

print(`Embedded, ${count} posts`, await benchEmbedded(count));

console.log('\nEach service, embedded, idle');
for (const { service, startMs, idleMb } of await benchServices()) {
  console.log(
    `  ${service.padEnd(16)} ready after ${String(startMs).padStart(5)} ms, ${String(idleMb).padStart(4)} MB`,
  );
}

try {
  const servers = await findServers();
  print('Kafka: consume, transform, produce', await benchKafkaLog(servers.brokers));
  console.log('\nElasticsearch: documents per second');
  runBench('bench/search-index/elasticsearch.ts', { ELASTICSEARCH_URL: servers.url });
  await servers.stop();
} catch (error) {
  if (!(error instanceof StackUnavailable)) throw error;
  console.log(`\nKafka and Elasticsearch are left out: ${error.message}`);
}

async function findServers(): Promise<{ brokers: string[]; url: string; stop(): Promise<void> }> {
  const { KAFKA_BROKERS, ELASTICSEARCH_URL } = process.env;
  if (KAFKA_BROKERS && ELASTICSEARCH_URL) {
    return { brokers: KAFKA_BROKERS.split(','), url: ELASTICSEARCH_URL, stop: async () => {} };
  }
  const stack = await startStack({ onProgress: (line: string) => console.error(line) });
  return { brokers: stack.kafka!.brokers, url: stack.elasticsearch!.url, stop: () => stack.stop() };
}

function runBench(file: string, env: Record<string, string>): void {
  const { status } = spawnSync(process.execPath, [file], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new Error(`${file} failed`);
}
