import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { StackUnavailable } from './errors.ts';
import type { Guard } from './guard.ts';

const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

export type Maven = {
  javaHome: string;
  guard: Guard;
  signal?: AbortSignal | undefined;
};

/** Fails with one sentence when there is no Maven. */
export function requireMaven(): void {
  if (spawnSync('mvn', ['--version'], { stdio: 'ignore' }).error !== undefined) {
    throw new StackUnavailable(
      'Maven is missing: `mvn` is not in PATH, and Kafka and Elasticsearch are fetched with it.',
    );
  }
}

/** Puts the jars of the artifacts and of all that they need into the folder `into`. */
export async function fetchJars(
  artifacts: readonly string[],
  into: string,
  scratch: string,
  maven: Maven,
): Promise<void> {
  await writeFile(path.join(scratch, 'pom.xml'), pom(artifacts));
  await run([`${PLUGIN}:copy-dependencies`, `-DoutputDirectory=${into}`], scratch, maven);
}

/** Unpacks a zip artifact into the folder `into`, of it only what the patterns name. */
export async function fetchZip(
  artifact: string,
  patterns: { includes: string; excludes: string },
  into: string,
  scratch: string,
  maven: Maven,
): Promise<void> {
  await run(
    [
      `${PLUGIN}:unpack`,
      `-Dartifact=${artifact}`,
      `-DoutputDirectory=${into}`,
      `-Dmdep.unpack.includes=${patterns.includes}`,
      `-Dmdep.unpack.excludes=${patterns.excludes}`,
    ],
    scratch,
    maven,
  );
}

/** One Maven run with a local repository in `scratch`, so that nothing of it stays behind. */
async function run(args: string[], scratch: string, maven: Maven): Promise<void> {
  const child = spawn(
    'mvn',
    [
      '--batch-mode',
      '--quiet',
      '--strict-checksums',
      `-Dmaven.repo.local=${path.join(scratch, 'repository')}`,
      ...args,
    ],
    {
      cwd: scratch,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, JAVA_HOME: maven.javaHome },
    },
  );
  const group = child.pid;
  if (group !== undefined) maven.guard.watch(group);
  const end = () => {
    if (group !== undefined) process.kill(-group, 'SIGKILL');
  };
  maven.signal?.addEventListener('abort', end, { once: true });
  let said = '';
  const listen = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-8000);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    maven.signal?.throwIfAborted();
    if (code !== 0) throw new StackUnavailable(explain(said));
  } finally {
    maven.signal?.removeEventListener('abort', end);
    if (group !== undefined) maven.guard.forget(group);
  }
}

/** Maven's first error line, without its colours, or the plain word for an unreachable repository. */
function explain(said: string): string {
  const plain = stripVTControlCharacters(said);
  if (
    /Unknown host|UnknownHostException|Connection refused|Network is unreachable|Connect(ion)? timed out|Could not transfer artifact/i.test(
      plain,
    )
  ) {
    return 'Maven Central cannot be reached, so Kafka and Elasticsearch cannot be fetched; they are fetched once, with a network.';
  }
  const line = plain.split('\n').find((text) => text.startsWith('[ERROR]'));
  return `Maven could not fetch the servers: ${line?.replace('[ERROR]', '').trim() ?? 'it gave no reason'}`;
}

function pom(artifacts: readonly string[]): string {
  const dependencies = artifacts.map((artifact) => {
    const [group, name, version] = artifact.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>outcry</groupId><artifactId>stack</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>${dependencies.join('\n')}</dependencies></project>
`;
}
