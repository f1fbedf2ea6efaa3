import { catalogSettings, integer, logSettings } from '@outcry/runtime';

export const detectorSettings = {
  ...logSettings,
  ...catalogSettings,
  OUTCRY_SILENCE_SECONDS: integer(
    'how long a source may say nothing before it counts as blind',
    30,
    {
      min: 1,
      max: 3_600,
    },
  ),
} as const;
