import type { OutageEvent, Place, Signal } from '@outcry/contracts';
import { errorTypes, outageEvent, platforms, signal, stances } from '@outcry/contracts';
import { buildOutageEvent, buildSignal } from '@outcry/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  documentId,
  outageDocument,
  outageFromDocument,
  signalDocument,
  signalFromDocument,
} from './documents.ts';
import { readTemplates } from './elasticsearch/names.ts';

const instant = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const share = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
const text = fc.string({ unit: 'grapheme' });
const types = fc.subarray([...errorTypes]);
const country = fc.constantFrom('SE', 'US', 'JP');
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const place = fc.record(
  {
    country,
    source: fc.constantFrom('text', 'tag', 'report', 'profile', 'language'),
    confidence: share,
    subdivision: fc.constantFrom('US-CA', 'SE-AB'),
    city: fc.string({ maxLength: 20 }),
    latitude: fc.integer({ min: -90, max: 90 }),
    longitude: fc.integer({ min: -180, max: 180 }),
    evidence: fc.string({ maxLength: 20 }),
  },
  { requiredKeys: ['country', 'source', 'confidence'], noNullPrototype: true },
) as fc.Arbitrary<Place>;

const anySignal: fc.Arbitrary<Signal> = fc
  .record({
    recordKind: fc.constantFrom('post', 'report'),
    target: fc.constantFrom('spotify', null),
    text,
    occurredAt: instant,
    observedAt: instant,
    stance: fc.constantFrom(...stances),
    confidence: share,
    weight: share,
    type: fc.option(fc.constantFrom(...errorTypes)),
    types,
    places: fc.array(place, { maxLength: 4 }),
    platforms: fc.subarray([...platforms]),
    appVersion: optional(fc.string({ maxLength: 64 })),
    bot: optional(fc.boolean()),
    replyTo: optional(fc.string({ minLength: 1, maxLength: 64 })),
    url: optional(fc.webUrl()),
  })
  .map((overrides) => buildSignal(present(overrides) as Partial<Signal>));

const anyOutage: fc.Arbitrary<OutageEvent> = fc
  .record({
    type: fc.constantFrom('outage.opened', 'outage.updated', 'outage.resolved', 'outage.retracted'),
    sequence: fc.integer({ min: 1, max: 1e9 }),
    startedAt: instant,
    endedAt: fc.option(instant),
    confidence: share,
    countries: fc.subarray(['SE', 'US']),
    subdivisions: fc.subarray(['US-CA']),
    types,
    leadSeconds: fc.option(fc.integer()),
    reason: text,
    cause: optional(
      fc.record(
        { class: fc.constantFrom('dependency', 'unknown'), evidence: fc.array(text) },
        { noNullPrototype: true },
      ),
    ),
    echoOf: optional(
      fc.record(
        {
          outageId: fc.string(),
          target: fc.constant('google-cloud'),
          evidence: fc.array(text),
        },
        { noNullPrototype: true },
      ),
    ),
  })
  .map((overrides) => buildOutageEvent(present(overrides) as Partial<OutageEvent>));

describe('documents', () => {
  it('keep all that a signal says', () => {
    fc.assert(
      fc.property(anySignal, (value) => {
        expect(signal.safeParse(value).error).toBeUndefined();
        const stored = JSON.parse(JSON.stringify(signalDocument(value)));
        expect(signalFromDocument(stored)).toStrictEqual(value);
      }),
    );
  });

  it('keep all that an outage event says', () => {
    fc.assert(
      fc.property(anyOutage, (value) => {
        expect(outageEvent.safeParse(value).error).toBeUndefined();
        for (const collection of ['outages', 'outage-events'] as const) {
          const stored = JSON.parse(JSON.stringify(outageDocument(value, collection)));
          expect(outageFromDocument(stored)).toStrictEqual(value);
        }
      }),
    );
  });

  it('have no field that the strict templates would refuse', () => {
    const [signals, outages] = readTemplates('outcry').indices.map((template) =>
      mappedPaths((template.body.template as { mappings: Mapping }).mappings),
    ) as [Set<string>, Set<string>];
    fc.assert(
      fc.property(anySignal, anyOutage, (aSignal, anOutage) => {
        for (const path of leafPaths(signalDocument(aSignal), signals))
          expect(signals).toContain(path);
        for (const path of leafPaths(outageDocument(anOutage, 'outages'), outages))
          expect(outages).toContain(path);
      }),
    );
  });

  it('mark signs of trouble and bots, and gather places for searching', () => {
    const document = signalDocument(
      buildSignal({
        bot: true,
        places: [
          { country: 'US', subdivision: 'US-CA', source: 'text', confidence: 1 },
          { country: 'US', latitude: 1, longitude: 2, source: 'tag', confidence: 1 },
        ],
      }),
    );
    expect(document.tags).toEqual(['trouble', 'bot']);
    expect(document.geo).toEqual({
      country_iso_code: ['US'],
      region_iso_code: ['US-CA'],
      location: [{ lat: 1, lon: 2 }],
    });
  });

  it('have an id that the index can hold, the same each time and no other record’s', () => {
    expect(documentId('bluesky:1@spotify')).toBe('bluesky:1@spotify');
    const long = `${'ö'.repeat(300)}@spotify`;
    expect(documentId(long)).toBe(documentId(long));
    expect(documentId(long).length).toBeLessThan(512);
    expect(documentId(long)).not.toBe(documentId(`${long}x`));
  });
});

/** Optional fields are absent in records, never undefined. */
function present<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, field]) => field !== undefined),
  ) as Partial<T>;
}

interface Mapping {
  properties?: Record<string, Mapping>;
  type?: string;
  enabled?: boolean;
}

function mappedPaths(mapping: Mapping, prefix = ''): Set<string> {
  const paths = new Set<string>();
  for (const [name, field] of Object.entries(mapping.properties ?? {})) {
    if (field.properties === undefined) paths.add(`${prefix}${name}`);
    else for (const path of mappedPaths(field, `${prefix}${name}.`)) paths.add(path);
  }
  return paths;
}

/** The paths of a document's values, no deeper than what the mapping takes whole. */
function leafPaths(value: unknown, mapped: Set<string>, path = ''): string[] {
  if (mapped.has(path) || typeof value !== 'object' || value === null) return [path];
  const prefix = path === '' ? '' : `${path}.`;
  return Object.entries(value).flatMap(([name, field]) =>
    leafPaths(field, mapped, `${prefix}${name}`),
  );
}
