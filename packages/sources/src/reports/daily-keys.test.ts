import { topics } from '@outcry/contracts';
import { createMemoryLog } from '@outcry/event-log/memory';
import { fakeClock } from '@outcry/testkit';
import { expect, test } from 'vitest';
import { createAppender } from '../appender.ts';
import { createSourceState } from '../source-state.ts';
import { createDailyVoices } from './daily-keys.ts';

const day = 24 * 60 * 60 * 1000;

async function world() {
  const log = createMemoryLog({ partitions: 1 });
  await log.prepare();
  const clock = fakeClock('2025-04-16T12:00:00.000Z');
  const state = createSourceState(log, createAppender(log));
  const process = async () => {
    const voices = createDailyVoices({ secret: 'a secret of some length', state, now: clock.now });
    await voices.refresh();
    return voices;
  };
  return { log, clock, state, process };
}

test('processes and restarts agree on the voice of a day, and tomorrow it is another', async () => {
  const { clock, process } = await world();
  const first = await process();
  const second = await process();
  const today = first.voiceOf('2.2.2.2/32');
  expect(second.voiceOf('2.2.2.2/32')).toBe(today);
  expect((await process()).voiceOf('2.2.2.2/32')).toBe(today);
  expect(first.voiceOf('2.2.2.3/32')).not.toBe(today);
  await clock.advance(day);
  // Without a refresh in between: tomorrow's salt was made ahead.
  const tomorrow = first.voiceOf('2.2.2.2/32');
  expect(tomorrow).not.toBe(today);
  expect(second.voiceOf('2.2.2.2/32')).toBe(tomorrow);
});

test('past salts are forgotten, and the secret is never in the log', async () => {
  const { log, clock, state, process } = await world();
  const voices = await process();
  expect([...(await state.loadAll('reports/')).keys()]).toEqual([
    'reports/daily-salt/2025-04-16',
    'reports/daily-salt/2025-04-17',
  ]);
  await clock.advance(2 * day);
  await voices.refresh();
  expect([...(await state.loadAll('reports/')).keys()]).toEqual([
    'reports/daily-salt/2025-04-18',
    'reports/daily-salt/2025-04-19',
  ]);
  for await (const record of log.read({ topic: topics.sourceState, partition: 0 }))
    expect(Buffer.from(record.value ?? []).toString()).not.toContain('secret');
});

test('a log that was not read in time does not close the door', async () => {
  const { clock, process } = await world();
  const voices = await process();
  await clock.advance(5 * day);
  expect(voices.voiceOf('2.2.2.2/32')).toMatch(/^[\w-]{22}$/);
});
