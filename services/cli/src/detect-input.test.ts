import { describe, expect, it } from 'vitest';
import { lenientDetectInput } from './detect-input.ts';

const instant = '2025-04-16T12:20:00.000Z';

describe('what the detect pipe takes', () => {
  it.each([
    ['2025-04-16T12:20:00Z'],
    ['2025-04-16T14:20:00+02:00'],
    ['2025-04-16T12:20:00.000000Z'],
    [Date.parse(instant)],
  ])('a time as %s', (occurredAt) => {
    expect(lenientDetectInput.parse({ target: 'spotify', voice: 'a', occurredAt })).toMatchObject({
      occurredAt: instant,
    });
  });

  it('numbers as names, nulls as absent, countries as classify writes them, a target by its name', () => {
    expect(
      lenientDetectInput.parse({
        id: 7,
        target: 'Disney Plus',
        voice: 42,
        occurredAt: instant,
        type: 'playback',
        cluster: null,
        countries: [{ code: 'SE', source: 'text', confidence: 0.9 }, 'NO'],
      }),
    ).toMatchObject({ id: '7', target: 'disney-plus', voice: '42', countries: ['SE', 'NO'] });
  });

  it('a heartbeat that leaves out that it sees', () => {
    expect(
      lenientDetectInput.parse({ kind: 'heartbeat', source: 'x', through: '2025-04-16T12:20Z' }),
    ).toMatchObject({
      state: 'seeing',
      through: instant,
    });
  });

  it('refuses what lacks target, voice or time, and what is no object', () => {
    for (const bad of [
      { target: 'x', voice: 'a' },
      { voice: 'a', occurredAt: instant },
      { target: 'x', occurredAt: instant },
      [],
      null,
      7,
    ]) {
      expect(lenientDetectInput.safeParse(bad).success).toBe(false);
    }
    expect(
      lenientDetectInput.safeParse({ target: 'x', voice: 'a', occurredAt: 'yesterday' }).success,
    ).toBe(false);
  });
});
