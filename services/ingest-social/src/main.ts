#!/usr/bin/env node
import { loadCatalog } from '@outcry/catalog';
import { beginService, createVoices, openLog, voiceKey } from '@outcry/runtime';
import { ingestSocialSettings } from './settings.ts';
import { startIngestSocial } from './stage.ts';

const service = await beginService({
  name: 'ingest-social',
  about: 'brings public posts into the log',
  settings: ingestSocialSettings,
});
const { config, log: logger } = service;
const catalog = loadCatalog(config.OUTCRY_CATALOG);
const log = service.use(await openLog(config, service.name, logger), (it) => it.close());
service.health.check('log', () => log.ping());

const ingest = service.use(
  await startIngestSocial({
    log,
    config,
    catalog,
    voice: createVoices(voiceKey(config.OUTCRY_VOICE_KEY, config.OUTCRY_DATA_DIR)),
    logger,
    observer: service.metrics.observer(service.name),
  }),
  (it) => it.stop(),
);
service.metrics.gauge('outcry_ingest_pending', 'records that are not durable yet', ingest.pending);

await service.run([ingest.done]);
