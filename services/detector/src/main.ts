#!/usr/bin/env node
import { beginService, openLog } from '@outcry/runtime';
import { loadContext } from './context.ts';
import { startCorrelator } from './correlator-stage.ts';
import { startDetector } from './detector-stage.ts';
import { detectorSettings } from './settings.ts';

const service = await beginService({
  name: 'detector',
  about: 'reads signals, finds rises, and writes outage events',
  settings: detectorSettings,
});
const { config, metrics, log: logger } = service;
const log = service.use(await openLog(config, service.name, logger), (it) => it.close());
service.health.check('log', () => log.ping());

const context = loadContext(config.OUTCRY_CATALOG);
const silenceMs = config.OUTCRY_SILENCE_SECONDS * 1_000;
const correlator = service.use(
  await startCorrelator({
    log,
    logger,
    context: context.correlator,
    observer: metrics.observer('correlator'),
  }),
  (it) => it.stop(),
);
const detector = service.use(
  await startDetector({
    log,
    logger,
    context: context.detector,
    silenceMs,
    observer: metrics.observer('detector'),
  }),
  (it) => it.stop(),
);

await service.run([detector.done, correlator.done]);
