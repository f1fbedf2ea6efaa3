#!/usr/bin/env node
import { createApp } from '@outcry/api';
import { loadCatalog } from '@outcry/catalog';
import { watchClassifier } from '@outcry/classifier';
import { startIngestReports } from '@outcry/ingest-reports';
import { startIngestSocial } from '@outcry/ingest-social';
import { startNotifier } from '@outcry/notifier';
import { beginService, createVoices, openIndex, openLog, voiceKey } from '@outcry/runtime';
import { checkWatchSettings, startWatcher } from '@outcry/watcher';
import { startFlow } from './flow.ts';
import { healthRoutes } from './health-routes.ts';
import { standaloneSettings } from './settings.ts';

const service = await beginService({
  name: 'outcry',
  about: 'runs every stage in one process',
  settings: standaloneSettings,
  check: checkWatchSettings,
  ownHealthServer: false,
});
const { config, metrics, health, log: logger } = service;
const log = service.use(await openLog(config, service.name, logger), (it) => it.close());
const index = service.use(await openIndex(config, logger), (it) => it.close());
health.check('log', () => log.ping());
health.check('index', () => index.ping());

const catalog = loadCatalog(config.OUTCRY_CATALOG);
const model = service.use(watchClassifier(catalog, config, logger), (it) => it.close());
const silenceMs = config.OUTCRY_SILENCE_SECONDS * 1_000;
const flow = await startFlow({
  log,
  index,
  catalog,
  classifier: model.current,
  logger,
  metrics,
  silenceMs,
});
for (const stage of flow) service.use(stage, (it) => it.stop());
const notifier = service.use(await startNotifier({ log, logger, metrics, config }), (it) =>
  it.stop(),
);

const key = voiceKey(config.OUTCRY_VOICE_KEY, config.OUTCRY_DATA_DIR);
const ingest = { log, config, catalog, logger };
const social = service.use(
  await startIngestSocial({
    ...ingest,
    voice: createVoices(key),
    observer: metrics.observer('ingest-social'),
  }),
  (it) => it.stop(),
);
const reports = config.OUTCRY_REPORTS
  ? service.use(
      await startIngestReports({
        ...ingest,
        voiceKey: key,
        observer: metrics.observer('ingest-reports'),
      }),
      (it) => it.stop(),
    )
  : undefined;

if (config.OUTCRY_LIVE) {
  service.use(await startWatcher({ ...ingest, observer: metrics.observer('watcher') }), (it) =>
    it.stop(),
  );
}

const plugins = [healthRoutes(health, metrics), ...(reports === undefined ? [] : [reports.plugin])];
const app = service.use(await createApp({ log, index, catalog, logger, plugins }), (it) =>
  it.close(),
);
const address = await app.listen({ port: config.OUTCRY_HTTP_PORT, host: config.OUTCRY_HTTP_HOST });
logger.info({ address }, `the page is at ${address}`);

const stages = [...flow, notifier, social, ...(reports === undefined ? [] : [reports])];
await service.run(stages.map(({ done }) => done));
