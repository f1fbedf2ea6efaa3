import type { Check, OutageEvent } from '@outcry/contracts';
import { outageEvent } from '@outcry/contracts';
import { describe, expect, it } from 'vitest';
import { createCorrelator } from './correlator.ts';
import type { EvidenceRise } from './rise.ts';

const start = Date.parse('2025-05-05T10:00:00.000Z');
const at = (minute: number) => new Date(start + minute * 60_000).toISOString();

/** Clear evidence at a target whose trouble began at minute 0, as it is at a minute. */
function rise(target: string, minute: number, changes: Partial<EvidenceRise> = {}): EvidenceRise {
  const finding = {
    series: 'all',
    from: at(0),
    windowSeconds: 300,
    observed: 40,
    expected: 2,
    score: 24,
    threshold: 20,
  };
  return {
    kind: 'rise',
    what: 'evidence',
    partition: 0,
    at: at(minute),
    target,
    episode: at(0),
    onset: at(0),
    places: [],
    mergedInto: null,
    findings: [finding],
    strongest: finding,
    recent: 1,
    calm: false,
    calmSince: null,
    over: false,
    lastMinute: 8,
    lastFiveMinutes: 40,
    normalPerMinute: 0.4,
    peak: { voicesPerMinute: 8, at: at(1) },
    voices: 40,
    clusters: 30,
    effectiveTexts: 30,
    topClusterShare: 0.05,
    sources: [['bluesky', 40]],
    countries: [],
    subdivisions: [],
    types: [{ key: 'connection', observed: 30, expected: 1 }],
    platforms: [],
    total: { key: 'all', observed: 40, expected: 2 },
    samples: ['p1'],
    posts: { below: 2 ** 32, hashes: [] },
    blind: [],
    ...changes,
  };
}

const over = { over: true, calm: true, calmSince: at(30), lastFiveMinutes: 1 };

function check(target: string, minute: number, changes: Partial<Check>): Check {
  return {
    kind: 'check',
    id: `check-${target}-${minute}`,
    source: 'watcher',
    target,
    method: 'probe',
    outcome: 'down',
    subject: 'web',
    occurredAt: at(minute),
    observedAt: at(minute),
    ...changes,
  };
}

type Told = EvidenceRise | Check;

function run(told: readonly Told[], dependsOn: Record<string, string[]> = {}): OutageEvent[] {
  const correlator = createCorrelator({
    state: new Map(),
    dependencies: (target) => dependsOn[target] ?? [],
  });
  const events: OutageEvent[] = [];
  for (const one of told) {
    events.push(
      ...correlator.take(
        one.kind === 'rise'
          ? one
          : {
              kind: 'rise',
              what: 'check',
              partition: 0,
              at: one.observedAt,
              target: one.target,
              check: one,
            },
      ),
    );
  }
  events.push(...correlator.finish());
  for (const event of events) expect(outageEvent.parse(event)).toEqual(event);
  for (const life of Map.groupBy(events, ({ outageId }) => outageId).values()) {
    expect(life.map(({ sequence }) => sequence)).toEqual(life.map((_, index) => index + 1));
  }
  return events;
}

const lastOf = (events: readonly OutageEvent[], target: string) =>
  events.filter((event) => event.target === target).at(-1)!;

describe('announced maintenance', () => {
  const notice = check('acme', -5, { method: 'official-status', outcome: 'maintenance' });

  it('keeps an outage from being told while it lasts, and not longer', () => {
    expect(run([notice, rise('acme', 3)])).toEqual([]);
    const until = { ...notice, officialResolvedAt: at(10) };
    const [opened] = run([until, rise('acme', 3), rise('acme', 11)]);
    expect(opened!.decidedAt).toBe(at(11));
    expect(opened!.startedAt).toBe(at(0));
  });
});

describe('the cause', () => {
  const causeOf = (told: readonly Told[], dependsOn?: Record<string, string[]>) =>
    lastOf(run(told, dependsOn), 'acme').cause;

  it('is not guessed without evidence', () => {
    expect(causeOf([rise('acme', 3)])).toBeUndefined();
  });

  it('is its own servers where a probe meets their errors', () => {
    const cause = causeOf([check('acme', 1, { errorClass: 'http_5xx' }), rise('acme', 3)]);
    expect(cause!.class).toBe('own-servers');
    expect(cause!.evidence[0]).toContain('http_5xx');
  });

  it('is a network of delivery or names where a probe does not get through', () => {
    const cause = causeOf([check('acme', 1, { errorClass: 'dns' }), rise('acme', 3)]);
    expect(cause!.class).toBe('cdn-or-dns');
  });

  it('is a dependency that fails at the same time', () => {
    const cause = causeOf([rise('cloud', 2), rise('acme', 3)], { acme: ['cloud'] });
    expect(cause).toEqual({
      class: 'dependency',
      evidence: ['it depends on cloud, which fails too'],
    });
  });

  it('is a network of mobile phones where several targets of one country lose connection', () => {
    const inSweden = { countries: [{ key: 'SE', observed: 40, expected: 1 }] };
    const spared = { key: 'DE', observed: 3, expected: 3 };
    const changes = { countries: [...inSweden.countries, spared] };
    const told = ['one', 'two', 'acme'].map((target, i) => rise(target, 2 + i, changes));
    expect(causeOf(told)!.class).toBe('mobile-network');
  });

  it('is a release of an app where nearly all use one platform', () => {
    const platforms = [
      { key: 'ios', observed: 20, expected: 1 },
      { key: 'android', observed: 1, expected: 1 },
    ];
    expect(causeOf([rise('acme', 3, { platforms })])!.class).toBe('app-release');
  });
});

describe('an echo', () => {
  const hashes = Array.from({ length: 20 }, (_, i) => i);
  const posts = (some: number[]) => ({ posts: { below: 2 ** 32, hashes: some } });
  const origin = rise('cloud', 2, { voices: 400, ...posts([...hashes, 100, 101, 102, 103]) });
  const own = Array.from({ length: 60 }, (_, i) => 200 + i);
  const large = { ...origin, ...posts([...hashes.slice(0, 8), ...own]) };

  it('is marked by shared posts, with its timing and the dependency as evidence', () => {
    const events = run([large, rise('acme', 3, posts(hashes.slice(0, 10)))], { acme: ['cloud'] });
    const { echoOf } = lastOf(events, 'acme');
    expect(echoOf!.target).toBe('cloud');
    expect(echoOf!.evidence.join('; ')).toMatch(/8 of 10.*together with cloud.*depends on cloud/);
  });

  it('is not marked where posts are its own', () => {
    expect(lastOf(run([large, rise('acme', 3, posts([900, 901, 902]))]), 'acme').echoOf).toBe(
      undefined,
    );
  });

  it('may seem to begin minutes before its origin only where the posts tell which is which', () => {
    const early = (shared: number[]) => rise('acme', 3, { onset: at(-8), ...posts(shared) });
    expect(lastOf(run([large, early(hashes.slice(0, 10))]), 'acme').echoOf).toBeDefined();
    // Half of the posts here, a third of those there: either could be the origin.
    const even = { ...origin, ...posts([...hashes.slice(0, 5), ...own.slice(0, 10)]) };
    const mixed = [...hashes.slice(0, 5), 900, 901, 902, 903, 904];
    expect(lastOf(run([even, early(mixed)]), 'acme').echoOf).toBeUndefined();
    const long = rise('acme', 3, { onset: at(-20), ...posts(hashes.slice(0, 10)) });
    expect(lastOf(run([large, long]), 'acme').echoOf).toBeUndefined();
  });

  it('stays one when by chance few of a dozen posts are shared for a while', () => {
    const few = posts([0, ...own.slice(0, 11).map((hash) => hash + 5_000)]);
    const events = run([
      large,
      rise('acme', 3, posts(hashes.slice(0, 10))),
      rise('acme', 9, few),
      rise('acme', 40, { ...over, ...few }),
    ]);
    const acme = events.filter(({ target }) => target === 'acme');
    expect(acme.map(({ type }) => type)).toEqual(['outage.opened', 'outage.retracted']);
    for (const { echoOf } of acme) expect(echoOf!.target).toBe('cloud');
  });

  it('is unmarked when posts of its own come, and is no outage taken back then', () => {
    const later = Array.from({ length: 80 }, (_, i) => 1_000 + i);
    const events = run([
      large,
      rise('acme', 3, posts(hashes.slice(0, 10))),
      { ...large, at: at(9) },
      rise('acme', 9, posts([...hashes.slice(0, 4), ...later])),
      rise('acme', 40, { ...over, ...posts(later) }),
    ]);
    const acme = events.filter(({ target }) => target === 'acme');
    expect(acme[0]!.echoOf).toBeDefined();
    expect(acme[1]!.echoOf).toBeUndefined();
    expect(acme.at(-1)!.type).toBe('outage.resolved');
  });

  it('that was never more than suspected is taken back at its end', () => {
    const events = run([
      large,
      rise('acme', 3, posts(hashes.slice(0, 10))),
      rise('acme', 40, { ...over, ...posts(hashes.slice(0, 10)) }),
    ]);
    expect(lastOf(events, 'acme').type).toBe('outage.retracted');
  });
});

describe('the life of an outage', () => {
  it('is taken back when most of it turns out to be one text', () => {
    const copied = { topClusterShare: 0.7, effectiveTexts: 2 };
    const events = run([rise('acme', 3), rise('acme', 40, { ...over, ...copied })]);
    expect(events.at(-1)!.type).toBe('outage.retracted');
    expect(events.at(-1)!.state).toBe('retracted');
  });

  it('does not begin with a handful of copies', () => {
    expect(run([rise('acme', 3, { effectiveTexts: 1.2, voices: 30 })])).toEqual([]);
  });

  it('tells how far it was ahead of the official notice', () => {
    const events = run([
      rise('acme', 3),
      check('acme', 20, { method: 'official-status' }),
      rise('acme', 21),
    ]);
    expect(events.at(-1)!.leadSeconds).toBe(17 * 60);
    expect(events.at(-1)!.state).toBe('confirmed');
  });

  it('grows more severe, and never less', () => {
    const higher = { peak: { voicesPerMinute: 60, at: at(5) } };
    const events = run([
      rise('acme', 3),
      rise('acme', 6, higher),
      rise('acme', 9, { peak: { voicesPerMinute: 9, at: at(8) }, voices: 200 }),
      rise('acme', 40, over),
    ]);
    expect(events[0]!.severity).toBe('minor');
    expect(events.slice(1).every(({ severity }) => severity === 'critical')).toBe(true);
  });

  it('does not tell every swing between recovering and failing', () => {
    const low = { lastFiveMinutes: 2, calm: true };
    const told = Array.from({ length: 30 }, (_, i) =>
      rise('acme', 10 + i, i % 2 === 0 ? low : { lastFiveMinutes: 200 }),
    );
    const events = run([rise('acme', 3), rise('acme', 8, { lastFiveMinutes: 200 }), ...told]);
    expect(events.length).toBeLessThan(12);
  });

  it('names the sources that could not see', () => {
    const blind = [{ source: 'mastodon', since: at(1), checksOnly: false }];
    const [opened] = run([rise('acme', 3, { blind })]);
    expect(opened!.explanation.blindSources).toEqual(['mastodon']);
  });

  it('says all that a person needs to check the decision', () => {
    const [opened] = run([
      rise('acme', 3, { countries: [{ key: 'SE', observed: 30, expected: 1 }] }),
    ]);
    expect(opened!.explanation).toMatchObject({
      normalPerMinute: 0.4,
      windowStart: at(0),
      sourceVoices: [{ source: 'bluesky', voices: 40 }],
      regions: [{ place: 'SE', observed: 30, expected: 1 }],
      samplePostIds: ['p1'],
      threshold: 20,
    });
    expect(opened!.explanation.windows).toHaveLength(1);
    expect(opened!.rules).toMatch(/^detection-\d+$/);
  });
});
