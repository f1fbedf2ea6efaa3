// What a fresh clone needs before anything can run: the packages of the lockfile, and the web page
// built from its sources. Both are looked at first, so a second run does nothing.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './run-program.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
/** The Node that the project brings. */
export const node = path.join(root, 'node_modules', 'node', 'bin', 'node');

// npm would retry for more than a minute before it says that there is no network.
const PATIENCE = [
  '--fetch-retries=2',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=5000',
];

/**
 * Installs the packages of the lockfile with `npm ci`, unless they are there already.
 * Throws an error of one sentence when they cannot be had.
 */
export async function installDependencies() {
  if (lockIsInstalled() && existsSync(node)) return;

  console.error('outcry: installing packages (once; about a minute) …');
  const { status, stderr, interrupted } = await runProgram(
    'npm',
    ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...PATIENCE],
    { cwd: root, stdio: ['ignore', process.stderr, 'pipe'], shell: process.platform === 'win32' },
  );
  if (interrupted) throw new Error('the installation was interrupted; the next run begins it anew');
  if (status !== 0) throw new Error(explain(stderr));
  if (!existsSync(node)) {
    throw new Error(
      'the package "node" brought no Node 24: its install script was not allowed to run',
    );
  }
}

/** Whether npm's own record of what it installed agrees with the lockfile, package by package. */
function lockIsInstalled() {
  const record = read(path.join(root, 'node_modules', '.package-lock.json'));
  if (record === undefined) return false;
  const installed = JSON.parse(record).packages;
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(([where, entry]) => {
    // The project itself is in no record, and what is for another system is not installed.
    if (where === '') return true;
    const found = installed[where];
    if (found === undefined) return entry.optional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

/** Builds the web page with Vite, unless the same sources were built before. */
export async function buildDashboard() {
  const folder = path.join(root, 'packages', 'dashboard');
  const stamp = path.join(folder, 'dist', '.outcry-built');
  if (!existsSync(path.join(folder, 'vite.config.ts'))) return;
  // The page's own files, and the contracts that it shares with the services.
  const sources = [...files(folder), ...files(path.join(root, 'packages', 'contracts', 'src'))];
  const want = digest(sources);
  if (read(stamp) === want) return;

  console.error('outcry: building the web page …');
  const vite = path.join(root, 'node_modules', '.bin', 'vite');
  const result = spawnSync(node, [vite, 'build', '--logLevel', 'error'], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (result.status !== 0)
    throw new Error(
      `the web page could not be built:\n${result.stderr ?? result.error?.message ?? ''}`,
    );
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, want);
}

/** One sentence for what npm says on standard error. @param {string} stderr */
function explain(stderr) {
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH|EHOSTUNREACH|network/i.test(
      stderr,
    )
  ) {
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

/**
 * The files in a folder, without what was built or installed there.
 * @param {string} folder @returns {string[]}
 */
function files(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'dist' && entry.name !== 'node_modules')
    .flatMap((entry) => {
      const at = path.join(folder, entry.name);
      return entry.isDirectory() ? files(at) : [at];
    });
}
