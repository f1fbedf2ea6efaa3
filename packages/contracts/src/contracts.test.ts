import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  buildCheck,
  buildDeletion,
  buildHeartbeat,
  buildOutageEvent,
  buildPost,
  buildReport,
  buildSignal,
} from '@outcry/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { schemaFiles, schemasFolder } from '../tools/write-schemas.ts';
import {
  allowedLatenessMs,
  bucketMs,
  bucketStart,
  clampOccurredAt,
  decode,
  encode,
  maxClockLagMs,
  topicSchemas,
  topicSettings,
  topics,
} from './index.ts';

const schemas: Record<string, z.ZodType<unknown>> = topicSchemas;
const schemaOf = (topic: string) => schemas[topic]!;

describe('the records of the topics', () => {
  it.each([
    [topics.posts, buildPost()],
    [topics.posts, buildHeartbeat()],
    [topics.posts, buildDeletion({ postId: 'x' })],
    [topics.reports, buildReport()],
    [topics.checks, buildCheck()],
    [topics.signals, buildSignal()],
    [topics.signals, buildCheck()],
    [topics.outages, buildOutageEvent()],
  ] as const)('%s takes what is built for it, and gives it back unchanged', (topic, record) => {
    expect(decode(schemaOf(topic), encode(record))).toEqual({ ok: true, value: record });
  });

  it('refuses what belongs elsewhere', () => {
    expect(decode(schemaOf(topics.posts), encode(buildReport()))).toMatchObject({
      ok: false,
      reason: 'schema',
    });
    expect(decode(schemaOf(topics.checks), encode(buildPost()))).toMatchObject({
      ok: false,
      reason: 'schema',
    });
  });

  it('never throws, whatever the bytes are', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          for (const schema of Object.values(schemas)) {
            const decoded = decode(schema, bytes);
            if (!decoded.ok) expect(['not-utf8', 'not-json', 'schema']).toContain(decoded.reason);
          }
        },
      ),
    );
  });

  it('names the field that does not fit, in one line', () => {
    const decoded = decode(
      schemaOf(topics.posts),
      encode({ ...buildPost(), occurredAt: 'noon', voice: '' }),
    );
    expect(decoded).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/^occurredAt: .*; voice: .*$/),
    });
  });

  it('has every topic in the settings, and their JSON Schema in the files', () => {
    expect(new Set(Object.keys(topicSettings))).toEqual(new Set(Object.values(topics)));
    const files = new Map(schemaFiles());
    expect(readdirSync(schemasFolder).toSorted()).toEqual([...files.keys()].toSorted());
    for (const [name, text] of files)
      expect(readFileSync(path.join(schemasFolder, name), 'utf8')).toBe(text);
  });
});

describe('event time', () => {
  it('believes an author within reason, and never one who is ahead', () => {
    const observed = Date.UTC(2025, 3, 16, 12);
    expect(clampOccurredAt(observed - 5_000, observed)).toBe(observed - 5_000);
    expect(clampOccurredAt(observed + 1, observed)).toBe(observed);
    expect(clampOccurredAt(observed - maxClockLagMs - 1, observed)).toBe(observed);
    expect(clampOccurredAt(Number.NaN, observed)).toBe(observed);
  });

  it('puts each time into the bucket that holds it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (time) => {
        const start = bucketStart(time);
        expect(start % bucketMs).toBe(0);
        expect(time - start).toBeGreaterThanOrEqual(0);
        expect(time - start).toBeLessThan(bucketMs);
      }),
    );
    expect(allowedLatenessMs).toBeGreaterThan(0);
  });
});
