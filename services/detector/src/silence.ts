import type { Heartbeat } from '@outcry/contracts';

/** One source as one input partition brings it. */
interface Stream {
  source: string;
  input?: Heartbeat['input'];
}

export interface SilenceWatch {
  /** A heartbeat went by. `now` in epoch milliseconds. */
  heard(beat: Heartbeat, now: number): void;
  /** Heartbeats to append for streams that fell silent; each is told once until it is heard again. */
  due(now: number): Heartbeat[];
  /** The watched streams when they changed since the last call, to be kept with the detector's state. */
  change(): Stream[] | undefined;
}

/**
 * Notices that a source just stopped, without a word. This is the only decision in the flow that a
 * wall clock takes, and it is written to the log as a `blind` heartbeat, so a replay reads it there
 * and decides nothing anew.
 *
 * @param known streams that were seeing when the state was last kept; their silence is counted from `now`
 * @param silenceMs how long a stream may say nothing
 */
export function createSilenceWatch(
  known: readonly Stream[],
  silenceMs: number,
  now: number,
): SilenceWatch {
  const streams = new Map<string, { stream: Stream; beat?: Heartbeat; heardAt: number }>(
    known.map((stream) => [keyOf(stream), { stream, heardAt: now }]),
  );
  let changed = false;

  return {
    heard(beat, at) {
      const key = keyOf(beat);
      if (beat.state === 'blind') {
        // A blind source said so itself, and holds nobody back.
        changed = streams.delete(key) || changed;
        return;
      }
      if (!streams.has(key)) changed = true;
      const stream: Stream = { source: beat.source };
      if (beat.input !== undefined) stream.input = beat.input;
      streams.set(key, { stream, beat, heardAt: at });
    },
    due(at) {
      const silent: Heartbeat[] = [];
      for (const { stream, beat, heardAt } of streams.values()) {
        if (at - heardAt < silenceMs) continue;
        const since = beat?.through ?? new Date(heardAt).toISOString();
        silent.push({
          kind: 'heartbeat',
          source: stream.source,
          state: 'blind',
          reason: 'silent',
          through: since,
          since,
          ...(stream.input === undefined ? {} : { input: stream.input }),
        });
      }
      // What is appended comes back through `heard` and is removed there; until then it is not told again.
      for (const beat of silent) {
        changed = streams.delete(keyOf(beat)) || changed;
      }
      return silent;
    },
    change() {
      if (!changed) return undefined;
      changed = false;
      return [...streams.values()].map(({ stream }) => stream);
    },
  };
}

function keyOf({ source, input }: Stream): string {
  return input === undefined ? source : `${source} ${input.topic} ${input.partition}`;
}
