import { deadLetter as deadLetterSchema, decode, topics } from '@outcry/contracts';
import type { Batch, LogRecord } from '@outcry/event-log';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { StageObserver } from './index.ts';
import {
  chain,
  createDecodeStep,
  createSink,
  createTransform,
  deadLetter,
  drop,
  keyed,
  maxDeadLetterBytes,
  ok,
} from './index.ts';

function batchOf(...values: (Uint8Array | string | null)[]): Batch {
  const records = values.map(
    (value, offset): LogRecord => ({
      topic: 'in',
      partition: 3,
      offset,
      key: `k${offset}`,
      value: typeof value === 'string' ? Buffer.from(value) : value,
      timestamp: Date.UTC(2025, 3, 16, 12),
    }),
  );
  return { topic: 'in', partition: 3, records, heartbeat: async () => {}, isStale: () => false };
}

function countingObserver() {
  const counts: Record<string, number> = {};
  const add = (name: string, by = 1) => {
    counts[name] = (counts[name] ?? 0) + by;
  };
  const observer: StageObserver = {
    received: (_, records) => add('received', records),
    done: (_, records) => add('done', records),
    sent: (topic, records) => add(`sent ${topic}`, records),
    dropped: (_, reason) => add(`dropped ${reason}`),
    deadLettered: (_, reason) => add(`dead ${reason}`),
  };
  return { counts, observer };
}

const number = createDecodeStep(z.object({ n: z.number() }));

describe('createTransform', () => {
  it('accounts for every record as done, dropped or dead-lettered', async () => {
    const { counts, observer } = countingObserver();
    const transform = createTransform({
      stage: 'test',
      observer,
      step: chain(number, ({ n }) => (n < 0 ? drop('negative') : ok([keyed('out', String(n), n)]))),
    });
    const { outputs } = await transform.process(
      batchOf('{"n":1}', '{"n":-1}', '{"n":"x"}', 'no json', Buffer.from([0xff, 0xfe]), null),
    );
    expect(counts).toEqual({
      received: 6,
      done: 1,
      'sent out': 1,
      [`sent ${topics.deadLetters}`]: 3,
      'dropped negative': 1,
      'dropped tombstone': 1,
      'dead schema': 1,
      'dead not-json': 1,
      'dead not-utf8': 1,
    });
    expect(outputs.map(({ topic }) => topic)).toEqual([
      'out',
      ...Array(3).fill(topics.deadLetters),
    ]);
  });

  it('keeps the bytes, the origin and the reason of what it gives up', async () => {
    const transform = createTransform({
      stage: 'test',
      observer: countingObserver().observer,
      step: chain(number, () => ok([])),
    });
    const { outputs } = await transform.process(batchOf(Buffer.from([0xff, 0x00])));
    const letter = decode(deadLetterSchema, outputs[0]?.value ?? null);
    expect(letter).toMatchObject({
      ok: true,
      value: {
        id: 'in/3/0#test',
        reason: 'not-utf8',
        payload: Buffer.from([0xff, 0x00]).toString('base64'),
        payloadBytes: 2,
        origin: { topic: 'in', partition: 3, offset: 0, key: 'k0' },
      },
    });
  });

  it('cuts a huge payload and tells its true length', async () => {
    const transform = createTransform({
      stage: 'test',
      observer: countingObserver().observer,
      step: chain(number, () => ok([])),
    });
    const { outputs } = await transform.process(batchOf('x'.repeat(maxDeadLetterBytes + 5)));
    const letter = decode(deadLetterSchema, outputs[0]?.value ?? null);
    expect(letter.ok && Buffer.from(letter.value.payload, 'base64').byteLength).toBe(
      maxDeadLetterBytes,
    );
    expect(letter.ok && letter.value.payloadBytes).toBe(maxDeadLetterBytes + 5);
  });

  it('makes a record that breaks a stateless step a dead letter, and goes on', async () => {
    const transform = createTransform({
      stage: 'test',
      observer: countingObserver().observer,
      step: chain(number, ({ n }) => {
        if (n === 2) throw new Error('poison');
        return ok([keyed('out', String(n), n)]);
      }),
    });
    const { outputs } = await transform.process(batchOf('{"n":1}', '{"n":2}', '{"n":3}'));
    expect(outputs.map(({ topic }) => topic)).toEqual(['out', topics.deadLetters, 'out']);
  });

  it('lets what a stateful step throws through, so that nothing of the batch is committed', async () => {
    const transform = createTransform({
      stage: 'test',
      observer: countingObserver().observer,
      onThrow: 'rethrow',
      step: chain(number, () => {
        throw new Error('half changed');
      }),
    });
    await expect(transform.process(batchOf('{"n":1}'))).rejects.toThrow('half changed');
  });
});

describe('createSink', () => {
  it('dead-letters each record once when some of its writes are refused', async () => {
    const { counts, observer } = countingObserver();
    const sink = createSink<number>({
      stage: 'test',
      observer,
      step: chain(number, ({ n }) => (n === 0 ? deadLetter('zero', 'is zero') : ok([n, n + 0.5]))),
      write: async (operations) =>
        operations.map((n) =>
          n >= 2 ? { status: 'refused', reason: 'mapping', detail: String(n) } : { status: 'done' },
        ),
    });
    const { outputs } = await sink.process(batchOf('{"n":0}', '{"n":1}', '{"n":2}'));
    expect(outputs).toHaveLength(2);
    expect(counts).toEqual({ received: 3, done: 1, 'dead zero': 1, 'dead mapping': 1 });
  });

  it('rejects when the write fails as a whole, so that the position stays', async () => {
    const sink = createSink<number>({
      stage: 'test',
      observer: countingObserver().observer,
      step: chain(number, ({ n }) => ok([n])),
      write: async () => {
        throw new Error('unreachable');
      },
    });
    await expect(sink.process(batchOf('{"n":1}'))).rejects.toThrow('unreachable');
  });
});
