import { apiSettings } from '@outcry/api';
import { classifierSettings } from '@outcry/classifier';
import { detectorSettings } from '@outcry/detector';
import { reportSettings } from '@outcry/ingest-reports';
import { sourceSettings } from '@outcry/ingest-social';
import { notifierSettings } from '@outcry/notifier';
import { flag, voiceSettings } from '@outcry/runtime';

export const standaloneSettings = {
  ...apiSettings,
  ...voiceSettings,
  ...sourceSettings,
  ...reportSettings,
  ...classifierSettings,
  ...detectorSettings,
  ...notifierSettings,
  OUTCRY_REPORTS: flag('whether user reports are taken', true),
} as const;
