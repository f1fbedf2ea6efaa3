import type { Heartbeat, Signal } from '@outcry/contracts';
import { expect, test } from 'vitest';
import { createPartitionDetector } from './partition-detector.ts';
import type { RiseRecord } from './ports.ts';

const start = Date.parse('2025-04-14T00:00:00.000Z');
const minuteMs = 60_000;
const instant = (at: number) => new Date(at).toISOString();

function signal(at: number, index: number, stance: Signal['stance']): Signal {
  const id = `s:${at}-${index}`;
  return {
    kind: 'signal',
    id: `${id}@acme`,
    recordId: id,
    recordKind: 'post',
    source: 's',
    target: 'acme',
    text: '',
    occurredAt: instant(at),
    observedAt: instant(at),
    voice: id,
    stance,
    confidence: 0.9,
    weight: stance === 'affected' ? 1 : 0,
    type: stance === 'affected' ? 'general' : null,
    types: stance === 'affected' ? ['general'] : [],
    places: [],
    platforms: [],
    language: 'en',
    cluster: id,
    model: 'm@1',
  };
}

/**
 * Six hours of a complaint and ten other posts every five minutes; then half an hour in which a topic
 * brings two hundred other posts a minute, and twelve that are taken for complaints.
 */
function* topic(falsePositive: number): Generator<Signal | Heartbeat> {
  for (let minute = 0; minute < 6 * 60 + 30; minute += 1) {
    const at = start + minute * minuteMs;
    const loud = minute >= 6 * 60;
    const calm = minute % 5 === 0;
    const complaints = loud ? 12 : calm ? 1 : 0;
    const talk = loud ? 200 : calm ? 10 : 0;
    for (let i = 0; i < complaints; i += 1) yield signal(at + i * 4_000, i, 'affected');
    for (let i = 0; i < talk; i += 1) yield signal(at + i * 290, 1_000 + i, 'unrelated');
    yield {
      kind: 'heartbeat',
      source: 's',
      state: 'seeing',
      through: instant(at + minuteMs),
      classifier: { model: 'm@1', falsePositive, falseNegative: 0.1 },
    };
  }
}

const options = { partition: 0, partitions: 1 };

function opens(rises: readonly RiseRecord[]): boolean {
  return rises.some((rise) => rise.kind === 'rise' && rise.what === 'evidence');
}

test('complaints that a topic brings by misreading are expected as often as the classifier says', () => {
  const told = (falsePositive: number) => {
    const detector = createPartitionDetector({ ...options, state: new Map() });
    return [...topic(falsePositive)].flatMap((record) => detector.take(record));
  };
  expect(opens(told(0))).toBe(true);
  expect(opens(told(0.06))).toBe(false);
});

test('a restart knows the rates that were told before', () => {
  const records = [...topic(0.06)];
  const half = records.findIndex(({ kind }, i) => kind === 'heartbeat' && i > 900) + 1;
  const state = new Map<string, unknown>();
  const before = createPartitionDetector({ ...options, state });
  for (const record of records.slice(0, half)) before.take(record);
  for (const { key, value } of before.stateChanges()) {
    if (value !== null) state.set(key, structuredClone(value));
  }
  // What follows tells nothing of the classifier.
  const after = createPartitionDetector({ ...options, state });
  const rises = records.slice(half).flatMap((record) => {
    if (record.kind !== 'heartbeat') return after.take(record);
    const { classifier: _, ...beat } = record;
    return after.take(beat);
  });
  expect(opens(rises)).toBe(false);
});
