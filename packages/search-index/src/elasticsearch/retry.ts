import { setTimeout as sleep } from 'node:timers/promises';
import { SearchIndexError } from '../port.ts';

export interface RetrySettings {
  /** Tries in all, the first included. */
  attempts: number;
  /** Wait before the second try, doubled before each further one, milliseconds. */
  firstWaitMs: number;
  maxWaitMs: number;
}

/** About a minute and a half in all: longer than a node needs to come back, shorter than a person. */
export const defaultRetry: RetrySettings = { attempts: 10, firstWaitMs: 250, maxWaitMs: 30_000 };

/**
 * How long to wait before the try that follows `attempt` (from 1), milliseconds: at least a half of
 * the doubled time, the rest by chance, so that processes refused together do not return together.
 */
export function waitMs(settings: RetrySettings, attempt: number, chance: number): number {
  const full = Math.min(settings.maxWaitMs, settings.firstWaitMs * 2 ** (attempt - 1));
  return full / 2 + (full / 2) * chance;
}

/** Waits; cut short, with an error, when the index is closed meanwhile. */
export async function wait(ms: number, closing: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: closing });
  } catch (error) {
    throw new SearchIndexError('closed', 'the search index was closed while it waited to retry', {
      cause: error,
      retriable: false,
    });
  }
}
