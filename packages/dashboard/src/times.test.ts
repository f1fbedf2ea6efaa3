import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** The formats are made when the module is read, in the zone of the process. */
async function timesIn(zone: string) {
  vi.resetModules();
  process.env.TZ = zone;
  return import('./times.ts');
}

describe('times', () => {
  let before: string | undefined;
  beforeEach(() => {
    before = process.env.TZ;
  });
  afterEach(() => {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  });

  it('names the zone of the reader and gives UTC beside it', async () => {
    const { momentWord } = await timesIn('Europe/Stockholm');
    expect(momentWord('2025-04-16T12:40:00.000Z')).toBe(
      'Wed, 16 Apr 2025, 14:40 UTC+2 (12:40 UTC)',
    );
    expect(momentWord('2025-01-16T12:40:00.000Z')).toContain('13:40 UTC+1');
  });

  it('gives the day of UTC where it is another one than here', async () => {
    const { momentWord } = await timesIn('Asia/Tokyo');
    expect(momentWord('2025-04-16T16:00:00.000Z')).toBe(
      'Thu, 17 Apr 2025, 01:00 UTC+9 (16 Apr, 16:00 UTC)',
    );
  });

  it('says UTC once to whoever lives in it', async () => {
    const { momentWord } = await timesIn('UTC');
    expect(momentWord('2025-04-16T12:40:00.000Z')).toBe('Wed, 16 Apr 2025, 12:40 UTC');
  });

  it('shows the day of a time only where it is not the one spoken of', async () => {
    const { clockWord } = await timesIn('UTC');
    expect(clockWord('2025-04-16T12:40:00.000Z', '2025-04-16T20:00:00.000Z')).toBe('12:40');
    expect(clockWord('2025-04-15T12:40:00.000Z', '2025-04-16T20:00:00.000Z')).toBe('15 Apr, 12:40');
  });

  it.each([
    ['2025-04-16T12:07:00.000Z', '7 min'],
    ['2025-04-16T14:00:00.000Z', '2 h'],
    ['2025-04-16T15:29:00.000Z', '3 h 29 min'],
    ['2025-04-19T12:00:00.000Z', '3 days'],
  ])('tells how long it is until %s: %s', async (to, word) => {
    const { spanWord } = await timesIn('UTC');
    expect(spanWord('2025-04-16T12:00:00.000Z', to)).toBe(word);
  });
});
