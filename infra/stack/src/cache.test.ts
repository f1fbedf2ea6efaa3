import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cached, cacheFolder } from './cache.ts';

const moduleUrl = new URL('./cache.ts', import.meta.url).href;

// Makes the entry slowly and notes that it did; prints the file that it finds in the entry.
const MAKER = `
import { appendFileSync, writeFileSync, readFileSync } from 'node:fs';
const { cached } = await import(${JSON.stringify(moduleUrl)});
const [cacheDir] = process.argv.slice(1);
const folder = await cached({ cacheDir, name: 'thing', onWait() {}, async make(into) {
  appendFileSync(cacheDir + '/made.txt', 'x');
  writeFileSync(into + '/a', 'whole');
  await new Promise((resolve) => setTimeout(resolve, 700));
  writeFileSync(into + '/b', 'whole');
} });
process.stdout.write(readFileSync(folder + '/a', 'utf8') + readFileSync(folder + '/b', 'utf8'));
`;

describe('the cache of downloads', () => {
  let cacheDir = '';
  beforeEach(async () => {
    cacheDir = await mkdtemp(path.join(tmpdir(), 'outcry-cache-'));
  });
  afterEach(() => rm(cacheDir, { recursive: true, force: true }));

  const entry = (make: (into: string) => Promise<void>) => ({
    cacheDir,
    name: 'thing',
    onWait: () => undefined,
    make,
  });
  const fill = (into: string) => writeFile(path.join(into, 'a'), 'whole');

  it('is made by one of several processes that want it at once, and whole for all', async () => {
    const outputs = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const args = ['--input-type=module', '--eval', MAKER, cacheDir];
        const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
        let output = '';
        child.stdout.on('data', (chunk) => {
          output += chunk;
        });
        await once(child, 'close');
        return output;
      }),
    );
    expect(outputs).toEqual(Array(4).fill('wholewhole'));
    expect(await readFile(path.join(cacheDir, 'made.txt'), 'utf8')).toBe('x');
  }, 30_000);

  it('is not made again', async () => {
    await cached(entry(fill));
    const folder = await cached(entry(() => Promise.reject(new Error('made twice'))));
    expect(await readdir(folder)).toEqual(['a']);
  });

  it('keeps nothing of a making that failed, and makes anew', async () => {
    const failing = cached(
      entry(async (into) => {
        await fill(into);
        throw new Error('cut off');
      }),
    );
    await expect(failing).rejects.toThrow('cut off');
    expect(await readdir(cacheDir)).toEqual([]);
    await cached(entry(fill));
    expect(await readdir(cacheDir)).toEqual(['thing']);
  });

  it('takes over from a process that is gone, and removes what it left', async () => {
    const lock = path.join(cacheDir, 'thing.lock');
    await writeFile(lock, '1\n');
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lock, longAgo, longAgo);
    await mkdir(path.join(cacheDir, 'thing.making-0badcafe'));
    await cached(entry(fill));
    expect(await readdir(cacheDir)).toEqual(['thing']);
  });

  it('can be given up while another process holds the lock', async () => {
    await writeFile(path.join(cacheDir, 'thing.lock'), '1\n');
    const signal = AbortSignal.timeout(100);
    await expect(cached({ ...entry(fill), signal })).rejects.toThrow();
  });

  it('lies where the environment says, else in the user cache', () => {
    expect(cacheFolder({ OUTCRY_STACK_CACHE: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a');
    expect(cacheFolder({ XDG_CACHE_HOME: '/b' })).toBe('/b/outcry/stack');
    expect(cacheFolder({})).toMatch(/\.cache\/outcry\/stack$/);
  });
});
