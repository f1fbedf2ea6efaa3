import { expect, test } from 'vitest';
import { fakeClock } from './clock.ts';

test('sleepers wake in order of time, each at its own', async () => {
  const clock = fakeClock('2025-01-01T00:00:00.000Z');
  const woken: [string, number][] = [];
  const start = clock.now();
  const sleeper = async (name: string, ms: number): Promise<void> => {
    await clock.sleep(ms);
    woken.push([name, clock.now() - start]);
  };
  const all = [sleeper('late', 300), sleeper('early', 100)];
  await clock.advance(1_000);
  await Promise.all(all);
  expect(woken).toEqual([
    ['early', 100],
    ['late', 300],
  ]);
  expect(clock.instant()).toBe('2025-01-01T00:00:01.000Z');
});

test('one who sleeps again on waking is woken within the same advance', async () => {
  const clock = fakeClock();
  let laps = 0;
  const runner = (async () => {
    while (laps < 3) {
      await clock.sleep(10);
      laps++;
    }
  })();
  await clock.advance(30);
  await runner;
  expect(laps).toBe(3);
});

test('an aborted sleeper is rejected and forgotten', async () => {
  const clock = fakeClock();
  const controller = new AbortController();
  const sleeping = clock.sleep(1_000, controller.signal);
  controller.abort(new Error('enough'));
  await expect(sleeping).rejects.toThrow('enough');
  expect(clock.waiting).toBe(0);
});
