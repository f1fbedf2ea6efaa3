import type { Topic } from '@outcry/contracts';
import { topics } from '@outcry/contracts';
import { script } from './script.ts';
import type { Writer } from './writer.ts';
import { instant } from './writer.ts';

const minuteMs = 60_000;

/** A probe every five minutes, and the official page's two words. */
export function statusChecks(writer: Writer): void {
  const { startsAt, recoversFrom, officialAt, officialEndAt, target } = script.outage;
  for (let at = script.from; at < script.to; at += 5 * minuteMs) {
    const failing = at > startsAt && at < recoversFrom;
    writer.check(at, {
      source: 'simulation:probe',
      target,
      method: 'probe',
      outcome: failing ? 'down' : 'up',
      subject: 'https://open.spotify.com (simulated)',
      durationMs: failing ? 1_900 : 140,
      ...(failing ? { errorClass: 'http_5xx' as const } : {}),
    });
  }
  const official = {
    source: 'simulation:status',
    target,
    method: 'official-status' as const,
    subject: 'simulated notice: some issues with the app and the web player',
    officialStartedAt: instant(officialAt),
  };
  writer.check(officialAt, { ...official, outcome: 'degraded' });
  writer.check(officialEndAt, {
    ...official,
    outcome: 'up',
    officialResolvedAt: instant(officialEndAt),
  });
}

/** Every source says three times a minute how far it has seen. */
export function heartbeats(writer: Writer): void {
  const { blind } = script;
  const sources: [string, Topic][] = [
    ['simulation:bluesky', topics.posts],
    ['simulation:mastodon', topics.posts],
    ['simulation:reports', topics.reports],
    ['simulation:probe', topics.checks],
    ['simulation:status', topics.checks],
  ];
  for (let at = script.from; at <= script.to; at += 20_000) {
    for (const [source, topic] of sources) {
      const cannotSee = source === blind.source && at >= blind.from && at < blind.to;
      writer.heartbeat(
        at,
        topic,
        cannotSee
          ? {
              source,
              state: 'blind',
              through: instant(at),
              since: instant(blind.from),
              reason: 'unreachable',
            }
          : { source, state: 'seeing', through: instant(at) },
      );
    }
  }
}
