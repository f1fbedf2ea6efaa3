import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startProcess } from '../../test/support/processes.ts';

export interface ServiceFigure {
  service: string;
  /** From the start of the process until /readyz says yes. */
  startMs: number;
  /** Resident memory after ten idle seconds. */
  idleMb: number;
}

const services = [
  'standalone',
  'ingest-social',
  'ingest-reports',
  'watcher',
  'classifier',
  'detector',
  'indexer',
  'notifier',
  'api',
] as const;

/** Start-up time and idle memory of each service, embedded, without live sources. */
export async function benchServices(): Promise<ServiceFigure[]> {
  const figures: ServiceFigure[] = [];
  for (const service of services) {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'outcry-bench-'));
    const metricsPort = 20_000 + Math.floor(Math.random() * 20_000);
    const began = performance.now();
    const process = startProcess(service, {
      OUTCRY_DATA_DIR: dataDir,
      OUTCRY_LIVE: 'false',
      OUTCRY_METRICS_PORT: String(metricsPort),
    });
    const base =
      service === 'standalone' ? await process.address : `http://127.0.0.1:${metricsPort}`;
    while (!(await isReady(base))) await wait(10);
    const startMs = performance.now() - began;
    await wait(10_000);
    const metrics = await (await fetch(`${base}/metrics`)).text();
    const bytes = Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1]);
    figures.push({ service, startMs: Math.round(startMs), idleMb: Math.round(bytes / 1_048_576) });
    await process.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
  return figures;
}

async function isReady(base: string): Promise<boolean> {
  try {
    return (await fetch(`${base}/readyz`)).ok;
  } catch {
    return false;
  }
}
