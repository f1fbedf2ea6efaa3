import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { StackUnavailable } from './errors.ts';
import type { RunningStack, StackOptions } from './stack.ts';
import { startStack } from './stack.ts';

const WRONG_ARGUMENT = 64;
const UNAVAILABLE = 69;

export const stackUsage = `Usage: outcry stack [options]

Starts a real Kafka and a real Elasticsearch on 127.0.0.1, without Docker, and stops them on Ctrl-C.
They are fetched once from Maven Central. Needs Maven and a JDK (21 or newer for Elasticsearch).

  --kafka                    only Kafka
  --elasticsearch            only Elasticsearch
  --brokers N                1 or 3 Kafka brokers (default 1)
  --kafka-port PORT          the first broker's port (default: a free one)
  --elasticsearch-port PORT  (default: a free one)
  --data DIR                 keep the data here (default: a temporary folder)
  --json                     print the endpoints as one line of JSON
  -h, --help                 show this help
`;

export type RunStackOptions = StackOptions & { json?: boolean };

/** Reads the arguments of `outcry stack`. Throws a sentence about the first one that is wrong. */
export function parseStackArgs(args: readonly string[]): RunStackOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kafka: { type: 'boolean' },
      elasticsearch: { type: 'boolean' },
      brokers: { type: 'string' },
      'kafka-port': { type: 'string' },
      'elasticsearch-port': { type: 'string' },
      data: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return 'help';
  const kafkaPort = port('--kafka-port', values['kafka-port']);
  const elasticsearchPort = port('--elasticsearch-port', values['elasticsearch-port']);
  return {
    ...(values.kafka === undefined ? {} : { kafka: values.kafka }),
    ...(values.elasticsearch === undefined ? {} : { elasticsearch: values.elasticsearch }),
    ...(values.brokers === undefined ? {} : { brokers: brokerCount(values.brokers) }),
    ...(kafkaPort === undefined ? {} : { kafkaPort }),
    ...(elasticsearchPort === undefined ? {} : { elasticsearchPort }),
    ...(values.data === undefined ? {} : { dataDir: values.data }),
    ...(values.json === undefined ? {} : { json: values.json }),
  };
}

function brokerCount(text: string): 1 | 3 {
  if (text === '1') return 1;
  if (text === '3') return 3;
  throw new Error('--brokers is 1 or 3');
}

function port(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value > 0 && value < 65_536) return value;
  throw new Error(`${name} is a port number, not "${text}"`);
}

/**
 * Starts the servers, prints where they are, waits for SIGINT, SIGTERM or SIGHUP, and stops them.
 * Progress goes to standard error, endpoints to standard output. Resolves with the exit code:
 * 0 after a signal, 1 when a server could not start or ended by itself, 64 for a wrong argument, 69
 * when this machine lacks something (the numbers of sysexits.h).
 */
export async function runStack(input: readonly string[] | RunStackOptions): Promise<number> {
  let options: RunStackOptions | 'help';
  try {
    options = Array.isArray(input) ? parseStackArgs(input) : (input as RunStackOptions);
  } catch (error) {
    console.error(`outcry stack: ${(error as Error).message}`);
    return WRONG_ARGUMENT;
  }
  if (options === 'help') {
    process.stdout.write(stackUsage);
    return 0;
  }
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  try {
    const onProgress = (line: string) => console.error(line);
    const stack = await startStack({ onProgress, ...options, signal: interrupt.signal });
    try {
      return await serve(stack, options.json === true, interrupt.signal);
    } finally {
      console.error('Stopping …');
      await stack.stop();
    }
  } catch (error) {
    if (interrupt.signal.aborted) return 0;
    console.error(`outcry stack: ${(error as Error).message}`);
    return error instanceof StackUnavailable ? UNAVAILABLE : 1;
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}

async function serve(stack: RunningStack, json: boolean, signal: AbortSignal): Promise<number> {
  process.stdout.write(json ? `${JSON.stringify(endpoints(stack))}\n` : shell(stack));
  console.error(`Data and logs: ${stack.dataDir}. Ctrl-C stops everything.`);
  const interrupted = signal.aborted
    ? Promise.resolve(undefined)
    : once(signal, 'abort').then(() => undefined);
  // A promise alone keeps no process alive; the timer does.
  const alive = setInterval(() => undefined, 60_000);
  const death = await Promise.race([interrupted, stack.died]);
  clearInterval(alive);
  if (death === undefined) return 0;
  console.error(`outcry stack: ${death}.`);
  return 1;
}

function endpoints(stack: RunningStack) {
  return {
    kafkaBrokers: stack.kafka?.brokers ?? null,
    elasticsearchUrl: stack.elasticsearch?.url ?? null,
    dataDir: stack.dataDir,
  };
}

/** Lines that a shell can read: `eval` or an .env file takes them as they are. */
function shell(stack: RunningStack): string {
  const lines = [
    ...(stack.kafka ? [`KAFKA_BROKERS=${stack.kafka.brokers.join(',')}`] : []),
    ...(stack.elasticsearch ? [`ELASTICSEARCH_URL=${stack.elasticsearch.url}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}
