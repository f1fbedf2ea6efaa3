import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { explainError } from './errors.ts';

export interface Health {
  /** Adds something that must answer for the process to be ready. Rejecting means not ready. */
  check(name: string, probe: () => Promise<void>): void;
  /** Set once everything started; before that the process is alive but not ready. */
  started: boolean;
  /** Set when an ordered stop begins: no more work should be sent here. */
  stopping: boolean;
  report(): Promise<HealthReport>;
}

export interface HealthReport {
  ready: boolean;
  state: 'starting' | 'running' | 'stopping';
  checks: Record<string, string>;
}

const probeTimeoutMs = 2_000;

export function createHealth(): Health {
  const probes = new Map<string, () => Promise<void>>();
  return {
    started: false,
    stopping: false,
    check(name, probe) {
      probes.set(name, probe);
    },
    async report() {
      const entries = await Promise.all(
        [...probes].map(async ([name, probe]) => [name, await outcome(probe)] as const),
      );
      const checks = Object.fromEntries(entries);
      const state = this.stopping ? 'stopping' : this.started ? 'running' : 'starting';
      const ready = state === 'running' && entries.every(([, result]) => result === 'ok');
      return { ready, state, checks };
    },
  };
}

async function outcome(probe: () => Promise<void>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await Promise.race([
      probe(),
      new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error('no answer in time')), probeTimeoutMs);
      }),
    ]);
    return 'ok';
  } catch (error) {
    return explainError(error);
  } finally {
    clearTimeout(timer);
  }
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves /healthz (alive), /readyz (may be sent work) and /metrics (Prometheus text). */
export async function serveHealth(options: {
  health: Health;
  metrics(): Promise<{ type: string; text: string }>;
  host: string;
  port: number;
}): Promise<HealthServer> {
  const server: Server = createServer(async (request, response) => {
    const path = (request.url ?? '').split('?')[0];
    if (path === '/metrics') {
      const { type, text } = await options.metrics();
      response.writeHead(200, { 'content-type': type }).end(text);
    } else if (path === '/healthz') {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n');
    } else if (path === '/readyz') {
      const report = await options.health.report();
      response
        .writeHead(report.ready ? 200 : 503, { 'content-type': 'application/json' })
        .end(`${JSON.stringify(report)}\n`);
    } else {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
