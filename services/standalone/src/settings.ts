import { apiSettings } from '@outcry/api';
import { classifierSettings } from '@outcry/classifier';
import { detectorSettings } from '@outcry/detector';
import { notifierSettings } from '@outcry/notifier';

export const standaloneSettings = {
  ...apiSettings,
  ...classifierSettings,
  ...detectorSettings,
  ...notifierSettings,
} as const;
