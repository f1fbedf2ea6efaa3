import {
  catalogSettings,
  choice,
  flag,
  list,
  logSettings,
  optionalText,
  voiceSettings,
} from '@outcry/runtime';

/** Which sources run, and how; a source without its credentials stays off. */
export const sourceSettings = {
  OUTCRY_LIVE: flag('connect to live sources at all', true),
  OUTCRY_BLUESKY: flag('listen to Bluesky, which needs no key', true),
  OUTCRY_BLUESKY_HOSTS: list('Jetstream addresses, tried in turn; without them the public ones'),
  OUTCRY_KEEP: choice('which posts are kept', ['matching', 'all'], 'matching'),
  OUTCRY_INPUT: optionalText('file of posts and reports, one JSON object a line; - is stdin'),
  OUTCRY_INPUT_TIMES: choice('how times in that file count', ['claimed', 'observed'], 'claimed'),
} as const;

export const ingestSocialSettings = {
  ...logSettings,
  ...catalogSettings,
  ...voiceSettings,
  ...sourceSettings,
} as const;
