import type { OutageEvent } from '@outcry/contracts';
import { decode, encode, outageEvent, topics } from '@outcry/contracts';
import type { EventLog } from '@outcry/event-log';
import { createMemoryLog } from '@outcry/event-log/memory';
import { silentObserver } from '@outcry/pipeline';
import { createLogger } from '@outcry/runtime';
import { buildHeartbeat, buildSignal } from '@outcry/testkit';
import { describe, expect, it } from 'vitest';
import { startCorrelator } from './correlator-stage.ts';
import { startDetector } from './detector-stage.ts';

const logger = createLogger({ service: 'test', level: 'silent', format: 'json' });
const start = Date.UTC(2025, 3, 16, 12);
const at = (seconds: number) => new Date(start + seconds * 1_000).toISOString();

/** Complaints of as many people as there are seconds in a span, each followed by a heartbeat. */
async function complain(
  log: EventLog,
  from: number,
  to: number,
  everySeconds: number,
): Promise<void> {
  for (let second = from; second < to; second += everySeconds) {
    const time = at(second);
    await log.append([
      {
        topic: topics.signals,
        partition: 0,
        key: 'spotify',
        value: encode(
          buildSignal({
            id: `t:${second}@spotify`,
            recordId: `t:${second}`,
            target: 'spotify',
            source: 'test',
            voice: `v${second}`,
            cluster: `c${second}`,
            occurredAt: time,
            observedAt: time,
          }),
        ),
      },
      {
        topic: topics.signals,
        partition: 0,
        key: 'test',
        value: encode(buildHeartbeat({ source: 'test', through: time })),
      },
    ]);
  }
}

async function outages(log: EventLog): Promise<OutageEvent[]> {
  const events: OutageEvent[] = [];
  for await (const { value } of log.read({ topic: topics.outages, partition: 0 })) {
    const decoded = decode(outageEvent, value);
    if (decoded.ok) events.push(decoded.value);
  }
  return events;
}

async function running(log: EventLog) {
  const options = { log, logger, observer: silentObserver };
  const correlator = await startCorrelator({ ...options, context: {} });
  const detector = await startDetector({ ...options, context: {}, silenceMs: 3_600_000 });
  return async () => {
    await detector.stop();
    await correlator.stop();
  };
}

describe('a change of the rules', () => {
  it('ends what was open, learns again from the log, and finds what still lasts', async () => {
    const log = createMemoryLog({ partitions: 1 });
    await log.prepare();
    const stop = await running(log);
    await complain(log, 0, 3_600, 60);
    await complain(log, 3_600, 4_000, 1);
    await expect
      .poll(async () => (await outages(log))[0]?.type, { timeout: 20_000 })
      .toBe('outage.opened');
    await stop();

    // As if other rules had written all of it: their mark, and forms that these do not know.
    for (const topic of [topics.detectorState, topics.correlatorState]) {
      await log.append([
        { topic, partition: 0, key: 'rules', value: encode('detection-0') },
        { topic, partition: 0, key: 'meta', value: encode({ of: 'another age' }) },
      ]);
    }
    const [first] = await outages(log);
    const stopAgain = await running(log);
    await complain(log, 4_000, 4_400, 1);
    await expect
      .poll(
        async () =>
          (await outages(log)).find(
            ({ outageId, type }) => outageId === first?.outageId && type === 'outage.resolved',
          ),
        { timeout: 20_000 },
      )
      .toMatchObject({ reason: expect.stringContaining('rules changed') });
    await expect
      .poll(
        async () => (await outages(log)).filter(({ type }) => type === 'outage.opened').length,
        { timeout: 20_000 },
      )
      .toBe(2);
    await stopAgain();
    await log.close();
  });
});
