import {
  catalogSettings,
  indexSettings,
  logSettings,
  optionalUrl,
  port,
  text,
} from '@outcry/runtime';

export const httpSettings = {
  OUTCRY_HTTP_PORT: port('port of the page and the interfaces; 0 takes a free one', 8080),
  OUTCRY_HTTP_HOST: text('address that port is bound to', '127.0.0.1'),
} as const;

export const apiSettings = {
  ...logSettings,
  ...indexSettings,
  ...catalogSettings,
  ...httpSettings,
} as const;

/** Where the api is a process of its own. */
export const apiServiceSettings = {
  ...apiSettings,
  OUTCRY_REPORTS_URL: optionalUrl(
    'where ingest-reports serves; its door then stands on the page too, and must trust this process as a proxy',
  ),
} as const;
