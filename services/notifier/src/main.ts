#!/usr/bin/env node
import { beginService, openLog } from '@outcry/runtime';
import { notifierSettings } from './settings.ts';
import { startNotifier } from './stage.ts';

const service = await beginService({
  name: 'notifier',
  about: 'delivers outage events to webhook receivers',
  settings: notifierSettings,
});
const { config, metrics, log: logger } = service;
const log = service.use(await openLog(config, service.name, logger), (it) => it.close());
service.health.check('log', () => log.ping());

const notifier = service.use(await startNotifier({ log, logger, metrics, config }), (it) =>
  it.stop(),
);

await service.run([notifier.done]);
