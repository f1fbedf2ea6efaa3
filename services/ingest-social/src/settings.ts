import {
  catalogSettings,
  choice,
  flag,
  list,
  logSettings,
  optionalText,
  secret,
  voiceSettings,
} from '@outcry/runtime';

/** Which sources run, and how; a source without its credentials stays off. */
export const sourceSettings = {
  OUTCRY_LIVE: flag('connect to live sources at all', true),
  OUTCRY_KEEP: choice('which posts are kept', ['matching', 'all'], 'matching'),
  OUTCRY_BLUESKY: flag('listen to Bluesky, which needs no key', true),
  OUTCRY_BLUESKY_HOSTS: list('Jetstream addresses, tried in turn; without them the public ones'),
  OUTCRY_INPUT: optionalText('file of posts and reports, one JSON object a line; - is stdin'),
  OUTCRY_INPUT_TIMES: choice('how times in that file count', ['claimed', 'observed'], 'claimed'),
  MASTODON_INSTANCES: list('hosts of Mastodon instances to follow; without them it is off'),
  MASTODON_TOKENS: secret(
    'user tokens with read:statuses, host=token, separated by commas; an instance without one is polled',
  ),
  MASTODON_STREAM: choice(
    'what is streamed with a token: all public posts, or the first targets by hashtag',
    ['public', 'hashtags'],
    'public',
  ),
  X_BEARER_TOKEN: secret('bearer token of an X app; without it X is off. Posts are paid for'),
  X_MODE: choice(
    'whether X posts are streamed or only read while they rise',
    ['stream', 'counts'],
    'counts',
  ),
  REDDIT_CLIENT_ID: optionalText('client id of a Reddit app; without it Reddit is off'),
  REDDIT_CLIENT_SECRET: secret('client secret of that app'),
  REDDIT_USER_AGENT: optionalText('own user agent for Reddit, such as server:example.org:1.0'),
} as const;

export const ingestSocialSettings = {
  ...logSettings,
  ...catalogSettings,
  ...voiceSettings,
  ...sourceSettings,
} as const;
