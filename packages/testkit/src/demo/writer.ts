import type { Check, ErrorType, Heartbeat, Post, Report, Topic } from '@outcry/contracts';
import { topics } from '@outcry/contracts';
import type { Random } from '../random.ts';
import type { Person } from './people.ts';
import { script } from './script.ts';

/** A record as it is appended to the log. Heartbeats have no key: they go to every partition. */
export interface DemoRecord {
  topic: Topic;
  key: string | null;
  /** When it is observed, epoch milliseconds: the order of the day. */
  at: number;
  record: Post | Report | Check | Heartbeat;
}

export const instant = (at: number): string => new Date(Math.floor(at)).toISOString();

/** Takes what happens and keeps it as records. */
export interface Writer {
  post(at: number, person: Person, text: string, tags: readonly string[]): void;
  report(at: number, person: Person, target: string, type: ErrorType, text?: string): void;
  check(at: number, check: Omit<Check, 'kind' | 'id' | 'occurredAt' | 'observedAt'>): void;
  heartbeat(at: number, topic: Topic, heartbeat: Omit<Heartbeat, 'kind'>): void;
  finish(): DemoRecord[];
}

export function createWriter(random: Random): Writer {
  const records: DemoRecord[] = [];
  let counter = 0;
  const nextId = (source: string): string => `${source}:${String(++counter).padStart(6, '0')}`;
  const { blind } = script;
  return {
    post(at, person, text, tags) {
      const observed = Math.floor(at + Math.min(8_000, random.logNormal(1_500, 0.6)));
      if (person.source === blind.source && observed >= blind.from && observed < blind.to) return;
      const id = nextId(person.source);
      records.push({
        topic: topics.posts,
        key: id,
        at: observed,
        record: {
          kind: 'post',
          id,
          source: person.source,
          text,
          occurredAt: instant(at),
          observedAt: instant(observed),
          voice: person.voice,
          // Mastodon and Bluesky carry the language that the author's client states, mostly.
          ...(random.chance(0.8) ? { lang: person.language } : {}),
          ...(tags.length > 0 ? { tags: [...tags] } : {}),
          ...(person.profileLocation === undefined
            ? {}
            : { profileLocation: person.profileLocation }),
        },
      });
    },
    report(at, person, target, type, text) {
      const observed = Math.floor(at + 150);
      const source = 'simulation:reports';
      const record: Report = {
        kind: 'report',
        id: nextId(source),
        source,
        target,
        type,
        occurredAt: instant(at),
        observedAt: instant(observed),
        voice: person.voice,
        lang: person.language,
        ...(text === undefined ? {} : { text }),
        ...(random.chance(0.95) ? { country: person.home.country } : {}),
        ...(random.chance(0.5) ? { city: person.city } : {}),
        ...(random.chance(0.7) ? { platform: person.platform } : {}),
      };
      records.push({ topic: topics.reports, key: record.voice, at: observed, record });
    },
    check(at, check) {
      const time = instant(at);
      const record: Check = {
        kind: 'check',
        id: nextId(check.source),
        occurredAt: time,
        observedAt: time,
        ...check,
      };
      records.push({ topic: topics.checks, key: check.target, at: Math.floor(at), record });
    },
    heartbeat(at, topic, heartbeat) {
      records.push({ topic, key: null, at, record: { kind: 'heartbeat', ...heartbeat } });
    },
    // A heartbeat says that everything before it is there, so at equal times it comes last.
    finish: () =>
      records
        .map((record, index) => ({ record, index }))
        .sort(
          (a, b) =>
            a.record.at - b.record.at ||
            Number(a.record.key === null) - Number(b.record.key === null) ||
            a.index - b.index,
        )
        .map((entry) => entry.record),
  };
}
