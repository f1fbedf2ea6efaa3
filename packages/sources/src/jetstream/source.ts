import type { Matcher } from '@outcry/catalog';
import type { Source, SourceContext } from '../source.ts';
import { createBackOff, createBell, every, together, wait } from '../wait.ts';
import type { Connection, Ended } from './connection.ts';
import { connect } from './connection.ts';
import { postCollection, readFrame } from './protocol.ts';
import { createPendingQueue } from './queue.ts';
import { Sight } from './sight.ts';

/** The public instances; any of them serves the same stream. */
export const publicJetstreamHosts = [
  'wss://jetstream1.us-east.bsky.network/subscribe',
  'wss://jetstream2.us-east.bsky.network/subscribe',
  'wss://jetstream1.us-west.bsky.network/subscribe',
  'wss://jetstream2.us-west.bsky.network/subscribe',
] as const;

export interface JetstreamOptions {
  /** `wss://` or `ws://` addresses of v1 `/subscribe`, tried in turn. Default: the public ones. */
  hosts?: readonly string[];
  /** Default `bluesky`. */
  name?: string;
  /** Knows the watched targets in a text. Needed with `keep: 'matching'`. */
  matcher?: Pick<Matcher, 'match'>;
  /** `matching` (default): what speaks of no watched target is dropped at the door. */
  keep?: 'matching' | 'all';
  /** How far before the cursor a resumed stream starts. Default 5 s. */
  rewindMs?: number;
  /** A gap longer than this is not caught up whole. Default one hour. */
  mostCatchUpMs?: number;
  /** Records held before the socket is paused. Default 10,000. */
  queueLimit?: number;
  /** Records in one append. Default 1,000. */
  batchLimit?: number;
  /** Default 1 s. */
  heartbeatMs?: number;
  /** Without any frame for this long the connection is dead. Default 15 s. */
  deadAfterMs?: number;
  /** Without an event for this long the host is given up. Default 60 s. */
  stalledAfterMs?: number;
  /** First and longest wait between connections. Default 250 ms and 30 s. */
  backOffMs?: { first: number; most: number };
  handshakeTimeoutMs?: number;
}

const userAgent = 'outcry (outage analytics)';

/**
 * Posts of Bluesky by Jetstream's v1 stream.
 *
 * The cursor is server time; since that is not monotonic and hosts differ a little, a resumed
 * stream starts some seconds earlier and repeats are left to the record ids. The cursor that is
 * saved never passes a record that is not durable.
 */
export function createJetstreamSource(options: JetstreamOptions): Source {
  const name = options.name ?? 'bluesky';
  const keeps = keptBy(options);
  const hosts = (options.hosts ?? publicJetstreamHosts).map((host) => new URL(host));
  if (hosts.length === 0) throw new RangeError('a jetstream source wants at least one host');
  return {
    name,
    brings: 'posts',
    run: (context) => runJetstream(context, { ...options, name, hosts, keeps }),
  };
}

function keptBy({ keep, matcher }: JetstreamOptions): Settings['keeps'] {
  if (keep === 'all') return () => true;
  if (matcher === undefined)
    throw new TypeError('a jetstream source that keeps what matches wants a matcher');
  return (text, tags) => matcher.match(text, tags).length > 0;
}

interface Settings extends Omit<JetstreamOptions, 'hosts' | 'name'> {
  name: string;
  hosts: readonly URL[];
  keeps(text: string, tags: readonly string[]): boolean;
}

async function runJetstream(context: SourceContext, settings: Settings): Promise<void> {
  const { sink, now } = context;
  const queueLimit = settings.queueLimit ?? 10_000;
  const batchLimit = settings.batchLimit ?? 1_000;
  const rewindUs = (settings.rewindMs ?? 5_000) * 1000;
  const mostCatchUpUs = (settings.mostCatchUpMs ?? 3_600_000) * 1000;
  const deadAfterMs = settings.deadAfterMs ?? 15_000;
  const stalledAfterMs = settings.stalledAfterMs ?? 60_000;
  const backOff = createBackOff(
    settings.backOffMs?.first ?? 250,
    settings.backOffMs?.most ?? 30_000,
  );

  const savedCursor = readCursor(await context.loadCursor());
  const startTimeUs = savedCursor ?? now() * 1000;
  // From the first moment on there is something to resume from, however soon we are killed.
  if (savedCursor === null) await context.saveCursor(String(startTimeUs));
  const queue = createPendingQueue(startTimeUs);
  const sight = new Sight(queue, now());
  const arrived = createBell();
  const drained = createBell();
  let connection: Connection | null = null;
  let connecting = true;
  let saved = startTimeUs;
  let resumes = savedCursor !== null;

  await together(context.signal, [stayConnected, pump, keepBeating]);
  await saveCursor();
  const { through } = sight.beat(now());
  await sink.heartbeat({ state: 'blind', through, since: through, reason: 'stopped' });

  async function stayConnected(signal: AbortSignal): Promise<void> {
    try {
      for (let turn = 0; !signal.aborted; turn += 1) {
        // What is still held would be sent again: let it drain first.
        while (queue.length >= queueLimit && !signal.aborted) await drained.heard(signal);
        if (signal.aborted) break;
        const host = settings.hosts[turn % settings.hosts.length]!;
        const ended = await session(host, signal);
        if (signal.aborted) break;
        context.count('disconnected');
        const waitMs = backOff.next();
        context.log.info(
          { source: settings.name, host: host.host, waitMs: Math.round(waitMs) },
          ended.detail,
        );
        await wait(waitMs, signal);
      }
    } finally {
      connecting = false;
      arrived.ring();
    }
  }

  /** One connection, from its handshake to its end. */
  async function session(host: URL, signal: AbortSignal): Promise<Ended> {
    const current = connect(subscribeUrl(host, resumeFrom()), events(), {
      handshakeTimeoutMs: settings.handshakeTimeoutMs ?? 10_000,
      userAgent,
    });
    connection = current;
    const stop = () => current.drop('we stop');
    signal.addEventListener('abort', stop, { once: true });
    const ended = await current.ended;
    signal.removeEventListener('abort', stop);
    connection = null;
    sight.closed(ended.reason);
    return ended;
  }

  function events() {
    return {
      open() {
        sight.opened(now());
        context.count('connected');
      },
      alive() {
        sight.alive(now());
      },
      malformed() {
        context.count('malformed');
      },
      message: take,
    };
  }

  function take(text: string): void {
    const observed = now();
    const frame = readFrame(text, {
      source: settings.name,
      observed,
      voice: context.voice,
      keeps: settings.keeps,
    });
    if (frame === null) {
      context.count('malformed');
      return;
    }
    backOff.reset();
    context.count('received');
    queue.note(frame.timeUs, observed, frame.record);
    sight.event(observed, frame.timeUs);
    if (frame.record === null) return;
    arrived.ring();
    if (queue.length >= queueLimit && connection !== null && !connection.paused) {
      connection.pause();
      sight.paused(observed);
      context.count('paused');
    }
  }

  /** Brings what was received into the log, as many at once as have come meanwhile. */
  async function pump(): Promise<void> {
    // What was received before a stop is still brought home.
    while (connecting || queue.length > 0) {
      const records = queue.take(batchLimit);
      if (records.length === 0) {
        await arrived.heard();
        continue;
      }
      await sink.put(records);
      queue.settle();
      if (queue.length < queueLimit / 2) {
        drained.ring();
        if (connection?.paused) {
          connection.resume();
          sight.resumed(now());
        }
      }
    }
  }

  async function keepBeating(signal: AbortSignal): Promise<void> {
    await every(settings.heartbeatMs ?? 1_000, signal, async () => {
      dropIfDead();
      if (sight.silence(now()).frames > 0) connection?.ping();
      await sink.heartbeat(sight.beat(now()));
      await saveCursor();
    });
  }

  function dropIfDead(): void {
    const { frames, events: silent } = sight.silence(now());
    if (frames > deadAfterMs) connection?.drop(`no frame for ${deadAfterMs} ms`);
    else if (silent > stalledAfterMs) connection?.drop(`no event for ${stalledAfterMs} ms`);
  }

  async function saveCursor(): Promise<void> {
    const durable = queue.durableTimeUs();
    if (durable <= saved) return;
    await context.saveCursor(String(durable));
    saved = durable;
  }

  /** Where to ask the server to go on, epoch µs; null for the live end. */
  function resumeFrom(): number | null {
    const durable = queue.durableTimeUs();
    if (!resumes) {
      resumes = true;
      return null;
    }
    const oldest = now() * 1000 - mostCatchUpUs;
    if (durable < oldest) {
      context.log.warn(
        { source: settings.name, gapSeconds: Math.round((now() * 1000 - durable) / 1e6) },
        'the gap since the last cursor is too long to be caught up whole',
      );
    }
    return Math.floor(Math.max(durable - rewindUs, oldest));
  }
}

function subscribeUrl(host: URL, cursor: number | null): URL {
  const url = new URL(host);
  url.searchParams.append('wantedCollections', postCollection);
  if (cursor !== null) url.searchParams.set('cursor', String(cursor));
  return url;
}

/** @throws when what we saved ourselves cannot be read: that is a fault of ours. */
function readCursor(text: string | null): number | null {
  if (text === null) return null;
  if (!/^\d{1,16}$/.test(text)) throw new Error(`the saved cursor is no time: ${text}`);
  return Number(text);
}
