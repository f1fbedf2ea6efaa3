import { createParser } from 'eventsource-parser';
import type { Answer, JsonAnswer } from '../http.ts';
import { ask, askJson, retryAfterMs } from '../http.ts';
import { wait } from '../wait.ts';

/** A timeline that is followed: a hashtag, or everything public that the instance knows. */
export type Timeline = { kind: 'hashtag'; tag: string } | { kind: 'public' };

export function timelineName(timeline: Timeline): string {
  return timeline.kind === 'hashtag' ? `#${timeline.tag}` : 'public';
}

export interface StreamEvent {
  event: string;
  data: string;
}

export interface MastodonApi {
  /** Statuses of a timeline after `minId`, oldest first within the page; 40 at most. */
  page(timeline: Timeline, minId: string | null, signal: AbortSignal): Promise<JsonAnswer>;
  /** Opens the event stream of a timeline. */
  stream(timeline: Timeline, signal: AbortSignal): Promise<Answer>;
}

const mostEventBytes = 1024 * 1024;

/** The two ways in of one instance, with its rate limit kept. */
export function createMastodonApi(options: {
  instance: URL;
  streaming: URL;
  token: string | undefined;
  now(): number;
}): MastodonApi {
  const { instance, streaming, token, now } = options;
  const authorization: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  /** Epoch milliseconds before which nothing is asked. */
  let notBefore = 0;

  function heed(headers: Headers, refused: boolean): void {
    const reset = Date.parse(headers.get('x-ratelimit-reset') ?? '');
    const remaining = headers.get('x-ratelimit-remaining');
    const untilReset = Number.isNaN(reset) ? undefined : reset - now();
    // The last requests of a window are left to others behind the same address.
    if (refused || (remaining !== null && Number(remaining) < 5))
      notBefore = now() + Math.min(retryAfterMs(headers, now()) ?? untilReset ?? 60_000, 300_000);
  }

  return {
    async page(timeline, minId, signal) {
      await wait(notBefore - now(), signal);
      const path =
        timeline.kind === 'hashtag' ? `tag/${encodeURIComponent(timeline.tag)}` : 'public';
      const url = new URL(`/api/v1/timelines/${path}`, instance);
      url.searchParams.set('limit', '40');
      if (minId !== null) url.searchParams.set('min_id', minId);
      const answer = await askJson(url, { headers: authorization, signal });
      heed(answer.headers, !answer.ok && answer.reason === 'rate-limited');
      return answer;
    },
    stream(timeline, signal) {
      const path = timeline.kind === 'hashtag' ? 'hashtag' : 'public';
      const url = new URL(`/api/v1/streaming/${path}`, streaming);
      if (timeline.kind === 'hashtag') url.searchParams.set('tag', timeline.tag);
      return ask(url, { headers: { ...authorization, accept: 'text/event-stream' }, signal });
    },
  };
}

/**
 * Reads an event stream until it ends. What a chunk brings is handed over and awaited before the
 * next chunk is read, so a slow log slows the server down.
 *
 * @returns why it ended
 */
export async function readEvents(
  response: Response,
  onChunk: (events: StreamEvent[]) => Promise<void>,
): Promise<string> {
  let events: StreamEvent[] = [];
  let tooLong = false;
  const parser = createParser({
    maxBufferSize: mostEventBytes,
    onEvent: ({ event, data }) => events.push({ event: event ?? 'message', data }),
    onError: (error) => {
      tooLong ||= error.type === 'max-buffer-size-exceeded';
    },
  });
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) {
      parser.feed(decoder.decode(chunk, { stream: true }));
      const ready = events;
      events = [];
      await onChunk(ready);
      if (tooLong) return 'an event is too long';
    }
    return 'the stream ended';
  } catch (error) {
    if (error instanceof FatalChunk) throw error.cause;
    return `the stream broke: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Carries a fault of ours out of a stream, past what the other side may do wrong. */
export class FatalChunk extends Error {}
