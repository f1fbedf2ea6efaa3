import type { OutageEvent, Signal } from '@outcry/contracts';
import { outageEvent } from '@outcry/contracts';
import { describe, expect, it } from 'vitest';
import type { DetectInput, RiseRecord, SignalLike } from './index.ts';
import {
  createCorrelator,
  createPartitionDetector,
  createStreamDetector,
  detectInput,
} from './index.ts';

const start = Date.parse('2025-06-10T06:00:00.000Z');
const at = (minute: number) => new Date(start + Math.floor(minute * 60_000)).toISOString();
const minuteOf = (time: string) => (Date.parse(time) - start) / 60_000;

/** Complaints a minute of a place between two minutes. */
type Rise = [place: string, from: number, to: number, rate: number];

const calm = ['US-IL', 'US-WA', 'US-NY', 'US-TX', 'US-CA', 'US-FL', 'DE', 'PT', 'FR', 'GB'];

/** A calm chatter in every place, and what comes to it. */
function lines(minutes: number, rises: readonly Rise[], seed = 7): DetectInput[] {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  const found: { time: number; place: string }[] = [];
  for (const [place, from, to, rate] of [
    ...calm.map((one): Rise => [one, 0, minutes, 0.25]),
    ...rises,
  ]) {
    let time = from - Math.log(random()) / rate;
    while (time < to) {
      found.push({ time, place });
      time -= Math.log(random()) / rate;
    }
  }
  found.sort((a, b) => a.time - b.time);
  return found.map(({ time, place }, n) =>
    detectInput.parse({
      target: 'comcast',
      voice: `v${n}`,
      occurredAt: at(time),
      types: ['connection'],
      ...(place.length > 2 ? { subdivisions: [place] } : { countries: [place] }),
    }),
  );
}

function run(input: readonly DetectInput[]): OutageEvent[] {
  const detector = createStreamDetector();
  const events = [...input.flatMap((record) => detector.take(record)), ...detector.finish()];
  for (const event of events) expect(outageEvent.parse(event)).toEqual(event);
  for (const life of Map.groupBy(events, ({ outageId }) => outageId).values()) {
    expect(life.map(({ sequence }) => sequence)).toEqual(life.map((_, index) => index + 1));
    expect(life[0]!.type).toBe('outage.opened');
    expect(life.at(-1)!.type).toMatch(/resolved|retracted/);
    expect(life.filter(({ endedAt }) => endedAt !== null)).toHaveLength(1);
  }
  return events;
}

const opened = (events: readonly OutageEvent[]) =>
  events.filter(({ type }) => type === 'outage.opened');
const last = (events: readonly OutageEvent[], id: string) =>
  events.filter(({ outageId }) => outageId === id).at(-1)!;

describe('outages of one target in several places', { timeout: 60_000 }, () => {
  it('are two where one city fails and later another, each with a scope and an end of its own', () => {
    const events = run(
      lines(600, [
        ['US-IL', 300, 420, 6],
        ['US-WA', 340, 480, 6],
      ]),
    );
    const [chicago, seattle, ...more] = opened(events);
    expect(more).toEqual([]);
    expect(chicago!.subdivisions).toEqual(['US-IL']);
    expect(seattle!.subdivisions).toEqual(['US-WA']);
    expect(seattle!.beside).toEqual([chicago!.outageId]);
    expect(minuteOf(seattle!.startedAt)).toBeGreaterThan(337);
    expect(last(events, chicago!.outageId).subdivisions).toEqual(['US-IL']);
    expect(last(events, seattle!.outageId).subdivisions).toEqual(['US-WA']);
    expect(minuteOf(last(events, chicago!.outageId).decidedAt)).toBeLessThan(450);
    expect(minuteOf(last(events, chicago!.outageId).endedAt!)).toBeGreaterThan(410);
    expect(minuteOf(last(events, seattle!.outageId).endedAt!)).toBeGreaterThan(470);
    // What is told of one are its own people.
    expect(seattle!.voices).toBeLessThan(40);
  });

  it('are two where one country fails and later another, whichever ends first', () => {
    const events = run(
      lines(600, [
        ['DE', 300, 480, 5],
        ['PT', 345, 400, 5],
      ]),
    );
    expect(opened(events).map(({ countries }) => countries)).toEqual([['DE'], ['PT']]);
    const [germany, portugal] = opened(events).map(({ outageId }) => last(events, outageId));
    expect(minuteOf(portugal!.endedAt!)).toBeLessThan(420);
    expect(minuteOf(germany!.endedAt!)).toBeGreaterThan(470);
    expect(germany!.countries).toEqual(['DE']);
  });

  it('are one where they begin together', () => {
    const events = run(
      lines(500, [
        ['DE', 300, 400, 5],
        ['PT', 302, 400, 5],
      ]),
    );
    expect(opened(events)).toHaveLength(1);
    expect(last(events, opened(events)[0]!.outageId).countries).toEqual(['DE', 'PT']);
  });

  it('become one when the places in between fail too, and the younger says of which it is a part', () => {
    const events = run(
      lines(600, [
        ['DE', 300, 480, 5],
        ['PT', 340, 480, 5],
        ...['FR', 'GB', 'US-IL', 'US-WA', 'US-NY', 'US-TX', 'US-CA'].map(
          (place): Rise => [place, 380, 480, 4],
        ),
      ]),
    );
    const [germany, portugal, ...more] = opened(events);
    expect(more).toEqual([]);
    const joined = last(events, portugal!.outageId);
    expect(joined.type).toBe('outage.resolved');
    expect(joined.mergedInto!.outageId).toBe(germany!.outageId);
    expect(joined.reason).toContain(germany!.outageId);
    expect(minuteOf(joined.decidedAt)).toBeGreaterThan(380);
    expect(minuteOf(joined.decidedAt)).toBeLessThan(392);
    const whole = last(events, germany!.outageId);
    expect(whole.scope).toBe('worldwide');
    expect(minuteOf(whole.endedAt!)).toBeGreaterThan(470);
  });

  it('is one that widens where everything fails after one place', () => {
    const events = run(
      lines(500, [
        ['DE', 300, 400, 5],
        ...calm.filter((place) => place !== 'DE').map((place): Rise => [place, 330, 400, 5]),
      ]),
    );
    expect(opened(events)).toHaveLength(1);
    expect(last(events, opened(events)[0]!.outageId).scope).toBe('worldwide');
  });
});

describe('the state of outages in several places', { timeout: 60_000 }, () => {
  it('survives a restart at any record', () => {
    const input = lines(520, [
      ['DE', 300, 480, 5],
      ['PT', 340, 480, 5],
      ['US-WA', 360, 400, 5],
      ...['FR', 'GB', 'US-IL', 'US-NY'].map((place): Rise => [place, 420, 480, 4]),
    ]);
    const whole = run(input).filter(({ reason }) => !reason.startsWith('The input ended'));
    const states = { detector: new Map<string, unknown>(), correlator: new Map<string, unknown>() };
    const make = () => ({
      detector: createPartitionDetector({ partition: 0, partitions: 1, state: states.detector }),
      correlator: createCorrelator({ state: states.correlator }),
    });
    let steps = make();
    const events: OutageEvent[] = [];
    const tell = (rises: RiseRecord[]) => {
      for (const rise of rises) events.push(...steps.correlator.take(rise));
    };
    input.forEach((line, n) => {
      const { occurredAt } = line as { occurredAt: string };
      tell(steps.detector.take(asSignal(line as SignalLike)));
      tell(
        steps.detector.take({
          kind: 'heartbeat',
          source: 'stream',
          state: 'seeing',
          through: occurredAt,
        }),
      );
      if (n % 37 !== 0) return;
      for (const step of ['detector', 'correlator'] as const) {
        for (const { key, value } of steps[step].stateChanges()) {
          if (value === null) states[step].delete(key);
          else states[step].set(key, JSON.parse(JSON.stringify(value)));
        }
      }
      steps = make();
    });
    tell(steps.detector.finish());
    events.push(...steps.correlator.finish());
    expect(opened(events).length).toBe(3);
    expect(JSON.stringify(events)).toBe(JSON.stringify(whole));
  });
});

function asSignal(line: SignalLike): Signal {
  const codes = [...(line.subdivisions ?? []), ...(line.countries ?? [])];
  const recordId = `${line.voice}/${line.occurredAt}`;
  return {
    kind: 'signal',
    id: `${recordId}@${line.target}`,
    recordId,
    recordKind: 'post',
    source: 'stream',
    target: line.target,
    text: '',
    occurredAt: line.occurredAt,
    observedAt: line.occurredAt,
    voice: line.voice,
    stance: 'affected',
    confidence: 1,
    weight: 1,
    type: 'connection',
    types: ['connection'],
    places: codes.map((code) => ({
      country: code.slice(0, 2),
      ...(code.length > 2 ? { subdivision: code } : {}),
      source: 'tag',
      confidence: 1,
    })),
    platforms: [],
    language: 'und',
    cluster: `#${recordId}`,
    model: '',
  };
}
