import type { Report } from '@outcry/contracts';
import { allowedLatenessMs } from '@outcry/contracts';
import type { Beat, Source, SourceContext } from '../source.ts';
import { toInstant } from '../times.ts';
import { every } from '../wait.ts';

/** Why a report could not be taken now. */
export class DoorClosed extends Error {
  readonly code = 'door-closed';
  readonly retriable = true;
}

/** The report door as a source: what HTTP brings in goes the same way as everything else. */
export interface ReportDoor {
  readonly source: Source;
  /**
   * Resolves when the report is durable.
   *
   * @throws DoorClosed when the source does not run, or the log is too slow to answer in time; the
   *   report may still become durable, so a client repeats it with the same id
   */
  take(report: Report): Promise<void>;
  /** Epoch milliseconds by the source's clock. */
  now(): number;
}

export interface ReportDoorOptions {
  /** Default `reports`. Processes that run side by side need names of their own. */
  name?: string;
  /** How long a client waits for the log. Default 5 s. */
  patienceMs?: number;
  /** Reports on their way to the log before more are refused. Default 5,000. */
  mostPending?: number;
  heartbeatMs?: number;
}

export function createReportDoor(options: ReportDoorOptions = {}): ReportDoor {
  const name = options.name ?? 'reports';
  const patienceMs = options.patienceMs ?? 5_000;
  const mostPending = options.mostPending ?? 5_000;
  /** Promises on their way with the time they came, oldest first. */
  const onTheWay = new Map<Promise<void>, number>();
  let context: SourceContext | null = null;
  let through = 0;

  async function run(given: SourceContext): Promise<void> {
    context = given;
    through = given.now();
    try {
      await every(options.heartbeatMs ?? 1_000, given.signal, () =>
        given.sink.heartbeat(beat(given.now())),
      );
    } finally {
      context = null;
    }
    await Promise.allSettled(onTheWay.keys());
    const since = toInstant(through);
    await given.sink.heartbeat({ state: 'blind', through: since, since, reason: 'stopped' });
  }

  function beat(now: number): Beat {
    const [oldest] = onTheWay.values();
    if (oldest !== undefined && now - oldest > allowedLatenessMs) {
      const since = toInstant(through);
      return { state: 'blind', through: since, since, reason: 'lagging' };
    }
    // It stands behind all that was taken before it; what comes yet in this millisecond does not.
    through = Math.max(through, now - 1);
    return { state: 'seeing', through: toInstant(through) };
  }

  return {
    source: { name, brings: 'reports', run },
    now: () => context?.now() ?? Date.now(),
    async take(report) {
      if (context === null) throw new DoorClosed('reports are not taken now');
      if (onTheWay.size >= mostPending) throw new DoorClosed('too many reports wait for the log');
      const durable = context.sink.put([report]);
      onTheWay.set(durable, context.now());
      const settled = durable.finally(() => onTheWay.delete(durable));
      await withPatience(settled, patienceMs);
    },
  };
}

async function withPatience(work: Promise<void>, patienceMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DoorClosed('the log does not answer')), patienceMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}
