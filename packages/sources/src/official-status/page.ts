import { decodeBody } from './decode.ts';

export type PageAnswer =
  | { kind: 'read'; body: string; bytes: Uint8Array }
  | { kind: 'unchanged' }
  | {
      kind: 'failed';
      reason: 'unreachable' | 'rate-limited' | 'unreadable';
      detail: string;
      /** When the server wants to be asked again, in milliseconds from now. */
      retryAfterMs?: number;
    };

export interface PageOptions {
  timeoutMs: number;
  /** A longer body is not read to its end. */
  mostBytes: number;
}

const longestRetryAfterMs = 60 * 60_000;

/** An official page that is asked politely: only for what changed since the last time. */
export class Page {
  #url: string;
  #options: PageOptions;
  /** Validators of the answer that was understood last. */
  #etag: string | null = null;
  #modified: string | null = null;
  #pending: { etag: string | null; modified: string | null } | null = null;

  constructor(url: string, options: PageOptions) {
    this.#url = url;
    this.#options = options;
  }

  /** Never rejects. What is `read` stays new to us until `understood` is called. */
  async fetch(signal: AbortSignal): Promise<PageAnswer> {
    try {
      return await this.#fetch(signal);
    } catch (error) {
      return { kind: 'failed', reason: 'unreachable', detail: wordsOf(error) };
    }
  }

  /** The last answer made sense: from now on only a newer one is asked for. */
  understood(): void {
    if (this.#pending === null) return;
    this.#etag = this.#pending.etag;
    this.#modified = this.#pending.modified;
    this.#pending = null;
  }

  async #fetch(signal: AbortSignal): Promise<PageAnswer> {
    const conditional = this.#etag !== null || this.#modified !== null;
    const response = await fetch(this.#url, {
      headers: {
        'user-agent': 'outcry (outage analytics)',
        accept: 'application/json, application/rss+xml, application/atom+xml, */*;q=0.5',
        ...(this.#etag === null ? {} : { 'if-none-match': this.#etag }),
        ...(this.#modified === null ? {} : { 'if-modified-since': this.#modified }),
      },
      signal: AbortSignal.any([signal, AbortSignal.timeout(this.#options.timeoutMs)]),
    });
    if (response.status === 304 && conditional) {
      await response.body?.cancel();
      return { kind: 'unchanged' };
    }
    if (response.status !== 200) {
      await response.body?.cancel();
      return refused(response);
    }
    const bytes = await this.#read(response);
    if (bytes === null) {
      const detail = `longer than ${this.#options.mostBytes} bytes`;
      return { kind: 'failed', reason: 'unreadable', detail };
    }
    this.#pending = {
      etag: response.headers.get('etag'),
      modified: response.headers.get('last-modified'),
    };
    const body = decodeBody(bytes, response.headers.get('content-type'));
    return { kind: 'read', body, bytes };
  }

  /** Null when it is too long. */
  async #read(response: Response): Promise<Uint8Array | null> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of response.body ?? []) {
      length += chunk.length;
      // Leaving the loop cancels the rest.
      if (length > this.#options.mostBytes) return null;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }
}

function refused(response: Response): PageAnswer {
  const limited = response.status === 429 || response.status === 403;
  const wait = retryAfterMs(response.headers.get('retry-after'));
  return {
    kind: 'failed',
    reason: limited ? 'rate-limited' : 'unreachable',
    detail: `answered ${response.status}`,
    ...(wait === null ? {} : { retryAfterMs: wait }),
  };
}

/** Seconds, or a date. */
function retryAfterMs(header: string | null): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, longestRetryAfterMs) : null;
}

/** fetch hides the reason in the cause. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors.length > 0) return wordsOf(cause.errors[0]);
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
}
