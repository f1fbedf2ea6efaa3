import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const STALE_MS = 30_000;
const BEAT_MS = 5_000;

/** Where downloads are kept: OUTCRY_STACK_CACHE, else `outcry/stack` in the user's cache folder. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.OUTCRY_STACK_CACHE) return path.resolve(env.OUTCRY_STACK_CACHE);
  const base = env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  return path.join(base, 'outcry', 'stack');
}

export type Entry = {
  cacheDir: string;
  name: string;
  /** Fills the empty folder `into`; a folder beside it, `scratch`, is thrown away afterwards. */
  make(into: string, scratch: string): Promise<void>;
  /** Called once when another process is making the same entry. */
  onWait(): void;
  signal?: AbortSignal | undefined;
};

/**
 * The folder `cacheDir/name`, made if it is not there. Of several processes that want it, one makes
 * it and the others wait. It appears by a rename, so it is either whole or not there.
 */
export async function cached(entry: Entry): Promise<string> {
  const final = path.join(entry.cacheDir, entry.name);
  if (existsSync(final)) return final;
  await mkdir(entry.cacheDir, { recursive: true });
  const unlock = await lock(`${final}.lock`, entry.onWait, entry.signal);
  const work = `${final}.making-${randomBytes(4).toString('hex')}`;
  try {
    if (existsSync(final)) return final;
    await removeLeftovers(entry.cacheDir, `${entry.name}.making-`);
    const into = path.join(work, 'into');
    const scratch = path.join(work, 'scratch');
    await mkdir(into, { recursive: true });
    await mkdir(scratch, { recursive: true });
    await entry.make(into, scratch);
    await rename(into, final);
    return final;
  } finally {
    await rm(work, { recursive: true, force: true });
    await unlock();
  }
}

/** What a process that was killed in the middle of its work has left. Only the lock's holder calls. */
async function removeLeftovers(folder: string, prefix: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(prefix))
      await rm(path.join(folder, name), { recursive: true, force: true });
  }
}

/**
 * Takes the lock file, waiting for its holder. The holder touches it every few seconds; one that was
 * not touched for half a minute belongs to a process that is gone, and is taken over.
 */
async function lock(
  file: string,
  onWait: () => void,
  signal: AbortSignal | undefined,
): Promise<() => Promise<void>> {
  let told = false;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(`${process.pid}\n`);
      await handle.close();
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (await takeAway(file)) continue;
    if (!told) onWait();
    told = true;
    await sleep(500);
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, BEAT_MS);
  beat.unref();
  return async () => {
    clearInterval(beat);
    await rm(file, { force: true });
  };
}

/** Removes the lock of a process that is gone. Of several that see it, one succeeds. */
async function takeAway(file: string): Promise<boolean> {
  const aside = `${file}.${randomBytes(4).toString('hex')}`;
  const seen = await stat(file).catch(() => undefined);
  if (seen === undefined) return true;
  if (Date.now() - seen.mtimeMs <= STALE_MS) return false;
  const moved = await rename(file, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return true;
  const got = await stat(aside);
  // Somebody else was quicker and this is the new holder's lock: it goes back.
  if (got.ino !== seen.ino) await rename(aside, file);
  else await rm(aside, { force: true });
  return true;
}
