import { loadCatalog } from '@outcry/catalog';
import { expect, test } from 'vitest';
import type { SourcesConfig } from './create.ts';
import { createSources } from './create.ts';
import { keepLog } from './testing.ts';

const nothing: SourcesConfig = {
  OUTCRY_LIVE: true,
  OUTCRY_KEEP: 'matching',
  OUTCRY_BLUESKY: true,
  OUTCRY_BLUESKY_HOSTS: [],
  OUTCRY_INPUT: undefined,
  OUTCRY_INPUT_TIMES: 'claimed',
  MASTODON_INSTANCES: [],
  MASTODON_TOKENS: undefined,
  MASTODON_STREAM: 'hashtags',
  X_BEARER_TOKEN: undefined,
  X_MODE: 'counts',
  REDDIT_CLIENT_ID: undefined,
  REDDIT_CLIENT_SECRET: undefined,
  REDDIT_USER_AGENT: undefined,
};
const catalog = loadCatalog();

function created(config: Partial<SourcesConfig>) {
  const logger = keepLog();
  const sources = createSources({ config: { ...nothing, ...config }, catalog, logger });
  return { names: sources.map(({ name }) => name), logger };
}

test('without credentials there is Bluesky, and each of the others says once why it is off', () => {
  const { names, logger } = created({});
  expect(names).toEqual(['bluesky']);
  expect(logger.lines.map((line) => line.split(' ')[1])).toEqual(['mastodon', 'x', 'reddit']);
  expect(logger.lines[1]).toContain('X_BEARER_TOKEN is not set');
});

test('each is turned on by what it needs, and no credential is told', () => {
  const { names, logger } = created({
    OUTCRY_BLUESKY: false,
    OUTCRY_INPUT: 'posts.ndjson',
    MASTODON_INSTANCES: ['mastodon.test', 'http://127.0.0.1:3000'],
    MASTODON_TOKENS: 'mastodon.test=the-secret-of-one, other.test=x=y',
    X_BEARER_TOKEN: 'the-secret-of-two',
    REDDIT_CLIENT_ID: 'an-id',
    REDDIT_CLIENT_SECRET: 'the-secret-of-three',
  });
  expect(names).toEqual([
    'mastodon:mastodon.test',
    'mastodon:127.0.0.1:3000',
    'x',
    'reddit',
    'file',
  ]);
  expect(logger.lines.join('\n')).not.toContain('the-secret');
});

test('without live sources there is the file alone', () => {
  expect(created({ OUTCRY_LIVE: false, OUTCRY_INPUT: '-' }).names).toEqual(['file']);
});
