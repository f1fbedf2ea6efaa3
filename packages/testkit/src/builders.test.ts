import { check, deletion, heartbeat, outageEvent, post, report, signal } from '@outcry/contracts';
import { expect, test } from 'vitest';
import {
  buildCheck,
  buildDeletion,
  buildHeartbeat,
  buildOutageEvent,
  buildOutageLife,
  buildPost,
  buildReport,
  buildSignal,
} from './builders.ts';

test('every builder makes a record that its contract accepts', () => {
  expect(post.parse(buildPost())).toBeDefined();
  expect(report.parse(buildReport())).toBeDefined();
  expect(check.parse(buildCheck())).toBeDefined();
  expect(heartbeat.parse(buildHeartbeat())).toBeDefined();
  expect(deletion.parse(buildDeletion())).toBeDefined();
  expect(signal.parse(buildSignal())).toBeDefined();
  expect(signal.parse(buildSignal({ target: null, stance: 'unrelated' }))).toBeDefined();
  for (const event of buildOutageLife()) expect(outageEvent.parse(event)).toEqual(event);
});

test('derived fields follow the overrides', () => {
  const built = buildSignal({ source: 'bluesky', target: 'netflix', stance: 'unrelated' });
  expect(built.id).toMatch(/^bluesky:.*@netflix$/);
  expect(built).toMatchObject({ weight: 0, type: null, types: [] });
  expect(buildPost({ occurredAt: '2025-01-01T00:00:00.000Z' }).observedAt).toBe(
    '2025-01-01T00:00:00.000Z',
  );
  const ended = buildOutageEvent({ type: 'outage.resolved', sequence: 4, outageId: 'a' });
  expect(ended).toMatchObject({ id: 'a/4', state: 'resolved', endedAt: ended.decidedAt });
});

test('a life counts up without gaps and ends', () => {
  const life = buildOutageLife();
  expect(life.map((event) => event.sequence)).toEqual([1, 2, 3]);
  expect(new Set(life.map((event) => event.outageId)).size).toBe(1);
  expect(life.at(-1)!.type).toBe('outage.resolved');
});
