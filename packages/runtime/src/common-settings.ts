import {
  choice,
  integer,
  list,
  optionalText,
  optionalUrl,
  port,
  secret,
  text,
} from './settings.ts';

/** Settings that every service reads. */
export const commonSettings = {
  OUTCRY_LOG_LEVEL: choice(
    'how much is logged',
    ['debug', 'info', 'warn', 'error', 'silent'],
    'info',
  ),
  OUTCRY_LOG_FORMAT: choice('how the log is written', ['auto', 'json', 'pretty'], 'auto'),
  OUTCRY_METRICS_PORT: port('port of /healthz, /readyz and /metrics; 0 takes a free one', 9464),
  OUTCRY_METRICS_HOST: text('address that port is bound to', '127.0.0.1'),
  OUTCRY_SHUTDOWN_SECONDS: integer('longest an ordered stop may take', 20, { min: 1, max: 600 }),
} as const;

/** Where the event log is: Kafka when brokers are named, else one SQLite file. */
export const logSettings = {
  KAFKA_BROKERS: list(
    'Kafka brokers, host:port separated by commas; without them the log is SQLite',
  ),
  KAFKA_TOPIC_PREFIX: text('put before every topic name', ''),
  KAFKA_REPLICATION: integer('replication factor of topics that are made', 1, { min: 1, max: 9 }),
  OUTCRY_PARTITIONS: integer('partitions of topics that are made', 4, { min: 1, max: 256 }),
  OUTCRY_DATA_DIR: text('folder of the embedded log and index', '.outcry'),
} as const;

/** Where the search index is: Elasticsearch when an address is given, else one SQLite file. */
export const indexSettings = {
  ELASTICSEARCH_URL: optionalUrl('Elasticsearch; without it the index is SQLite'),
  ELASTICSEARCH_API_KEY: secret('API key for Elasticsearch'),
  ELASTICSEARCH_PREFIX: text('put before every index name', 'outcry'),
} as const;

export const catalogSettings = {
  OUTCRY_CATALOG: optionalText('catalogue of watched targets (YAML); without it the shipped one'),
} as const;

export const voiceSettings = {
  OUTCRY_VOICE_KEY: secret(
    'key that author ids are hashed with; all ingest processes need the same. Without it one is made and kept in the data folder',
  ),
} as const;
