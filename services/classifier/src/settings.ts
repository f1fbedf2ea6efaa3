import { catalogSettings, logSettings, optionalText } from '@outcry/runtime';

export const classifierSettings = {
  ...logSettings,
  ...catalogSettings,
  OUTCRY_MODEL: optionalText(
    'classification model file; the shipped one without it, or until it is there. A new file takes effect without a restart',
  ),
} as const;
