import {
  catalogSettings,
  integer,
  list,
  logSettings,
  port,
  text,
  voiceSettings,
} from '@outcry/runtime';

export const reportSettings = {
  OUTCRY_TRUSTED_PROXIES: list(
    'addresses and CIDR blocks whose X-Forwarded-For is believed; none by default',
  ),
  OUTCRY_REPORT_ORIGINS: list('origins whose pages may report, or *', ['*']),
  OUTCRY_REPORTS_PER_VOICE: integer('reports that one voice may send in a minute', 20, { min: 1 }),
  OUTCRY_REPORTS_PER_NETWORK: integer('and all of one network', 2_000, { min: 1 }),
  OUTCRY_REPORT_SOURCE: text(
    'name of this door; processes that run side by side need names of their own',
    'reports',
  ),
} as const;

export const ingestReportsSettings = {
  ...logSettings,
  ...catalogSettings,
  ...voiceSettings,
  ...reportSettings,
  OUTCRY_REPORTS_PORT: port('port of the report door; 0 takes a free one', 8081),
  OUTCRY_REPORTS_HOST: text('address that port is bound to', '127.0.0.1'),
} as const;
