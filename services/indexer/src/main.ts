#!/usr/bin/env node
import { beginService, openIndex, openLog } from '@outcry/runtime';
import { indexerSettings } from './settings.ts';
import { startIndexer } from './stage.ts';

const service = await beginService({
  name: 'indexer',
  about: 'writes signals and outage events into the search index',
  settings: indexerSettings,
});
const log = service.use(await openLog(service.config, service.name, service.log), (it) =>
  it.close(),
);
const index = service.use(await openIndex(service.config, service.log), (it) => it.close());
service.health.check('log', () => log.ping());
service.health.check('index', () => index.ping());

const indexer = service.use(
  await startIndexer({ log, index, observer: service.metrics.observer('indexer') }),
  (it) => it.stop(),
);

await service.run([indexer.done]);
