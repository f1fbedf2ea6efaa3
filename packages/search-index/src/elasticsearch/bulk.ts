import type { Client } from '@elastic/elasticsearch';
import { isDone, refused } from '../check.ts';
import type { Collection, Operation, Outcome } from '../port.ts';
import { SearchIndexError } from '../port.ts';
import { isPassing, isPassingStatus, statusOf, toSearchIndexError } from './errors.ts';
import type { Plan } from './plan.ts';
import { planBulk } from './plan.ts';
import type { Write } from './requests.ts';
import { makeRequests } from './requests.ts';
import type { RetrySettings } from './retry.ts';
import { wait, waitMs } from './retry.ts';

/** Bounds of one request: large enough to keep the server busy, small enough to be refused cheaply. */
const requestBounds = { bytes: 5_000_000, count: 2_000 };
/** Requests of one bulk under way at once. */
const concurrency = 4;
/** Ids in one deletion; the server allows 65,536 terms. */
const maxDeletedIds = 10_000;

export interface BulkLog {
  warn(fields: object, message: string): void;
}

export interface BulkDeps {
  client: Client;
  retry: RetrySettings;
  log: BulkLog | undefined;
  /** Aborts when the index is closed. */
  closing: AbortSignal;
  /** 0 to 1. */
  random: () => number;
}

/** Where a bulk writes: an alias for each collection, undefined for one that it does not take. */
export type AliasOf = (collection: Collection) => string | undefined;

/** Carries out operations and answers their outcomes, in their order. */
export async function carryOut(
  deps: BulkDeps,
  operations: readonly Operation[],
  aliasOf: AliasOf,
): Promise<Outcome[]> {
  const plan = planBulk(operations, (collection) => aliasOf(collection) !== undefined);
  const { outcomes } = plan;
  await deleteSignals(deps, plan.deletions, aliasOf('signals'));
  const requests = makeRequests(
    operations,
    plan.writes,
    (collection) => aliasOf(collection)!,
    requestBounds,
  );
  const worker = async () => {
    try {
      for (let next = requests.next(); !next.done; next = requests.next())
        await sendUntilAnswered(deps, next.value, outcomes);
    } catch (error) {
      // Where one gave up, the others begin nothing new.
      requests.return();
      throw error;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return outcomes.map((outcome) => outcome!);
}

/** Sends writes, and what of them was refused for lack of room again, until each has an outcome. */
async function sendUntilAnswered(
  deps: BulkDeps,
  writes: Write[],
  outcomes: (Outcome | undefined)[],
): Promise<void> {
  let pending = writes;
  for (let attempt = 1; ; attempt++) {
    const answer = await send(deps, pending);
    if (answer === 'too-large') {
      await sendHalves(deps, pending, outcomes);
      return;
    }
    for (const [position, outcome] of answer.outcomes) outcomes[position] = outcome;
    pending = answer.again;
    if (pending.length === 0) return;
    await waitOrGiveUp(deps, attempt, `${pending.length} documents`, answer.why);
  }
}

async function sendHalves(
  deps: BulkDeps,
  writes: Write[],
  outcomes: (Outcome | undefined)[],
): Promise<void> {
  if (writes.length === 1) {
    const { position, lines } = writes[0]!;
    outcomes[position] = refused(
      'too-large',
      `${lines.length} bytes are more than the server takes`,
    );
    return;
  }
  const middle = writes.length >> 1;
  await sendUntilAnswered(deps, writes.slice(0, middle), outcomes);
  await sendUntilAnswered(deps, writes.slice(middle), outcomes);
}

interface Answer {
  outcomes: [position: number, outcome: Outcome][];
  /** What was refused for lack of room. */
  again: Write[];
  /** The last reason for `again`. */
  why: unknown;
}

interface BulkItem {
  status: number;
  error?: { type: string; reason?: string; caused_by?: { reason?: string } };
}

async function send(deps: BulkDeps, writes: Write[]): Promise<Answer | 'too-large'> {
  let body: { items: Record<string, BulkItem>[] };
  try {
    body = await deps.client.transport.request<typeof body>({
      method: 'POST',
      path: '/_bulk',
      // A missing alias is an error, never an index that the server makes up with guessed mappings.
      querystring: { require_alias: true, filter_path: 'items.*.status,items.*.error' },
      bulkBody: Buffer.concat(writes.map((write) => write.lines)),
    });
  } catch (error) {
    if (statusOf(error) === 413) return 'too-large';
    if (isPassing(error)) return { outcomes: [], again: writes, why: error };
    throw toSearchIndexError(error, 'writing');
  }
  const answer: Answer = { outcomes: [], again: [], why: undefined };
  for (const [at, write] of writes.entries()) {
    const item = Object.values(body.items[at] ?? {})[0];
    const verdict = judge(item);
    if (verdict === 'again') {
      answer.again.push(write);
      answer.why = item?.error ?? 'no answer for an item';
    } else {
      answer.outcomes.push([write.position, verdict]);
    }
  }
  return answer;
}

/** What the server's word on one document comes to. */
function judge(item: BulkItem | undefined): Outcome | 'again' {
  if (item === undefined || isPassingStatus(item.status)) return 'again';
  // 409: the document is there already, or what is there is as new.
  if (item.status < 300 || item.status === 409) return isDone();
  const { type = 'unknown', reason = '', caused_by } = item.error ?? {};
  if ([401, 403, 404].includes(item.status)) {
    // The index is missing, read-only or closed to us: that is no fault of the document.
    throw new SearchIndexError('internal', `Elasticsearch, writing: ${type}: ${reason}`, {
      cause: item.error,
      retriable: true,
    });
  }
  return refused(type, caused_by?.reason === undefined ? reason : `${reason}: ${caused_by.reason}`);
}

/** Removes the signals of posts and voices. Everything written so far is found, by anyone. */
async function deleteSignals(
  deps: BulkDeps,
  { postIds, voices }: Plan['deletions'],
  alias: string | undefined,
): Promise<void> {
  const queries = [
    ...slices(postIds).map((ids) => ({ terms: { 'outcry.record.id': ids } })),
    ...slices(voices).map((ids) => ({ terms: { 'outcry.voice': ids } })),
  ];
  if (queries.length === 0 || alias === undefined) return;
  await untilAccepted(deps, 'deleting', async () => {
    await deps.client.indices.refresh({ index: alias });
    for (const query of queries) {
      const { failures = [] } = await deps.client.deleteByQuery({
        index: alias,
        query,
        // Another process deletes the same: that is all we wanted.
        conflicts: 'proceed',
      });
      const failure = failures[0];
      if (failure !== undefined)
        throw new SearchIndexError(
          isPassingStatus(failure.status) ? 'overloaded' : 'internal',
          `Elasticsearch, deleting: ${failure.cause.type}: ${failure.cause.reason}`,
          { cause: failure, retriable: isPassingStatus(failure.status) },
        );
    }
  });
}

/** Runs a request until the server has room for it. */
async function untilAccepted(deps: BulkDeps, doing: string, run: () => Promise<void>) {
  for (let attempt = 1; ; attempt++) {
    try {
      await run();
      return;
    } catch (error) {
      const overloaded = error instanceof SearchIndexError && error.code === 'overloaded';
      if (!overloaded && !isPassing(error)) throw toSearchIndexError(error, doing);
      await waitOrGiveUp(deps, attempt, doing, error);
    }
  }
}

async function waitOrGiveUp(deps: BulkDeps, attempt: number, what: string, why: unknown) {
  if (attempt >= deps.retry.attempts) {
    const reached = statusOf(why) !== undefined || !isPassing(why);
    throw new SearchIndexError(
      reached ? 'overloaded' : 'unreachable',
      `Elasticsearch has no room: ${what} refused ${attempt} times`,
      { cause: why, retriable: true },
    );
  }
  const ms = waitMs(deps.retry, attempt, deps.random());
  deps.log?.warn({ attempt, waitMs: Math.round(ms), err: why }, `search index refuses ${what} now`);
  await wait(ms, deps.closing);
}

function slices(ids: readonly string[]): string[][] {
  const made: string[][] = [];
  for (let at = 0; at < ids.length; at += maxDeletedIds)
    made.push(ids.slice(at, at + maxDeletedIds));
  return made;
}
