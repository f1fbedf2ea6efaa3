import type { Heartbeat, SourceStatus } from '@outcry/contracts';

type Streams = Record<string, Heartbeat['state']>;

export interface SourceStatusBook {
  /** What a heartbeat changes in what its source as a whole sees; undefined when nothing. */
  take(beat: Heartbeat): SourceStatus | undefined;
  /** What must be kept, when it changed since the last call. */
  change(): unknown;
}

/**
 * Turns heartbeats into changes of sight. A source is brought by several input partitions; it counts
 * as blind as soon as one of them is, because what that partition would have brought is missing.
 *
 * @param kept what `change` gave last, from the state of the partition
 */
export function createSourceStatusBook(kept: unknown): SourceStatusBook {
  const sources = new Map<string, Streams>(Object.entries((kept ?? {}) as Record<string, Streams>));
  let changed = false;

  return {
    take(beat) {
      const streams = sources.get(beat.source) ?? {};
      const stream = beat.input === undefined ? '-' : `${beat.input.topic}/${beat.input.partition}`;
      if (streams[stream] === beat.state) return undefined;
      const known = sources.has(beat.source);
      const before = stateOf(streams);
      streams[stream] = beat.state;
      sources.set(beat.source, streams);
      changed = true;
      const after = stateOf(streams);
      if (known && before === after) return undefined;
      return {
        kind: 'source-status',
        type: after === 'blind' ? 'source.degraded' : 'source.recovered',
        source: beat.source,
        state: after,
        since: after === 'blind' ? (beat.since ?? beat.through) : beat.through,
        ...(beat.reason === undefined ? {} : { reason: beat.reason }),
      };
    },
    change() {
      if (!changed) return undefined;
      changed = false;
      return Object.fromEntries(sources);
    },
  };
}

function stateOf(streams: Streams): Heartbeat['state'] {
  return Object.values(streams).includes('blind') ? 'blind' : 'seeing';
}
