import { catalogSettings, logSettings, optionalText } from '@outcry/runtime';

export const classifierSettings = {
  ...logSettings,
  ...catalogSettings,
  OUTCRY_MODEL: optionalText(
    'classification model file; without it the shipped one. A changed file takes effect without a restart',
  ),
} as const;
