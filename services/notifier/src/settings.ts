import { flag, integer, logSettings, optionalText } from '@outcry/runtime';

export const notifierSettings = {
  ...logSettings,
  OUTCRY_RECEIVERS: optionalText(
    'file of webhook receivers (YAML); without it receivers.yaml in the data folder',
  ),
  OUTCRY_WEBHOOK_ALLOW_PRIVATE: flag(
    'whether webhooks may go to loopback and private addresses',
    false,
  ),
  OUTCRY_WEBHOOK_TIMEOUT_SECONDS: integer('how long a receiver may take to answer', 15, {
    min: 1,
    max: 60,
  }),
  OUTCRY_WEBHOOK_CONCURRENCY: integer('attempts under way at once to one receiver', 4, {
    min: 1,
    max: 64,
  }),
} as const;
