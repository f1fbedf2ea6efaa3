import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

export const root = path.resolve(import.meta.dirname, '..', '..');

/** A service as an operating system sees it: an environment, a process, signals. */
export interface ServiceProcess {
  readonly name: string;
  /** Resolves with the address it serves at (health for a stage, the page for what has one). */
  readonly address: Promise<string>;
  /** All it wrote to its log, for a failing test to show. */
  log(): string;
  /** SIGKILL, as the out-of-memory killer sends it. Resolves once it is gone. */
  kill9(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Entries of services that serve the page or a door say it under `address`; stages say their port. */
interface LogLine {
  address?: string;
  port?: number;
  msg?: string;
}

/** A test that fails in the middle stops nothing; the end of its worker does. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export function startProcess(
  service: string,
  env: Record<string, string>,
  options: { stdin?: 'ignore' | 'pipe' } = {},
): ServiceProcess {
  const child: ChildProcess = spawn(process.execPath, [`services/${service}/src/main.ts`], {
    cwd: root,
    stdio: [options.stdin ?? 'ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      OUTCRY_METRICS_PORT: '0',
      OUTCRY_HTTP_PORT: '0',
      OUTCRY_REPORTS_PORT: '0',
      OUTCRY_LOG_FORMAT: 'json',
      // No test asks anybody but itself.
      OUTCRY_PROBES: 'false',
      OUTCRY_OFFICIAL_STATUS: 'false',
      OUTCRY_BLUESKY: env.OUTCRY_BLUESKY_HOSTS === undefined ? 'false' : 'true',
      ...env,
    },
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const lines: string[] = [];
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const servesPage = ['standalone', 'api', 'ingest-reports'].includes(service);

  const address = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stderr! }).on('line', (line) => {
      lines.push(line);
      const parsed = parse(line);
      if (servesPage && parsed.address !== undefined) resolve(parsed.address);
      else if (!servesPage && parsed.port !== undefined) resolve(`http://127.0.0.1:${parsed.port}`);
    });
    exited.then(() => reject(new Error(`${service} ended before it served:\n${lines.join('\n')}`)));
  });
  address.catch(() => {});

  return {
    name: service,
    address,
    log: () => lines.join('\n'),
    async kill9() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      if (child.exitCode !== null) return child.exitCode;
      child.kill('SIGTERM');
      const [code] = await exited;
      return code;
    },
  };
}

function parse(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return {};
  }
}

/** Runs a program of the project to its end. */
export async function run(
  args: readonly string[],
  env: Record<string, string> = {},
  input?: string,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** Waits until something holds; fails with what it last saw. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined> | T | undefined,
  { timeoutMs = 60_000, everyMs = 100 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> {
  const end = Date.now() + timeoutMs;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const value = await probe();
      if (value !== undefined) return value;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  throw new Error(`waited ${timeoutMs} ms in vain for ${what}`, { cause: last });
}
