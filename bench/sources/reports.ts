// How many reports a second are acknowledged, and whether each acknowledged one survives kill -9.
//
//   node bench/sources/reports.ts [--seconds 15] [--connections 100]
//
// The report door runs as its own process on the embedded log, whose commits are durable; the load
// comes from here, from ever new addresses behind a trusted proxy. In the middle of a second run the
// door is killed with SIGKILL; then the log is opened and every acknowledged id is looked for.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { topics } from '@outcry/contracts';
import { createSqliteLog } from '@outcry/event-log/sqlite';
import { idsIn } from '@outcry/sources/testing';
// @ts-expect-error: the library comes without types; `Load` says what is used of it.
import autocannonUntyped from 'autocannon';

interface Result {
  requests: { average: number; total: number };
  latency: { p50: number; p99: number; max: number };
  errors: number;
}
interface Load {
  url: string;
  connections: number;
  duration: number;
  requests: {
    method: string;
    path: string;
    setupRequest(request: object): object;
    onResponse(status: number, body: string): void;
  }[];
}
const autocannon = autocannonUntyped as (load: Load) => Promise<Result>;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '15' },
    connections: { type: 'string', default: '100' },
  },
});
const duration = Number(values.seconds);
const connections = Number(values.connections);
const main = path.join(import.meta.dirname, '../../services/ingest-reports/src/main.ts');
const dataDir = mkdtempSync(path.join(tmpdir(), 'outcry-reports-'));

try {
  const port = await freePort();
  let door = await startDoor(port);
  await load(port, 2);
  const before = cpuMs(door);
  const quiet = await load(port, duration);
  const cpu = cpuMs(door) - before;
  const acknowledged = new Set(quiet.ids);
  print('acknowledged reports, durable in the log', quiet, duration);
  if (!Number.isNaN(cpu)) {
    const each = cpu / quiet.ids.length;
    console.log(
      `the door's own processor time: ${each.toFixed(3)} ms a report, so ${Math.round(1000 / each)}/s on a core of its own; ` +
        `load of this machine: ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`,
    );
  }

  const killed = load(port, duration);
  setTimeout(() => door.kill('SIGKILL'), (duration * 1000) / 2);
  const second = await killed;
  for (const id of second.ids) acknowledged.add(id);
  const found = await idsInLog();
  const lost = [...acknowledged].filter((id) => !found.has(`reports:${id}`));
  console.log(
    `killed with SIGKILL under load: ${acknowledged.size} acknowledged, ${found.size} in the log, ${lost.length} lost`,
  );
  door = await startDoor(port);
  await load(port, 1);
  console.log('the door opens again on the same log');
  await stop(door);
  if (lost.length > 0) process.exitCode = 1;
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}

async function load(
  port: number,
  seconds: number,
): Promise<{ ids: string[]; result: Result; others: Map<number, number> }> {
  const ids: string[] = [];
  const others = new Map<number, number>();
  let count = 0;
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections,
    duration: seconds,
    requests: [
      {
        method: 'POST',
        path: '/v1/reports',
        setupRequest(request) {
          count += 1;
          return {
            ...request,
            headers: { 'content-type': 'application/json', 'x-forwarded-for': addressOf(count) },
            body: JSON.stringify({
              target: 'spotify',
              type: count % 3 === 0 ? 'login' : 'playback',
              text: `nothing plays since some minutes ${count}`,
            }),
          };
        },
        onResponse(status, body) {
          if (status === 202) ids.push((JSON.parse(body) as { id: string }).id);
          else others.set(status, (others.get(status) ?? 0) + 1);
        },
      },
    ],
  });
  return { ids, result, others };
}

/** User and system time of the process so far; NaN where the system does not tell. */
function cpuMs(child: ChildProcess): number {
  try {
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}

/** Addresses from many networks, so that no limit is reached. */
function addressOf(index: number): string {
  return `${11 + (index % 100)}.${(index >> 7) % 250}.${(index >> 3) % 250}.${1 + (index % 250)}`;
}

async function startDoor(port: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [main], {
    env: {
      ...process.env,
      OUTCRY_DATA_DIR: dataDir,
      OUTCRY_REPORTS_PORT: String(port),
      OUTCRY_METRICS_PORT: '0',
      OUTCRY_TRUSTED_PROXIES: '127.0.0.0/8',
      OUTCRY_LOG_LEVEL: 'warn',
      KAFKA_BROKERS: '',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  for (let tries = 0; tries < 200; tries += 1) {
    const answered = await fetch(`http://127.0.0.1:${port}/v1/targets`).catch(() => null);
    if (answered?.ok === true) return child;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the door does not open');
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

async function idsInLog(): Promise<Set<string>> {
  const log = createSqliteLog({ path: path.join(dataDir, 'outcry.sqlite'), partitions: 4 });
  await log.prepare();
  const ids = await idsIn(log, topics.reports);
  await log.close();
  return ids;
}

function print(
  what: string,
  { ids, result, others }: Awaited<ReturnType<typeof load>>,
  seconds: number,
): void {
  const refused = [...others].map(([status, count]) => `${count} × ${status}`).join(', ') || 'none';
  console.log(
    `${what}: ${Math.round(ids.length / seconds)}/s over ${seconds} s with ${connections} connections; ` +
      `latency p50 ${result.latency.p50} ms, p99 ${result.latency.p99} ms, max ${result.latency.max} ms; ` +
      `other answers: ${refused}`,
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
