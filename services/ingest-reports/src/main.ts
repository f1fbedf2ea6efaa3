#!/usr/bin/env node
import { loadCatalog } from '@outcry/catalog';
import { beginService, openLog, voiceKey } from '@outcry/runtime';
import { createReportServer } from '@outcry/sources';
import { ingestReportsSettings } from './settings.ts';
import { startIngestReports } from './stage.ts';

const service = await beginService({
  name: 'ingest-reports',
  about: 'takes user reports over HTTP into the log',
  settings: ingestReportsSettings,
});
const { config, log: logger } = service;
const log = service.use(await openLog(config, service.name, logger), (it) => it.close());
service.health.check('log', () => log.ping());

const ingest = service.use(
  await startIngestReports({
    log,
    config,
    catalog: loadCatalog(config.OUTCRY_CATALOG),
    voiceKey: voiceKey(config.OUTCRY_VOICE_KEY, config.OUTCRY_DATA_DIR),
    logger,
    observer: service.metrics.observer(service.name),
  }),
  (it) => it.stop(),
);
const server = service.use(await createReportServer(ingest.routes), (it) => it.close());
const address = await server.listen({
  port: config.OUTCRY_REPORTS_PORT,
  host: config.OUTCRY_REPORTS_HOST,
});
logger.info({ address }, 'reports are taken');

await service.run([ingest.done]);
