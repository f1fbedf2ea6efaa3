import type { OfficialStatus, Target } from '@outcry/catalog';
import type { BlindReason, Source, SourceContext } from '../source.ts';
import { toInstant } from '../times.ts';
import type { BackOff } from '../wait.ts';
import { createBackOff, every, together, wait } from '../wait.ts';
import { readAws } from './aws.ts';
import { readFeed } from './feed.ts';
import { readGoogle } from './google.ts';
import { readInstatus } from './instatus.ts';
import type { Reader, Snapshot } from './notice.ts';
import type { PageAnswer } from './page.ts';
import { Page } from './page.ts';
import { readSlack } from './slack.ts';
import { readStatuspage, readStatuspageHistory } from './statuspage.ts';
import { Tracker, trackerMemory } from './tracker.ts';

export interface OfficialStatusOptions {
  targets: readonly Pick<Target, 'id' | 'status'>[];
  /** Default `official-status`. */
  name?: string;
  /** Between two looks at one page. Default 60 s, a tenth more or less. */
  intervalMs?: number;
  /** Longest wait after failures. Default 15 minutes. */
  longestWaitMs?: number;
  timeoutMs?: number;
  /** Default 16 MiB: some pages send their whole history. */
  mostBytes?: number;
  /** Default 1 s. */
  heartbeatMs?: number;
  /** 0 to 1, for jitter. */
  random?: () => number;
}

const readers: Readonly<Record<Exclude<OfficialStatus['kind'], 'none'>, Reader>> = {
  statuspage: readStatuspage,
  instatus: readInstatus,
  rss: readFeed,
  slack: readSlack,
  aws: readAws,
  google: readGoogle,
};
/** A page that fails so often in a row is lost. */
const failuresToLose = 3;

/**
 * What services say of themselves: incidents, their official beginning and end, and the page's own
 * summary, as checks. Pages are asked for changes only, and left alone when they ask for it.
 */
export function createOfficialStatusSource(options: OfficialStatusOptions): Source {
  const name = options.name ?? 'official-status';
  return { name, brings: 'checks', run: (context) => run(name, options, context) };
}

interface Watched {
  target: string;
  kind: Exclude<OfficialStatus['kind'], 'none'>;
  url: string;
  page: Page;
  backOff: BackOff;
  failures: number;
  /** Why the last look failed; null when it did not, undefined before the first. */
  trouble: BlindReason | null | undefined;
}

async function run(
  name: string,
  options: OfficialStatusOptions,
  context: SourceContext,
): Promise<void> {
  const { sink, now, log } = context;
  const intervalMs = options.intervalMs ?? 60_000;
  const random = options.random ?? Math.random;
  const pageOptions = {
    timeoutMs: options.timeoutMs ?? 15_000,
    mostBytes: options.mostBytes ?? 16 * 1024 * 1024,
  };
  const tracker = new Tracker(name, await loadMemory(context));
  const watched = pagesOf(options);
  let lastReadAt = now();
  let saved = JSON.stringify(tracker.memory);

  await together(context.signal, [
    (signal) => every(options.heartbeatMs ?? 1_000, signal, beat),
    ...watched.map((one) => (signal: AbortSignal) => watch(one, signal)),
  ]);
  const through = toInstant(now());
  await sink.heartbeat({ state: 'blind', through, since: through, reason: 'stopped' });

  function pagesOf({ targets }: OfficialStatusOptions): Watched[] {
    return targets.flatMap(({ id, status }) =>
      status === null || status.kind === 'none'
        ? []
        : [
            {
              target: id,
              kind: status.kind,
              url: status.url,
              page: new Page(status.url, pageOptions),
              backOff: createBackOff(intervalMs, options.longestWaitMs ?? 15 * 60_000, random),
              failures: 0,
              trouble: undefined,
            },
          ],
    );
  }

  async function beat(): Promise<void> {
    const troubles = watched.map((one) => one.trouble);
    const through = toInstant(now());
    if (troubles.includes(null)) return sink.heartbeat({ state: 'seeing', through });
    // Before every page was tried nothing is known, not even that we are blind.
    if (troubles.length === 0 || troubles.includes(undefined)) return;
    const reason = troubles.every((trouble) => trouble === 'rate-limited')
      ? 'rate-limited'
      : 'unreachable';
    await sink.heartbeat({ state: 'blind', through, since: toInstant(lastReadAt), reason });
  }

  async function watch(one: Watched, signal: AbortSignal): Promise<void> {
    // Spread over the interval, so that pages of one provider are not asked in bursts.
    await wait(intervalMs * random(), signal);
    while (!signal.aborted) {
      const answer = await one.page.fetch(signal);
      if (signal.aborted) return;
      const waitMs = await handle(one, answer, signal);
      await wait(waitMs, signal);
    }
  }

  /** Returns how long to leave the page alone. */
  async function handle(one: Watched, answer: PageAnswer, signal: AbortSignal): Promise<number> {
    context.count(answer.kind === 'failed' ? answer.reason : answer.kind);
    if (answer.kind === 'failed') {
      await fail(one, answer.reason, answer.detail);
      return Math.max(one.backOff.next(), answer.retryAfterMs ?? 0);
    }
    if (answer.kind === 'read') {
      const snapshot = read(one, answer.body);
      if (snapshot instanceof Error) {
        context.count('unreadable');
        // The first of its kind is kept to look at; the next ones would be the same.
        if (one.failures === 0)
          await context.reject({
            reason: 'unreadable-page',
            detail: `${one.url}: ${snapshot.message}`,
            payload: answer.bytes,
          });
        await fail(one, 'unreadable', snapshot.message);
        return one.backOff.next();
      }
      await take(one, snapshot, signal);
      one.page.understood();
    }
    if (one.failures >= failuresToLose)
      log.info({ source: name, target: one.target }, `${one.url} can be read again`);
    one.failures = 0;
    one.trouble = null;
    one.backOff.reset();
    lastReadAt = now();
    return intervalMs * (0.9 + 0.2 * random());
  }

  /** Whatever a stranger's page does to its reader is the page's fault, and stops nobody. */
  function read(one: Watched, body: string): Snapshot | Error {
    try {
      return readers[one.kind](body, now());
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  async function take(one: Watched, snapshot: Snapshot, signal: AbortSignal): Promise<void> {
    const vanished = tracker.vanished(one.target, snapshot);
    if (vanished.length > 0 && one.kind === 'statuspage')
      snapshot.notices.push(...(await endings(one, vanished, signal)));
    const checks = tracker.take(one.target, snapshot, now());
    if (checks.length === 0) return;
    await sink.put(checks);
    await save();
  }

  /** The summary just drops what is over; the list of incidents has the time of its end. */
  async function endings(one: Watched, vanished: readonly string[], signal: AbortSignal) {
    const url = one.url.replace(/summary\.json$/, 'incidents.json');
    if (url === one.url) return [];
    const answer = await new Page(url, pageOptions).fetch(signal);
    if (answer.kind !== 'read') return [];
    try {
      return readStatuspageHistory(answer.body).filter((notice) => vanished.includes(notice.id));
    } catch {
      return [];
    }
  }

  async function fail(
    one: Watched,
    reason: Extract<PageAnswer, { kind: 'failed' }>['reason'],
    detail: string,
  ): Promise<void> {
    one.failures += 1;
    one.trouble = reason === 'rate-limited' ? 'rate-limited' : 'unreachable';
    if (one.failures !== failuresToLose) return;
    log.warn({ source: name, target: one.target, detail }, `${one.url} cannot be read: ${reason}`);
    const check = tracker.lost(one.target, `${reason}: ${detail}`, now());
    if (check === null) return;
    await sink.put([check]);
    await save();
  }

  /** Behind the checks, so that what is saved as told is in the log. */
  async function save(): Promise<void> {
    const text = JSON.stringify(tracker.memory);
    if (text === saved) return;
    saved = text;
    await context.saveCursor(text);
  }
}

/** @throws when what we saved ourselves cannot be read: that is a fault of ours. */
async function loadMemory(context: SourceContext) {
  const text = await context.loadCursor();
  return text === null ? {} : trackerMemory.parse(JSON.parse(text));
}
