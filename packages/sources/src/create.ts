import type { Catalog } from '@outcry/catalog';
import { createMatcher } from '@outcry/catalog';
import { createJetstreamSource } from './jetstream/source.ts';
import { createMastodonSource } from './mastodon/source.ts';
import { createNdjsonSource } from './ndjson/source.ts';
import { createRedditSource } from './reddit/source.ts';
import type { Source, SourceLog } from './source.ts';
import { createXSource } from './x/source.ts';

/** What the environment says of the sources; the settings of ingest-social explain each. */
export interface SourcesConfig {
  readonly OUTCRY_LIVE: boolean;
  readonly OUTCRY_KEEP: 'matching' | 'all';
  readonly OUTCRY_BLUESKY: boolean;
  readonly OUTCRY_BLUESKY_HOSTS: readonly string[];
  readonly OUTCRY_INPUT: string | undefined;
  readonly OUTCRY_INPUT_TIMES: 'claimed' | 'observed';
  readonly MASTODON_INSTANCES: readonly string[];
  /** `host=token`, separated by commas. */
  readonly MASTODON_TOKENS: string | undefined;
  readonly MASTODON_STREAM: 'hashtags' | 'public';
  readonly X_BEARER_TOKEN: string | undefined;
  readonly X_MODE: 'stream' | 'counts';
  readonly REDDIT_CLIENT_ID: string | undefined;
  readonly REDDIT_CLIENT_SECRET: string | undefined;
  readonly REDDIT_USER_AGENT: string | undefined;
}

export interface SourcesWorld {
  config: SourcesConfig;
  catalog: Catalog;
  logger: SourceLog;
}

type Connector = (world: SourcesWorld) => Source[];

/** One line for each connector. */
const live: readonly Connector[] = [bluesky, mastodon, x, reddit];
const still: readonly Connector[] = [ndjson];

/** Hashtags that one instance of Mastodon is asked for: a stream each, or a minute's polling. */
const mostHashtags = 30;

/** The sources that the configuration turns on; why one is off is told in the log, once. */
export function createSources(world: SourcesWorld): Source[] {
  const connectors = world.config.OUTCRY_LIVE ? [...live, ...still] : still;
  return connectors.flatMap((connector) => connector(world));
}

function bluesky({ config, catalog, logger }: SourcesWorld): Source[] {
  if (!config.OUTCRY_BLUESKY) return off(logger, 'bluesky', 'OUTCRY_BLUESKY is false');
  const hosts = config.OUTCRY_BLUESKY_HOSTS;
  return [
    createJetstreamSource({
      matcher: createMatcher(catalog),
      keep: config.OUTCRY_KEEP,
      ...(hosts.length === 0 ? {} : { hosts }),
    }),
  ];
}

function mastodon({ config, catalog, logger }: SourcesWorld): Source[] {
  const instances = config.MASTODON_INSTANCES;
  if (instances.length === 0) return off(logger, 'mastodon', 'MASTODON_INSTANCES names none');
  const matcher = createMatcher(catalog);
  const tokens = new Map(
    (config.MASTODON_TOKENS ?? '').split(',').map((pair): [string, string] => {
      const [host = '', ...token] = pair.trim().split('=');
      return [host, token.join('=')];
    }),
  );
  // The most telling tag of each of the first targets; by the public stream all are heard.
  const first = catalog.targets.slice(0, mostHashtags).map(({ id }) => catalog.hashtagsOf(id)[0]);
  const hashtags = first.filter((tag) => tag !== undefined);
  return instances.map((text) => {
    const instance = text.includes('://') ? text : `https://${text}`;
    const token = tokens.get(new URL(instance).host);
    return createMastodonSource({
      instance,
      matcher,
      keep: config.OUTCRY_KEEP,
      everything: config.MASTODON_STREAM === 'public',
      hashtags,
      ...(token === undefined ? {} : { token }),
    });
  });
}

function x({ config, catalog, logger }: SourcesWorld): Source[] {
  const token = config.X_BEARER_TOKEN;
  if (token === undefined) return off(logger, 'x', 'X_BEARER_TOKEN is not set');
  const matcher = createMatcher(catalog);
  return [
    createXSource({ token, catalog, matcher, keep: config.OUTCRY_KEEP, mode: config.X_MODE }),
  ];
}

function reddit({ config, catalog, logger }: SourcesWorld): Source[] {
  const { REDDIT_CLIENT_ID: clientId, REDDIT_CLIENT_SECRET: clientSecret } = config;
  if (clientId === undefined || clientSecret === undefined)
    return off(logger, 'reddit', 'REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET are not set');
  const userAgent = config.REDDIT_USER_AGENT ?? `server:outcry.${clientId}:0.1`;
  return [createRedditSource({ clientId, clientSecret, userAgent, catalog })];
}

function ndjson({ config }: SourcesWorld): Source[] {
  const input = config.OUTCRY_INPUT;
  if (input === undefined) return [];
  const times = config.OUTCRY_INPUT_TIMES;
  return [createNdjsonSource({ input: input === '-' ? process.stdin : input, times })];
}

function off(logger: SourceLog, source: string, why: string): Source[] {
  logger.info({ source }, `${source} is off: ${why}`);
  return [];
}
