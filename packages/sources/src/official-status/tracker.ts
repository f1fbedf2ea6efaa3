import { createHash } from 'node:crypto';
import type { Check } from '@outcry/contracts';
import { z } from 'zod';
import { timesOf, toInstant } from '../times.ts';
import type { Notice, OfficialOutcome, Snapshot } from './notice.ts';

const outcome = z.enum(['up', 'degraded', 'down', 'maintenance', 'unknown']);

/** What was last told of each page: with it a restart repeats nothing and misses no ending. */
export const trackerMemory = z.record(
  z.string(),
  z.object({
    overall: outcome.nullable(),
    open: z.record(
      z.string(),
      z.object({ outcome, title: z.string(), startedAt: z.number().optional() }),
    ),
    /** Ids of what ended, newest last, so that a feed does not bring it again. */
    over: z.array(z.string()),
  }),
);
export type TrackerMemory = z.infer<typeof trackerMemory>;
type PageMemory = TrackerMemory[string];

const rememberedEndings = 100;
/** A page's own time of change is believed as a time of the outage only when it is this near. */
const nearMs = 60 * 60_000;

/** Turns what pages say into checks, one for each thing that is new. */
export class Tracker {
  #source: string;
  #memory: TrackerMemory;

  constructor(source: string, memory: TrackerMemory) {
    this.#source = source;
    this.#memory = structuredClone(memory);
  }

  get memory(): TrackerMemory {
    return this.#memory;
  }

  /** Ids that were open and that the page does not list any more. */
  vanished(target: string, snapshot: Snapshot): string[] {
    if (!snapshot.listsAllOpen) return [];
    const listed = new Set(snapshot.notices.map((notice) => keyOf(notice)));
    return Object.keys(this.#page(target).open).filter((id) => !listed.has(id));
  }

  /**
   * What a snapshot says that was not said before. Once taken it counts as told.
   *
   * @param observed epoch milliseconds at which the page was read
   */
  take(target: string, snapshot: Snapshot, observed: number): Check[] {
    const page = this.#page(target);
    const checks: Check[] = [];
    for (const id of this.vanished(target, snapshot)) {
      const { title, startedAt } = page.open[id]!;
      const ended: Notice = { id, title, outcome: 'up', resolvedAt: observed };
      if (startedAt !== undefined) ended.startedAt = startedAt;
      checks.push(this.#close(target, page, { ...ended, detail: 'no longer listed' }, observed));
    }
    for (const notice of snapshot.notices) {
      const id = keyOf(notice);
      const before = page.open[id];
      if (before?.outcome === notice.outcome) continue;
      if (notice.outcome !== 'up') {
        page.open[id] = {
          outcome: notice.outcome,
          title: notice.title.slice(0, 256),
          ...(notice.startedAt === undefined ? {} : { startedAt: notice.startedAt }),
        };
        // What was over and is open again may end again.
        page.over = page.over.filter((one) => one !== id);
        checks.push(this.#ofNotice(target, notice, observed));
      } else if (before !== undefined || !page.over.includes(id)) {
        checks.push(this.#close(target, page, notice, observed));
      }
    }
    if (snapshot.overall !== null && snapshot.overall.outcome !== page.overall)
      checks.push(this.#ofPage(target, page, snapshot.overall, observed));
    return checks;
  }

  /** The page cannot be read: its silence must not pass for "all fine". Null when told already. */
  lost(target: string, detail: string, observed: number): Check | null {
    const page = this.#page(target);
    if (page.overall === 'unknown') return null;
    return this.#ofPage(target, page, { outcome: 'unknown', detail }, observed);
  }

  #page(target: string): PageMemory {
    this.#memory[target] ??= { overall: null, open: {}, over: [] };
    return this.#memory[target];
  }

  #close(target: string, page: PageMemory, notice: Notice, observed: number): Check {
    const id = keyOf(notice);
    // A feed moves the time of an entry with each update: the first that we heard is the beginning.
    const heard = [notice.startedAt, page.open[id]?.startedAt].filter((at) => at !== undefined);
    const startedAt = heard.length === 0 ? undefined : Math.min(...heard);
    delete page.open[id];
    page.over = [...page.over.filter((one) => one !== id), id].slice(-rememberedEndings);
    return this.#ofNotice(
      target,
      startedAt === undefined ? notice : { ...notice, startedAt },
      observed,
    );
  }

  #ofNotice(target: string, notice: Notice, observed: number): Check {
    const said = notice.updatedAt ?? notice.resolvedAt ?? notice.startedAt ?? observed;
    return {
      kind: 'check',
      id: `${this.#source}:${target}:${keyOf(notice)}:${notice.outcome}:${said}`,
      source: this.#source,
      target,
      method: 'official-status',
      outcome: notice.outcome,
      subject: notice.title.slice(0, 512),
      ...detailOf(notice.detail),
      ...(notice.startedAt === undefined ? {} : { officialStartedAt: toInstant(notice.startedAt) }),
      ...(notice.resolvedAt === undefined
        ? {}
        : { officialResolvedAt: toInstant(notice.resolvedAt) }),
      ...timesOf(toInstant(said), observed, observed),
    };
  }

  #ofPage(
    target: string,
    page: PageMemory,
    overall: { outcome: OfficialOutcome; detail: string; updatedAt?: number },
    observed: number,
  ): Check {
    const before = page.overall;
    page.overall = overall.outcome;
    const said = overall.updatedAt ?? observed;
    const near = Math.abs(observed - said) < nearMs;
    const wasBad = before === 'degraded' || before === 'down';
    const isBad = overall.outcome === 'degraded' || overall.outcome === 'down';
    return {
      kind: 'check',
      id: `${this.#source}:${target}:page:${overall.outcome}:${said}`,
      source: this.#source,
      target,
      method: 'official-status',
      outcome: overall.outcome,
      subject: 'status page',
      ...detailOf(overall.detail),
      ...(isBad && !wasBad && near ? { officialStartedAt: toInstant(said) } : {}),
      ...(wasBad && overall.outcome === 'up' && near
        ? { officialResolvedAt: toInstant(said) }
        : {}),
      ...timesOf(toInstant(said), observed, observed),
    };
  }
}

/** A notice's id, short enough to stand in ids and memory. */
function keyOf({ id }: Pick<Notice, 'id'>): string {
  // "constructor" as a name in an object would find what every object has.
  return id.length <= 120 && !(id in {})
    ? id
    : createHash('sha256').update(id).digest('hex').slice(0, 32);
}

function detailOf(detail: string | undefined): { detail?: string } {
  const cut = detail?.trim().slice(0, 2_000) ?? '';
  return cut === '' ? {} : { detail: cut };
}
