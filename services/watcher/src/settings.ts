import { countryCode } from '@outcry/contracts';
import type { Setting } from '@outcry/runtime';
import { catalogSettings, flag, integer, logSettings, text } from '@outcry/runtime';

const country: Setting<string | undefined> = {
  schema: countryCode.optional(),
  help: 'country that the probes look from, ISO 3166-1; told with each check',
};

/** What is watched from outside, and how often. */
export const watchSettings = {
  OUTCRY_PROBES: flag('look at the addresses of the targets from outside', true),
  OUTCRY_PROBE_NAME: text(
    'name of these probes as a source; watchers at other places need others',
    'probe',
  ),
  OUTCRY_PROBE_COUNTRY: country,
  OUTCRY_PROBE_SECONDS: integer('between two looks at one address', 60, { min: 10, max: 3_600 }),
  OUTCRY_PROBE_TIMEOUT_SECONDS: integer('longest that one look may take', 10, { min: 1, max: 60 }),
  OUTCRY_PROBE_FAILURES: integer('failures that make an address down …', 3, { min: 1, max: 20 }),
  OUTCRY_PROBE_WINDOW: integer('… among so many results in a row', 4, { min: 1, max: 20 }),
  OUTCRY_PROBE_PRIVATE: flag(
    'let probes reach private networks, to watch services of your own',
    false,
  ),
  OUTCRY_OFFICIAL_STATUS: flag('read official status pages', true),
  OUTCRY_OFFICIAL_STATUS_SECONDS: integer('between two looks at one page', 60, {
    min: 30,
    max: 3_600,
  }),
} as const;

export const watcherSettings = { ...logSettings, ...catalogSettings, ...watchSettings } as const;

/** Problems of the settings together. */
export function checkWatchSettings(config: {
  readonly OUTCRY_PROBE_NAME: string;
  readonly OUTCRY_PROBE_FAILURES: number;
  readonly OUTCRY_PROBE_WINDOW: number;
}): string[] {
  const problems: string[] = [];
  if (config.OUTCRY_PROBE_FAILURES > config.OUTCRY_PROBE_WINDOW)
    problems.push('OUTCRY_PROBE_FAILURES: wants at most OUTCRY_PROBE_WINDOW');
  if (!/^probe(:[a-z0-9-]{1,60})?$/.test(config.OUTCRY_PROBE_NAME))
    problems.push('OUTCRY_PROBE_NAME: wants probe, or probe: and a place such as probe:fra');
  return problems;
}
