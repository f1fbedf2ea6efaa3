import type { Catalog } from '@outcry/catalog';
import type { EventLog } from '@outcry/event-log';
import type { StageObserver } from '@outcry/pipeline';
import type { Logger, Values } from '@outcry/runtime';
import type { Ingest, ReportRoutesOptions } from '@outcry/sources';
import {
  createAppender,
  createDailyVoices,
  createIngest,
  createReportDoor,
  createSourceState,
  loadCountryOf,
  reportRoutes,
} from '@outcry/sources';
import type { FastifyPluginAsync } from 'fastify';
import type { reportSettings } from './settings.ts';

/** Salts are looked after this often; a day's end is never further away than tomorrow's salt. */
const refreshMs = 10 * 60_000;

export interface IngestReportsOptions {
  log: EventLog;
  config: Values<typeof reportSettings>;
  catalog: Catalog;
  /** Secret that the voices of reporters are made with, together with a salt of the day. */
  voiceKey: string;
  logger: Logger;
  observer: StageObserver;
  now?: () => number;
}

export interface IngestReports extends Ingest {
  /** What the routes need, for a server of their own. */
  readonly routes: ReportRoutesOptions;
  /** The routes, to be registered in any fastify server. */
  readonly plugin: FastifyPluginAsync;
}

/** User reports into the log. Close the server that carries the plugin before the stage. */
export async function startIngestReports(options: IngestReportsOptions): Promise<IngestReports> {
  const { log, config, catalog, logger, observer } = options;
  const now = options.now ?? Date.now;
  const state = createSourceState(log, createAppender(log));
  const voices = createDailyVoices({ secret: options.voiceKey, state, now });
  await voices.refresh();
  const refreshing = setInterval(() => {
    voices.refresh().catch((err: unknown) => logger.warn({ err }, 'the salts cannot be renewed'));
  }, refreshMs);

  const door = createReportDoor({ name: config.OUTCRY_REPORT_SOURCE });
  const ingest = await createIngest({
    name: 'ingest-reports',
    log,
    sources: [door.source],
    voice: (_source, reporter) => voices.voiceOf(reporter),
    logger,
    observer,
    now,
  });
  const routes: ReportRoutesOptions = {
    door,
    catalog,
    voiceOf: voices.voiceOf,
    countryOf: await loadCountryOf(),
    trustedProxies: config.OUTCRY_TRUSTED_PROXIES,
    origins: config.OUTCRY_REPORT_ORIGINS,
    perMinute: {
      voice: config.OUTCRY_REPORTS_PER_VOICE,
      network: config.OUTCRY_REPORTS_PER_NETWORK,
    },
  };
  return {
    ...ingest,
    routes,
    plugin: reportRoutes(routes),
    async stop() {
      clearInterval(refreshing);
      await ingest.stop();
    },
  };
}
