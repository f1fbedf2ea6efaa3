#!/usr/bin/env node
import { loadCatalog } from '@outcry/catalog';
import { beginService, openIndex, openLog } from '@outcry/runtime';
import { createApp } from './app.ts';
import { reportDoorRoutes } from './routes/report-door.ts';
import { apiServiceSettings } from './settings.ts';

const service = await beginService({
  name: 'api',
  about: 'serves the page, search, status and the live view',
  settings: apiServiceSettings,
});
const { config, log: logger } = service;
const log = service.use(await openLog(config, service.name, logger), (it) => it.close());
const index = service.use(await openIndex(config, logger), (it) => it.close());
service.health.check('log', () => log.ping());
service.health.check('index', () => index.ping());

const catalog = loadCatalog(config.OUTCRY_CATALOG);
const door = config.OUTCRY_REPORTS_URL;
const plugins = door === undefined ? [] : [reportDoorRoutes(door)];
const app = service.use(await createApp({ log, index, catalog, logger, plugins }), (it) =>
  it.close(),
);
const address = await app.listen({ port: config.OUTCRY_HTTP_PORT, host: config.OUTCRY_HTTP_HOST });
logger.info({ address }, 'serving');

await service.run();
