#!/usr/bin/env node
import { loadCatalog } from '@outcry/catalog';
import { beginService, openLog } from '@outcry/runtime';
import { watchClassifier } from './model.ts';
import { classifierSettings } from './settings.ts';
import { startClassifier } from './stage.ts';

const service = await beginService({
  name: 'classifier',
  about: 'reads posts, reports and checks, writes signals',
  settings: classifierSettings,
});
const log = service.use(await openLog(service.config, service.name, service.log), (it) =>
  it.close(),
);
service.health.check('log', () => log.ping());

const catalog = loadCatalog(service.config.OUTCRY_CATALOG);
const model = service.use(watchClassifier(catalog, service.config, service.log), (it) =>
  it.close(),
);
const classifier = service.use(
  await startClassifier({
    log,
    classifier: model.current,
    observer: service.metrics.observer('classifier'),
  }),
  (it) => it.stop(),
);

await service.run([classifier.done]);
