#!/usr/bin/env node
import { loadCatalog } from '@outcry/catalog';
import { beginService, openLog } from '@outcry/runtime';
import { createWatchMetrics } from './probe-metrics.ts';
import { checkWatchSettings, watcherSettings } from './settings.ts';
import { startWatcher } from './stage.ts';

const service = await beginService({
  name: 'watcher',
  about: 'brings probes and official status pages into the log',
  settings: watcherSettings,
  check: checkWatchSettings,
});
const { config, log: logger } = service;
const catalog = loadCatalog(config.OUTCRY_CATALOG);
const log = service.use(await openLog(config, service.name, logger), (it) => it.close());
service.health.check('log', () => log.ping());

const watcher = service.use(
  await startWatcher({
    log,
    config,
    catalog,
    logger,
    observer: service.metrics.observer(service.name),
    metrics: createWatchMetrics(service.metrics),
  }),
  (it) => it.stop(),
);
service.metrics.gauge('outcry_ingest_pending', 'records that are not durable yet', watcher.pending);

await service.run([watcher.done]);
