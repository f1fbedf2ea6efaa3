import type { Catalog } from '@outcry/catalog';
import { createMatcher } from '@outcry/catalog';
import { createJetstreamSource } from './jetstream/source.ts';
import { createNdjsonSource } from './ndjson/source.ts';
import type { Source, SourceLog } from './source.ts';

/** What the environment says of the sources; see the settings of ingest-social. */
export interface SourcesConfig {
  readonly OUTCRY_LIVE: boolean;
  readonly OUTCRY_BLUESKY: boolean;
  readonly OUTCRY_BLUESKY_HOSTS: readonly string[];
  readonly OUTCRY_KEEP: 'matching' | 'all';
  readonly OUTCRY_INPUT: string | undefined;
  readonly OUTCRY_INPUT_TIMES: 'claimed' | 'observed';
}

export interface SourcesWorld {
  config: SourcesConfig;
  catalog: Catalog;
  logger: SourceLog;
}

/** One line for each connector. Null means that it is off; why is told in the log, once. */
const live: readonly Connector[] = [bluesky];
const still: readonly Connector[] = [ndjson];

type Connector = (world: SourcesWorld) => Source | null;

/** The sources that the configuration turns on. */
export function createSources(world: SourcesWorld): Source[] {
  const connectors = world.config.OUTCRY_LIVE ? [...live, ...still] : still;
  return connectors.map((connector) => connector(world)).filter((source) => source !== null);
}

function bluesky({ config, catalog, logger }: SourcesWorld): Source | null {
  if (!config.OUTCRY_BLUESKY) return off(logger, 'bluesky', 'OUTCRY_BLUESKY is false');
  const hosts = config.OUTCRY_BLUESKY_HOSTS;
  return createJetstreamSource({
    matcher: createMatcher(catalog),
    keep: config.OUTCRY_KEEP,
    ...(hosts.length === 0 ? {} : { hosts }),
  });
}

function ndjson({ config }: SourcesWorld): Source | null {
  const input = config.OUTCRY_INPUT;
  if (input === undefined) return null;
  return createNdjsonSource({
    input: input === '-' ? process.stdin : input,
    times: config.OUTCRY_INPUT_TIMES,
  });
}

function off(logger: SourceLog, source: string, why: string): null {
  logger.info({ source }, `${source} is off: ${why}`);
  return null;
}
