import { apiSettings } from '@outcry/api';
import { classifierSettings } from '@outcry/classifier';
import { detectorSettings } from '@outcry/detector';
import { reportSettings } from '@outcry/ingest-reports';
import { sourceSettings } from '@outcry/ingest-social';
import { notifierSettings } from '@outcry/notifier';
import { flag, voiceSettings } from '@outcry/runtime';
import { watchSettings } from '@outcry/watcher';

export const standaloneSettings = {
  ...apiSettings,
  ...voiceSettings,
  ...sourceSettings,
  ...reportSettings,
  ...classifierSettings,
  ...detectorSettings,
  ...notifierSettings,
  ...watchSettings,
  // Everybody who tries Outcry at home would otherwise ask hundreds of strangers' servers each minute.
  OUTCRY_PROBES: flag('look at the addresses of the targets from outside', false),
  OUTCRY_REPORTS: flag('whether user reports are taken', true),
} as const;
