import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';

/** A Java installation: `home` is what JAVA_HOME would be, `full` tells a JDK with jlink from a JRE. */
export type Jdk = { home: string; major: number; full: boolean };

/** The Java installations of this machine: JAVA_HOME, the usual folders, `java` in PATH; each once. */
export function findJdks(env: NodeJS.ProcessEnv = process.env): Jdk[] {
  const homes = [
    ...(env.JAVA_HOME ? [env.JAVA_HOME] : []),
    ...children('/usr/lib/jvm'),
    ...children('/Library/Java/JavaVirtualMachines').map((dir) => path.join(dir, 'Contents/Home')),
    ...homeOnPath(env),
  ];
  const found = new Map<string, Jdk>();
  for (const home of homes) {
    const jdk = describe(home);
    if (jdk !== undefined && !found.has(jdk.home)) found.set(jdk.home, jdk);
  }
  return [...found.values()];
}

/** The oldest installation that suffices: closest to what the servers are built for. */
export function chooseJdk(jdks: readonly Jdk[], need: { major: number; full: boolean }) {
  return jdks
    .filter((jdk) => jdk.major >= need.major && (jdk.full || !need.full))
    .toSorted((a, b) => a.major - b.major)[0];
}

/** Reads the `release` file that every Java since 9 has; undefined where there is no usable Java. */
function describe(home: string): Jdk | undefined {
  const release = path.join(home, 'release');
  if (!existsSync(release) || !existsSync(path.join(home, 'bin', 'java'))) return undefined;
  const text = readFileSync(release, 'utf8');
  const major = Number(/^JAVA_VERSION="(?:1\.)?(\d+)/m.exec(text)?.[1]);
  if (!Number.isInteger(major)) return undefined;
  const full =
    existsSync(path.join(home, 'bin', 'javac')) && /^MODULES=.*\bjdk\.jlink\b/m.test(text);
  return { home: realpathSync(home), major, full };
}

function children(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .toSorted()
    .map((name) => path.join(folder, name));
}

/** `java` in PATH is mostly a link to the `bin` folder of its home. */
function homeOnPath(env: NodeJS.ProcessEnv): string[] {
  for (const folder of (env.PATH ?? '').split(path.delimiter)) {
    const java = path.join(folder, 'java');
    if (folder !== '' && existsSync(java)) return [path.resolve(realpathSync(java), '..', '..')];
  }
  return [];
}
