import type { Catalog } from '@outcry/catalog';
import type { EventLog } from '@outcry/event-log';
import type { StageObserver } from '@outcry/pipeline';
import type { Logger, Values, Voices } from '@outcry/runtime';
import type { Ingest } from '@outcry/sources';
import { createIngest, createSources } from '@outcry/sources';
import type { sourceSettings } from './settings.ts';

export interface IngestSocialOptions {
  log: EventLog;
  config: Values<typeof sourceSettings>;
  catalog: Catalog;
  voice: Voices;
  logger: Logger;
  observer: StageObserver;
}

/** Public posts into the log, from every source that the configuration turns on. */
export function startIngestSocial(options: IngestSocialOptions): Promise<Ingest> {
  const { log, voice, logger, observer } = options;
  const sources = createSources(options);
  return createIngest({ name: 'ingest-social', log, sources, voice, logger, observer });
}
