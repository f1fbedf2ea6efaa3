import type { Catalog } from '@outcry/catalog';
import type { EventLog } from '@outcry/event-log';
import type { StageObserver } from '@outcry/pipeline';
import type { Logger, Values } from '@outcry/runtime';
import type { Ingest, Source } from '@outcry/sources';
import { createIngest, createOfficialStatusSource, createProbeSource } from '@outcry/sources';
import type { WatchMetrics } from './probe-metrics.ts';
import type { watchSettings } from './settings.ts';

export interface WatcherOptions {
  log: EventLog;
  config: Values<typeof watchSettings>;
  catalog: Pick<Catalog, 'targets'>;
  logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  observer: StageObserver;
  metrics?: WatchMetrics;
}

/** Probes and official status pages into checks.v1. */
export function startWatcher(options: WatcherOptions): Promise<Ingest> {
  const { log, logger, observer, metrics } = options;
  return createIngest({
    name: 'watcher',
    log,
    sources: createWatchSources(options),
    // Checks have no authors.
    voice: () => {
      throw new Error('the watcher hears no voices');
    },
    logger,
    observer,
    ...(metrics === undefined ? {} : { count: metrics.count }),
  });
}

/** The sources that the settings turn on. */
export function createWatchSources(
  options: Pick<WatcherOptions, 'config' | 'catalog' | 'metrics' | 'logger'>,
): Source[] {
  const { config, catalog, metrics, logger } = options;
  const sources: Source[] = [];
  if (config.OUTCRY_PROBES) {
    const country = config.OUTCRY_PROBE_COUNTRY;
    sources.push(
      createProbeSource({
        targets: catalog.targets,
        name: config.OUTCRY_PROBE_NAME,
        intervalMs: config.OUTCRY_PROBE_SECONDS * 1_000,
        timeoutMs: config.OUTCRY_PROBE_TIMEOUT_SECONDS * 1_000,
        rules: {
          failures: config.OUTCRY_PROBE_FAILURES,
          window: config.OUTCRY_PROBE_WINDOW,
          recoveries: 2,
        },
        allowPrivate: config.OUTCRY_PROBE_PRIVATE,
        ...(country === undefined ? {} : { country }),
        ...(metrics === undefined ? {} : { onResult: metrics.onResult }),
      }),
    );
  } else logger.info({ source: 'probe' }, 'probe is off: OUTCRY_PROBES is false');
  if (config.OUTCRY_OFFICIAL_STATUS) {
    sources.push(
      createOfficialStatusSource({
        targets: catalog.targets,
        intervalMs: config.OUTCRY_OFFICIAL_STATUS_SECONDS * 1_000,
      }),
    );
  } else
    logger.info(
      { source: 'official-status' },
      'official-status is off: OUTCRY_OFFICIAL_STATUS is false',
    );
  return sources;
}
