import type { OutageEvent } from '@outcry/contracts';
import { outageEvent } from '@outcry/contracts';
import { describe, expect, it } from 'vitest';
import type { DetectInput } from './index.ts';
import { createStreamDetector, detectInput } from './index.ts';

const start = Date.parse('2025-04-16T06:00:00.000Z');
const iso = (time: number) => new Date(time).toISOString();

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

interface Plan {
  seed?: number;
  minutes: number;
  /** Voices a minute by minute. */
  rate(minute: number): number;
  fields?(n: number, minute: number): Record<string, unknown>;
}

/** Lines as the pipe gets them: target, voice and time, and what `fields` adds. */
function lines({ seed = 1, minutes, rate, fields }: Plan): DetectInput[] {
  const next = random(seed);
  const found: DetectInput[] = [];
  let time = 0;
  let n = 0;
  const most = Math.max(...Array.from({ length: minutes }, (_, minute) => rate(minute)));
  for (;;) {
    time += -Math.log(next()) / most;
    if (time >= minutes) return found;
    if (next() > rate(time) / most) continue;
    n += 1;
    found.push(
      detectInput.parse({
        target: 'spotify',
        voice: `v${n}`,
        occurredAt: iso(start + Math.floor(time * 60_000)),
        ...fields?.(n, time),
      }),
    );
  }
}

function run(input: readonly DetectInput[]): OutageEvent[] {
  const detector = createStreamDetector();
  const events = input.flatMap((record) => detector.take(record));
  events.push(...detector.finish());
  for (const event of events) expect(outageEvent.parse(event)).toEqual(event);
  return events;
}

const minuteOf = (time: string) => (Date.parse(time) - start) / 60_000;
const chatter = (rate: number): Plan => ({ minutes: 12 * 60, rate: () => rate });

describe('detect, over one stream', { timeout: 120_000 }, () => {
  it('opens within two minutes of a step on a single day without history, and ends it', () => {
    const events = run(
      lines({ minutes: 10 * 60, rate: (minute) => (minute > 380 && minute < 520 ? 60 : 2) }),
    );
    const [opened] = events;
    expect(opened!.type).toBe('outage.opened');
    expect(minuteOf(opened!.decidedAt)).toBeLessThan(382);
    expect(minuteOf(opened!.startedAt)).toBeGreaterThan(378);
    const last = events.at(-1)!;
    expect(last.type).toBe('outage.resolved');
    expect(minuteOf(last.endedAt!)).toBeGreaterThan(515);
    expect(minuteOf(last.decidedAt)).toBeLessThan(540);
    expect(new Set(events.map((event) => event.outageId)).size).toBe(1);
    expect(opened!.reason).toMatch(/^\d+ people reported problems in .*, normally [\d.]+; /);
  });

  it('does not alarm at ordinary chatter from a cold start', () => {
    for (const rate of [0.05, 0.3, 1, 5]) {
      for (const seed of [1, 2, 3]) expect(run(lines({ ...chatter(rate), seed }))).toEqual([]);
    }
  });

  it('notices small services too', () => {
    const events = run(
      lines({ minutes: 400, rate: (minute) => (minute > 200 && minute < 330 ? 1 : 0.05) }),
    );
    expect(events[0]!.type).toBe('outage.opened');
    expect(minuteOf(events[0]!.decidedAt)).toBeLessThan(230);
  });

  it('gives the same answer for any order within the allowed lateness', () => {
    const input = lines({
      minutes: 300,
      rate: (minute) => (minute > 200 && minute < 240 ? 30 : 1),
    });
    const next = random(9);
    const shuffled = input
      .map((record) => ({
        record,
        at: Date.parse((record as { occurredAt: string }).occurredAt) + next() * 9_500,
      }))
      .sort((a, b) => a.at - b.at)
      .map(({ record }) => record);
    expect(run(shuffled)).toEqual(run(input));
  });

  it('tells an outage that the input leaves open as ended by the end of the input', () => {
    const events = run(lines({ minutes: 230, rate: (minute) => (minute > 200 ? 40 : 1) }));
    expect(events[0]!.type).toBe('outage.opened');
    const last = events.at(-1)!;
    expect(last.type).toBe('outage.resolved');
    expect(last.reason).toContain('The input ended');
    expect(events.map((event) => event.sequence)).toEqual(events.map((_, i) => i + 1));
  });

  it('counts one author once, however much is written', () => {
    const events = run(
      lines({
        minutes: 300,
        rate: (minute) => (minute > 200 ? 300 : 1),
        fields: (_, minute) => (minute > 200 ? { voice: 'the same' } : {}),
      }),
    );
    expect(events).toEqual([]);
  });

  it('is not moved by copied text from many accounts', () => {
    const events = run(
      lines({
        minutes: 300,
        rate: (minute) => (minute > 200 && minute < 230 ? 100 : 1),
        fields: (n, minute) => (minute > 200 && minute < 230 ? { cluster: `copy-${n % 3}` } : {}),
      }),
    );
    expect(events).toEqual([]);
  });

  it('is not moved by a wave of talk that the classifier misreads at its known rate', () => {
    const next = random(5);
    const events = run(
      lines({
        minutes: 400,
        rate: (minute) => (minute > 200 && minute < 320 ? 100 : 3),
        fields: (_, minute) =>
          minute > 200 && minute < 320 && next() > 0.03 ? { stance: 'unrelated' } : {},
      }),
    );
    expect(events).toEqual([]);
  });

  it('names place and type', () => {
    const next = random(4);
    const events = run(
      lines({
        minutes: 320,
        rate: (minute) => (minute > 200 && minute < 260 ? 8 : 2),
        fields: (_, minute) =>
          minute > 200 && minute < 260 && next() < 0.75
            ? { countries: ['SE'], types: ['login'] }
            : { countries: [['US', 'DE', 'BR', 'SE'][Math.floor(next() * 4)]], types: ['app'] },
      }),
    );
    expect(events[0]!.type).toBe('outage.opened');
    expect(events.at(-1)!.countries).toEqual(['SE']);
    expect(events.at(-1)!.types[0]).toBe('login');
  });

  it('resolves nothing while a source that saw the outage is blind', () => {
    const input = lines({ minutes: 260, rate: (minute) => (minute > 200 ? 30 : 1) });
    const beats = (state: 'seeing' | 'blind', from: number, to: number, source: string) =>
      Array.from({ length: (to - from) * 6 }, (_, i): DetectInput => {
        const through = iso(start + from * 60_000 + i * 10_000);
        const since = iso(start + from * 60_000);
        return {
          kind: 'heartbeat',
          source,
          state,
          through,
          ...(state === 'blind' ? { since } : {}),
        } as DetectInput;
      });
    const timed = [
      ...input,
      ...beats('seeing', 0, 260, 'stream'),
      ...beats('blind', 260, 330, 'stream'),
      ...beats('seeing', 330, 400, 'stream'),
      ...beats('seeing', 0, 400, 'other'),
    ].sort((a, b) => {
      const of = (one: DetectInput) =>
        'through' in one ? String(one.through) : String((one as { occurredAt: string }).occurredAt);
      return of(a) < of(b) ? -1 : 1;
    });
    const events = run(timed);
    const last = events.at(-1)!;
    expect(last.type).toBe('outage.resolved');
    expect(minuteOf(last.decidedAt)).toBeGreaterThan(330);
  });

  it('lets an official notice and a probe raise confidence and tells the lead', () => {
    const check = (minute: number, method: 'probe' | 'official-status'): DetectInput =>
      ({
        kind: 'check',
        id: `${method}-${minute}`,
        source: method === 'probe' ? 'probe' : 'status',
        target: 'spotify',
        method,
        outcome: 'down',
        subject: 'web player',
        occurredAt: iso(start + minute * 60_000),
        observedAt: iso(start + minute * 60_000),
      }) as DetectInput;
    const input = lines({ minutes: 300, rate: (minute) => (minute > 200 && minute < 260 ? 6 : 1) });
    const at = (minute: number) =>
      input.findIndex((one) => minuteOf((one as { occurredAt: string }).occurredAt) > minute);
    const told = [...input];
    told.splice(at(225), 0, check(225, 'official-status'));
    const plain = run(input);
    const helped = run(told);
    expect(helped[0]!.decidedAt).toBe(plain[0]!.decidedAt);
    const lead = helped.at(-1)!.leadSeconds!;
    expect(lead / 60).toBeCloseTo(225 - minuteOf(helped[0]!.decidedAt), 1);
    expect(helped.at(-1)!.confidence).toBeGreaterThanOrEqual(plain.at(-1)!.confidence);
    expect(plain.at(-1)!.leadSeconds).toBeNull();
  });
});
