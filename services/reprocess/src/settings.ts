import { catalogSettings, indexSettings, logSettings, optionalText } from '@outcry/runtime';

export const reprocessSettings = {
  ...logSettings,
  ...indexSettings,
  ...catalogSettings,
  OUTCRY_MODEL: optionalText('classification model file; without it the shipped one'),
} as const;
