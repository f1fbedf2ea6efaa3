import type { Heartbeat, OutageEvent, Signal, SignalsRecord } from '@outcry/contracts';
import { outageEvent } from '@outcry/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RiseRecord } from './index.ts';
import { createCorrelator, createPartitionDetector, riseRecord } from './index.ts';

const start = Date.parse('2025-04-16T10:00:00.000Z');
const iso = (time: number) => new Date(time).toISOString();

/** A small generator of its own, so that a test names its day by a seed. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

function signal(target: string, n: number, occurred: number, observed: number, country: string) {
  const id = `test:${target}-${n}`;
  const one: Signal = {
    kind: 'signal',
    id: `${id}@${target}`,
    recordId: id,
    recordKind: 'post',
    source: 'test',
    target,
    text: '',
    occurredAt: iso(occurred),
    observedAt: iso(observed),
    voice: `voice-${target}-${n}`,
    stance: 'affected',
    confidence: 0.9,
    weight: 1,
    type: 'playback',
    types: ['playback'],
    places: [{ country, source: 'tag', confidence: 1 }],
    platforms: ['ios'],
    language: 'en',
    cluster: `text-${n}`,
    model: 'test',
  };
  return one;
}

interface Timed {
  /** When it reaches the log. */
  arrives: number;
  record: SignalsRecord;
}

/** Two hours of calm at one voice a minute, then a rise at two of three targets. */
function day(seed: number, minutes: number): Timed[] {
  const next = random(seed);
  const records: Timed[] = [];
  let n = 0;
  for (const [index, target] of ['alpha', 'beta', 'gamma'].entries()) {
    for (let second = 0; second < minutes * 60; second += 1) {
      const failing = index < 2 && second > minutes * 30 && second < minutes * 45;
      if (next() > (failing ? 0.4 : 1 / 60)) continue;
      const occurred = start + second * 1000 + Math.floor(next() * 1000);
      const observed = occurred + Math.floor(next() * 9000);
      n += 1;
      const country = ['SE', 'US', 'BR', 'JP'][Math.floor(next() * 4)]!;
      records.push({ arrives: observed, record: signal(target, n, occurred, observed, country) });
    }
  }
  return records;
}

function beats(minutes: number): Timed[] {
  const records: Timed[] = [];
  for (let second = 0; second <= minutes * 60 + 60; second += 5) {
    const through = start + second * 1000;
    const record: Heartbeat = {
      kind: 'heartbeat',
      source: 'test',
      state: 'seeing',
      through: iso(through),
    };
    records.push({ arrives: through + 0.5, record });
  }
  return records;
}

function inOrder(records: Timed[]): SignalsRecord[] {
  return [...records].sort((a, b) => a.arrives - b.arrives).map(({ record }) => record);
}

/** Runs both steps over a log of some partitions; `restart` says where state is put out and back. */
function run(
  records: readonly SignalsRecord[],
  partitions: number,
  restart: (position: number) => boolean = () => false,
): OutageEvent[] {
  const states = Array.from({ length: partitions }, () => new Map<string, unknown>());
  const correlatorState = new Map<string, unknown>();
  const detectors = states.map((state, partition) =>
    createPartitionDetector({ partition, partitions, state }),
  );
  let correlator = createCorrelator({ state: correlatorState });
  const events: OutageEvent[] = [];
  const tell = (rises: RiseRecord[]) => {
    for (const rise of rises) {
      const passed = JSON.parse(JSON.stringify(rise));
      events.push(...correlator.take(riseRecord.parse(passed) as RiseRecord));
    }
  };
  records.forEach((record, position) => {
    for (let partition = 0; partition < partitions; partition += 1) {
      if (record.kind === 'signal' && record.target!.charCodeAt(0) % partitions !== partition)
        continue;
      tell(detectors[partition]!.take(record));
      if (!restart(position)) continue;
      save(states[partition]!, detectors[partition]!.stateChanges());
      detectors[partition] = createPartitionDetector({
        partition,
        partitions,
        state: states[partition]!,
      });
      save(correlatorState, correlator.stateChanges());
      correlator = createCorrelator({ state: correlatorState });
    }
  });
  for (const detector of detectors) tell(detector.finish());
  events.push(...correlator.finish());
  return events;
}

function save(state: Map<string, unknown>, changes: { key: string; value: unknown }[]): void {
  for (const { key, value } of changes) {
    if (value === null) state.delete(key);
    else state.set(key, JSON.parse(JSON.stringify(value)));
  }
}

describe('the two steps over a log', { timeout: 120_000 }, () => {
  const minutes = 120;
  const records = [...day(1, minutes), ...beats(minutes)];
  const log = inOrder(records);
  const expected = run(log, 1);

  it('opens an outage for each failing target and ends it, numbered without gaps', () => {
    const opened = expected.filter((event) => event.type === 'outage.opened');
    expect(opened.map((event) => event.target).sort()).toEqual(['alpha', 'beta']);
    for (const { outageId } of opened) {
      const life = expected.filter((event) => event.outageId === outageId);
      expect(life.map((event) => event.sequence)).toEqual(life.map((_, index) => index + 1));
      expect(life.at(-1)!.type).toBe('outage.resolved');
    }
    for (const event of expected) expect(outageEvent.parse(event)).toEqual(event);
  });

  it('says the same with one and with eight partitions', () => {
    expect(JSON.stringify(run(log, 8))).toBe(JSON.stringify(expected));
  });

  it('says the same when records arrive in another order within what heartbeats promise', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const next = random(seed);
        const shuffled = records.map(({ arrives, record }) => ({
          record,
          // A record may come earlier than it did; a heartbeat never before what it speaks for.
          arrives: record.kind === 'heartbeat' ? arrives : arrives - next() * 8000,
        }));
        expect(JSON.stringify(run(inOrder(shuffled), 1))).toBe(JSON.stringify(expected));
      }),
      { numRuns: 6 },
    );
  });

  it('goes on exactly after a restart at any record', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const next = random(seed);
        expect(JSON.stringify(run(log, 2, () => next() < 0.02))).toBe(JSON.stringify(expected));
      }),
      { numRuns: 4 },
    );
  });

  it('is not moved by a stream that is delivered three times', () => {
    expect(
      JSON.stringify(
        run(
          log.flatMap((one) => [one, one, one]),
          1,
        ),
      ),
    ).toBe(JSON.stringify(expected));
  });

  it('refuses state that it cannot read', () => {
    const broken = new Map<string, unknown>([['meta', { rules: 'detection-0' }]]);
    expect(() => createPartitionDetector({ partition: 0, partitions: 1, state: broken })).toThrow(
      /meta/,
    );
    expect(() => createCorrelator({ state: new Map([['nonsense', 1]]) })).toThrow(/meta/);
  });
});
