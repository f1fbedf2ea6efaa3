import { kinds, parseCatalog } from '@outcry/catalog';
import type { Check } from '@outcry/contracts';
import { checksRecord, decode, topics } from '@outcry/contracts';
import { createMemoryLog } from '@outcry/event-log/memory';
import { silentObserver } from '@outcry/pipeline';
import { readSettings } from '@outcry/runtime';
import { startFakeSite, startFakeStatusPages } from '@outcry/sources/fakes';
import { Registry } from 'prom-client';
import { expect, test, vi } from 'vitest';
import { createWatchMetrics } from './probe-metrics.ts';
import { checkWatchSettings, watchSettings } from './settings.ts';
import { createWatchSources, startWatcher } from './stage.ts';

const quiet = { info() {}, warn() {}, error() {} };
const settings = (env: Record<string, string> = {}) => readSettings(watchSettings, env);

test('a target of the catalogue is probed, its page is read, and metrics tell of it', async () => {
  const site = await startFakeSite();
  const pages = await startFakeStatusPages();
  const catalog = parseCatalog(
    JSON.stringify({
      hashtagForms: { fault: ['down'] },
      faultWords: ['down'],
      kinds: Object.fromEntries(
        kinds.map((kind) => [kind, { label: kind, problems: [{ type: 'app', label: 'App' }] }]),
      ),
      targets: [
        {
          id: 'svc',
          name: 'Svc',
          kind: 'other',
          probes: [{ url: site.url }],
          status: { kind: 'statuspage', url: pages.url('statuspage/api/v2/summary.json') },
        },
      ],
    }),
    'test',
  );
  const log = createMemoryLog({ partitions: 2 });
  await log.prepare();
  const registry = new Registry();
  const watcher = await startWatcher({
    log,
    catalog,
    logger: quiet,
    observer: silentObserver,
    metrics: createWatchMetrics({ registry }),
    // A hurry that the settings themselves would refuse.
    config: {
      ...settings({ OUTCRY_PROBE_PRIVATE: 'true', OUTCRY_PROBE_COUNTRY: 'SE' }),
      OUTCRY_PROBE_SECONDS: 0.05,
      OUTCRY_OFFICIAL_STATUS_SECONDS: 0.05,
    },
  });
  try {
    const checks = async () => {
      const found: Check[] = [];
      for (const partition of [0, 1])
        for await (const { value } of log.read({ topic: topics.checks, partition })) {
          const decoded = decode(checksRecord, value);
          if (decoded.ok && decoded.value.kind === 'check') found.push(decoded.value);
        }
      return found;
    };
    await vi.waitFor(async () => expect(await checks()).toHaveLength(2), { timeout: 4_000 });
    expect(
      (await checks()).map(({ source, target, outcome }) => [source, target, outcome]).sort(),
    ).toEqual([
      ['official-status', 'svc', 'up'],
      ['probe', 'svc', 'up'],
    ]);
    const text = await registry.metrics();
    expect(text).toContain(`probe_success{target="svc",url="${site.url}"} 1`);
    expect(text).toContain('phase="processing"');
    expect(text).toMatch(/outcry_watch_events_total\{source="official-status",event="read"\} \d/);
  } finally {
    await watcher.stop();
    await site.stop();
    await pages.stop();
  }
});

test('each source can be turned off', () => {
  const sources = (env: Record<string, string>) =>
    createWatchSources({ config: settings(env), catalog: { targets: [] }, logger: quiet }).map(
      (source) => source.name,
    );
  expect(sources({})).toEqual(['probe', 'official-status']);
  expect(sources({ OUTCRY_PROBES: 'false', OUTCRY_PROBE_NAME: 'probe:fra' })).toEqual([
    'official-status',
  ]);
  expect(sources({ OUTCRY_OFFICIAL_STATUS: 'false', OUTCRY_PROBE_NAME: 'probe:fra' })).toEqual([
    'probe:fra',
  ]);
});

test('settings that contradict each other are named together', () => {
  expect(
    checkWatchSettings(settings({ OUTCRY_PROBE_FAILURES: '5', OUTCRY_PROBE_NAME: 'bluesky' })),
  ).toEqual([
    'OUTCRY_PROBE_FAILURES: wants at most OUTCRY_PROBE_WINDOW',
    'OUTCRY_PROBE_NAME: wants probe, or probe: and a place such as probe:fra',
  ]);
  expect(checkWatchSettings(settings())).toEqual([]);
  expect(() => settings({ OUTCRY_PROBE_COUNTRY: 'Sweden', OUTCRY_PROBE_SECONDS: '1' })).toThrow(
    /OUTCRY_PROBE_COUNTRY.*OUTCRY_PROBE_SECONDS/s,
  );
});
