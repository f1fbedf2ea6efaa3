import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cached } from './cache.ts';
import type { Guard } from './guard.ts';
import type { Jdk } from './jdk.ts';
import { knowsBrokers } from './kafka-wire.ts';
import { fetchJars } from './maven.ts';
import { freePorts } from './ports.ts';
import type { Fetching } from './progress.ts';
import { watchFolder } from './progress.ts';
import { ServerProcess } from './server-process.ts';
import { untilReady } from './until-ready.ts';
import { versions } from './versions.ts';

const VERSION = versions.kafka;
const ARTIFACTS = [
  `org.apache.kafka:kafka_2.13:${VERSION}`,
  'org.apache.logging.log4j:log4j-slf4j-impl:2.25.1',
  'org.apache.logging.log4j:log4j-core:2.25.1',
];
const START_TIMEOUT_MS = 180_000;

const LOGGING = `<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="warn">
  <Appenders>
    <Console name="console"><PatternLayout pattern="[%d] %p %m (%c)%n"/></Console>
  </Appenders>
  <Loggers>
    <Root level="info"><AppenderRef ref="console"/></Root>
  </Loggers>
</Configuration>
`;

/** The folder with Kafka's jars, fetched on the first call. */
export function kafkaJars(fetching: Fetching): Promise<string> {
  return cached({
    cacheDir: fetching.cacheDir,
    name: `kafka-${VERSION}`,
    signal: fetching.signal,
    onWait: () => fetching.onProgress(`Another process is fetching Kafka ${VERSION}; waiting …`),
    async make(into, scratch) {
      const watch = watchFolder(scratch, `Fetching Kafka ${VERSION}`, 110, fetching.onProgress);
      try {
        await fetchJars(ARTIFACTS, into, scratch, fetching);
      } finally {
        watch.end();
      }
    },
  });
}

export type KafkaOptions = {
  jars: string;
  jdk: Jdk;
  guard: Guard;
  dataDir: string;
  brokers: 1 | 3;
  /** The first broker's port; the next ones follow it. Free ones are taken when it is left out. */
  port?: number | undefined;
  /** Told when a broker ends that nobody asked to end. */
  onDeath(sentence: string): void;
  signal?: AbortSignal | undefined;
};

type Node = { id: number; port: number; folder: string; process?: ServerProcess };

/** A running Kafka in KRaft mode: one broker, or three with everything replicated. */
export class Kafka {
  readonly brokers: readonly string[];
  readonly #options: KafkaOptions;
  readonly #nodes: Node[];

  private constructor(options: KafkaOptions, nodes: Node[]) {
    this.#options = options;
    this.#nodes = nodes;
    this.brokers = nodes.map((node) => `127.0.0.1:${node.port}`);
  }

  /** Formats what is not formatted yet, starts all brokers, and waits until each knows all others. */
  static async start(options: KafkaOptions): Promise<Kafka> {
    const { brokers: count, port } = options;
    const [controllers, free] = split(await freePorts(2 * count), count);
    const nodes = controllers.map((_, i) => ({
      id: i + 1,
      port: port === undefined ? (free[i] as number) : port + i,
      folder: path.join(options.dataDir, `kafka-${i + 1}`),
    }));
    const voters = nodes.map((node, i) => `${node.id}@127.0.0.1:${controllers[i]}`).join(',');
    const clusterId = await clusterIdOf(options.dataDir);
    await Promise.all(
      nodes.map(async (node, i) => {
        await mkdir(node.folder, { recursive: true });
        await writeFile(path.join(node.folder, 'log4j2.xml'), LOGGING);
        await writeFile(
          path.join(node.folder, 'server.properties'),
          properties(node, controllers[i] as number, voters, count),
        );
        await format(options, node, clusterId);
      }),
    );
    const kafka = new Kafka(options, nodes);
    try {
      for (const node of nodes) kafka.#spawn(node);
      await Promise.all(nodes.map((node) => kafka.#ready(node, count)));
    } catch (error) {
      await kafka.stop();
      throw error;
    }
    return kafka;
  }

  /** Ends broker `i` (0 is the first) as a power cut would. Resolves when it is gone. */
  async killBroker(i: number): Promise<void> {
    await this.#node(i).process?.kill();
  }

  /** Starts broker `i` again on its old port with what it had stored. Resolves when it serves. */
  async startBroker(i: number): Promise<void> {
    const node = this.#node(i);
    if (node.process?.running) return;
    this.#spawn(node);
    const running = this.#nodes.filter((other) => other.process?.running).length;
    await this.#ready(node, running);
  }

  async stop(graceMs = 10_000): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.process?.stop(graceMs)));
  }

  #node(i: number): Node {
    const node = this.#nodes[i];
    if (node === undefined) throw new RangeError(`there is no broker ${i}`);
    return node;
  }

  #spawn(node: Node): void {
    const { jdk, jars, guard } = this.#options;
    const started = new ServerProcess(
      {
        name: `Kafka broker ${node.id}`,
        file: path.join(jdk.home, 'bin', 'java'),
        args: [
          '-Xms128m',
          this.#nodes.length === 1 ? '-Xmx512m' : '-Xmx384m',
          '-XX:+UseSerialGC',
          // Three brokers share few cores, so they start with the quick compiler alone.
          ...(this.#nodes.length === 1 ? [] : ['-XX:TieredStopAtLevel=1']),
          ...javaArgs(node, jars),
          'kafka.Kafka',
          path.join(node.folder, 'server.properties'),
        ],
        cwd: node.folder,
        env: process.env,
        logFile: path.join(node.folder, 'server.log'),
      },
      guard,
    );
    node.process = started;
    started.ended.then((sentence) => {
      if (!started.stopping) this.#options.onDeath(sentence);
    });
  }

  async #ready(node: Node, count: number): Promise<void> {
    await untilReady({
      process: node.process as ServerProcess,
      timeoutMs: START_TIMEOUT_MS,
      signal: this.#options.signal,
      probe: () => knowsBrokers(node.port, count),
    });
  }
}

function javaArgs(node: Node, jars: string): string[] {
  const logging = path.join(node.folder, 'log4j2.xml');
  return [`-Dlog4j2.configurationFile=${logging}`, '-cp', path.join(jars, '*')];
}

/** Kafka's own tool writes the cluster id and the first metadata; it leaves a formatted folder alone. */
async function format(options: KafkaOptions, node: Node, clusterId: string): Promise<void> {
  const child = spawn(
    path.join(options.jdk.home, 'bin', 'java'),
    [
      '-Xmx128m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      ...javaArgs(node, options.jars),
      'kafka.tools.StorageTool',
      'format',
      '--ignore-formatted',
      '--cluster-id',
      clusterId,
      '--config',
      path.join(node.folder, 'server.properties'),
    ],
    { cwd: node.folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`Kafka could not format its folder:\n${said.trim()}`);
}

/** The cluster id of a data folder that was used before, else a new one. */
async function clusterIdOf(dataDir: string): Promise<string> {
  const file = path.join(dataDir, 'kafka-1', 'data', 'meta.properties');
  const text = await readFile(file, 'utf8').catch(() => '');
  return /^cluster\.id=(.+)$/m.exec(text)?.[1] ?? newClusterId();
}

/** 16 random bytes in base64url, as Kafka writes a UUID; its tools refuse one with a leading dash. */
function newClusterId(): string {
  for (;;) {
    const id = randomBytes(16).toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}

function properties(node: Node, controller: number, voters: string, count: 1 | 3): string {
  const insync = count === 1 ? 1 : 2;
  return `process.roles=broker,controller
node.id=${node.id}
controller.quorum.voters=${voters}
listeners=PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${node.port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs=${path.join(node.folder, 'data')}
default.replication.factor=${count}
min.insync.replicas=${insync}
offsets.topic.replication.factor=${count}
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=${count}
transaction.state.log.min.isr=${insync}
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=${count}
share.coordinator.state.topic.min.isr=${insync}
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
`;
}

function split<T>(list: readonly T[], at: number): [T[], T[]] {
  return [list.slice(0, at), list.slice(at)];
}
