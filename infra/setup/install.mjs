// What a fresh clone needs before anything can run: the packages of the lockfile, and the web page
// built from its sources. Each step leaves a stamp, so a second run does nothing.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Installs the locked packages with `npm ci`, unless the same lockfile was installed before. */
export async function installDependencies() {
  const stamp = path.join(root, 'node_modules', '.outcry-installed');
  const want = digest([path.join(root, 'package-lock.json')]);
  if (read(stamp) === want) return;

  console.error('outcry: installing packages (once; about a minute) …');
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'inherit', 'pipe'],
    shell: process.platform === 'win32',
  });
  if (result.error !== undefined)
    throw new Error(`npm could not be started: ${result.error.message}`);
  if (result.status !== 0) throw new Error(explain(result.stderr ?? ''));
  if (!existsSync(path.join(root, 'node_modules', '.bin', 'node'))) {
    throw new Error(
      'the node package brought no Node 24: install scripts are blocked; allow the one of the package "node"',
    );
  }
  writeFileSync(stamp, want);
}

/** Builds the web page with Vite, unless the same sources were built before. */
export async function buildDashboard() {
  const folder = path.join(root, 'packages', 'dashboard');
  const stamp = path.join(folder, 'dist', '.outcry-built');
  const sources = [
    ...files(path.join(folder, 'src')),
    path.join(folder, 'index.html'),
    path.join(folder, 'vite.config.ts'),
  ];
  const want = digest(sources.filter((file) => existsSync(file)));
  if (!existsSync(path.join(folder, 'vite.config.ts')) || read(stamp) === want) return;

  const bin = path.join(root, 'node_modules', '.bin');
  const result = spawnSync(
    path.join(bin, 'node'),
    [path.join(bin, 'vite'), 'build', '--logLevel', 'error'],
    {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  if (result.status !== 0)
    throw new Error(
      `the web page could not be built:\n${result.stderr ?? result.error?.message ?? ''}`,
    );
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, want);
}

/** One sentence for what npm says on standard error. @param {string} stderr */
function explain(stderr) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH|network/i.test(stderr)) {
    return 'the npm registry cannot be reached, so the packages could not be installed; connect to the network once and run the same command again.';
  }
  return `npm ci failed:\n${stderr.trim()}`;
}

/** @param {string[]} paths */
function digest(paths) {
  const hash = createHash('sha256');
  for (const file of paths.toSorted())
    hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

/** @param {string} file */
function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** @param {string} folder @returns {string[]} */
function files(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
}
