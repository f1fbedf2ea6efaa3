import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cacheFolder } from './cache.ts';
import { Elasticsearch, elasticsearchHome } from './elasticsearch.ts';
import { StackUnavailable } from './errors.ts';
import { Guard } from './guard.ts';
import type { Jdk } from './jdk.ts';
import { chooseJdk, findJdks } from './jdk.ts';
import { Kafka, kafkaJars } from './kafka.ts';
import { requireMaven } from './maven.ts';
import { isFree } from './ports.ts';

export type StackOptions = {
  /** Start Kafka. */
  kafka?: boolean;
  /** Start Elasticsearch. Both servers are started when neither is named. */
  elasticsearch?: boolean;
  /** One broker (the default), or three with everything replicated. */
  brokers?: 1 | 3;
  /** The first broker's port, the others follow it; default: free ports. */
  kafkaPort?: number;
  elasticsearchPort?: number;
  /** Where the downloads are kept; default: `cacheFolder()`. */
  cacheDir?: string;
  /** Where the servers keep their data; default: a new temporary folder that `stop` removes. */
  dataDir?: string;
  onProgress?(line: string): void;
  /** Gives up starting, and ends what was started. */
  signal?: AbortSignal;
};

export type RunningStack = {
  kafka?: {
    brokers: string[];
    /** Ends broker `i` (0 is the first) as a power cut would (SIGKILL); resolves when it is gone. */
    killBroker(i: number): Promise<void>;
    /** Starts broker `i` again on its old port with its old data; resolves when it serves. */
    startBroker(i: number): Promise<void>;
  };
  elasticsearch?: { url: string };
  /** The folder with the servers' data and logs. */
  dataDir: string;
  /** Resolves with one sentence if a server ends that nobody asked to end. */
  died: Promise<string>;
  /** Stops all servers (SIGTERM, after a grace SIGKILL); a temporary data folder is removed. */
  stop(): Promise<void>;
};

/**
 * Starts a real Kafka and a real Elasticsearch on 127.0.0.1, fetching them on the first use.
 * Resolves when they serve. Throws `StackUnavailable` when this machine cannot have them.
 */
export async function startStack(options: StackOptions = {}): Promise<RunningStack> {
  const neither = options.kafka === undefined && options.elasticsearch === undefined;
  const wantKafka = neither || options.kafka === true;
  const wantElasticsearch = neither || options.elasticsearch === true;
  const onProgress = options.onProgress ?? (() => undefined);
  const { signal } = options;
  const jdks = findJdks();
  const kafkaJdk = wantKafka ? requireJdk(jdks, 'Kafka', 17, false) : undefined;
  const searchJdk = wantElasticsearch ? requireJdk(jdks, 'Elasticsearch', 21, true) : undefined;
  await requirePorts(options);

  const cacheDir = options.cacheDir ?? cacheFolder();
  const temporary = options.dataDir === undefined;
  const dataDir = path.resolve(
    options.dataDir ?? (await mkdtemp(path.join(tmpdir(), 'outcry-stack-'))),
  );
  const guard = new Guard();
  if (temporary) guard.removeAtEnd(dataDir);
  await mkdir(dataDir, { recursive: true });
  // Another user than ours may run Elasticsearch, and has to pass through.
  if (temporary) await chmod(dataDir, 0o755);

  const { promise: died, resolve: onDeath } = Promise.withResolvers<string>();
  const timed = async <T>(what: string, start: () => Promise<T>): Promise<T> => {
    onProgress(`Starting ${what} …`);
    const began = performance.now();
    const started = await start();
    onProgress(`${what} is ready (${((performance.now() - began) / 1000).toFixed(1)} s)`);
    return started;
  };
  const fetching = { cacheDir, guard, onProgress, signal };

  const startKafka = async (jdk: Jdk) => {
    const jars = await kafkaJars({ ...fetching, javaHome: jdk.home });
    const brokers = options.brokers ?? 1;
    return timed(brokers === 1 ? 'Kafka' : `Kafka with ${brokers} brokers`, () =>
      Kafka.start({ jars, jdk, guard, dataDir, brokers, port: options.kafkaPort, onDeath, signal }),
    );
  };
  const startElasticsearch = async (jdk: Jdk) => {
    const home = await elasticsearchHome({ ...fetching, javaHome: jdk.home });
    return timed('Elasticsearch', () =>
      Elasticsearch.start({
        home,
        jdk,
        guard,
        dataDir,
        port: options.elasticsearchPort,
        onDeath,
        signal,
      }),
    );
  };

  const started = await Promise.allSettled([
    kafkaJdk === undefined ? undefined : startKafka(kafkaJdk),
    searchJdk === undefined ? undefined : startElasticsearch(searchJdk),
  ]);
  const [kafka, elasticsearch] = started.map((outcome) =>
    outcome.status === 'fulfilled' ? outcome.value : undefined,
  ) as [Kafka | undefined, Elasticsearch | undefined];

  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= (async () => {
      await Promise.all([kafka?.stop(), elasticsearch?.stop()]);
      if (temporary) await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
      await guard.release();
    })();
    return stopping;
  };

  const failure = started.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) {
    await stop();
    throw failure.reason;
  }
  return {
    ...(kafka === undefined
      ? {}
      : {
          kafka: {
            brokers: [...kafka.brokers],
            killBroker: (i: number) => kafka.killBroker(i),
            startBroker: (i: number) => kafka.startBroker(i),
          },
        }),
    ...(elasticsearch === undefined ? {} : { elasticsearch: { url: elasticsearch.url } }),
    dataDir,
    died,
    stop,
  };
}

function requireJdk(jdks: readonly Jdk[], what: string, major: number, full: boolean): Jdk {
  requireMaven();
  const jdk = chooseJdk(jdks, { major, full });
  if (jdk !== undefined) return jdk;
  const kind = full ? 'a full JDK (with jlink)' : 'Java';
  const have = jdks.map((found) => `${found.major}${found.full ? '' : ' without jlink'}`);
  const found = have.length === 0 ? 'no Java was found' : `found only Java ${have.join(', ')}`;
  throw new StackUnavailable(
    `${what} needs ${kind} of version ${major} or newer, and ${found} (in JAVA_HOME, /usr/lib/jvm and PATH).`,
  );
}

async function requirePorts(options: StackOptions): Promise<void> {
  const { kafkaPort, elasticsearchPort, brokers = 1 } = options;
  const wanted = [
    ...(kafkaPort === undefined ? [] : Array.from({ length: brokers }, (_, i) => kafkaPort + i)),
    ...(elasticsearchPort === undefined ? [] : [elasticsearchPort]),
  ];
  for (const port of wanted) {
    if (!(await isFree(port))) throw new Error(`port ${port} of 127.0.0.1 is taken`);
  }
}
