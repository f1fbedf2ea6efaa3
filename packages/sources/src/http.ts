import type { BlindReason } from './source.ts';

/** What a request came to. The detail never holds a header, so no credential either. */
export type Answer =
  | { ok: true; response: Response }
  | { ok: false; reason: BlindReason; detail: string; status: number | null; headers: Headers };

export interface Ask {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  signal: AbortSignal;
  /** Until the headers are there; the body may take its time. Default 15 s. */
  timeoutMs?: number;
}

export const userAgent = 'outcry/0.1 (outage analytics)';

/** Asks once, follows no redirect, and never throws for what the other side does. */
export async function ask(url: URL, options: Ask): Promise<Answer> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), options.timeoutMs ?? 15_000);
  try {
    const response = await fetch(url, {
      method: options.method ?? 'GET',
      redirect: 'manual',
      headers: { 'user-agent': userAgent, ...options.headers },
      ...(options.body === undefined ? {} : { body: options.body }),
      signal: AbortSignal.any([options.signal, timeout.signal]),
    });
    if (response.status >= 200 && response.status < 300) return { ok: true, response };
    await response.body?.cancel();
    return {
      ok: false,
      reason: reasonOf(response.status),
      detail: `${url.host} answers ${response.status}`,
      status: response.status,
      headers: response.headers,
    };
  } catch (error) {
    const detail = timeout.signal.aborted ? `${url.host} does not answer` : explain(url, error);
    return { ok: false, reason: 'unreachable', detail, status: null, headers: new Headers() };
  } finally {
    clearTimeout(timer);
  }
}

export type JsonAnswer =
  | { ok: true; value: unknown; headers: Headers }
  | Extract<Answer, { ok: false }>;

/** Asks for JSON. A body that is none, or is larger than `mostBytes`, counts as unreachable. */
export async function askJson(
  url: URL,
  options: Ask,
  mostBytes = 8 * 1024 * 1024,
): Promise<JsonAnswer> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(60_000)]);
  const answer = await ask(url, { ...options, signal });
  if (!answer.ok) return answer;
  const { headers, status } = answer.response;
  const bad = (detail: string): JsonAnswer => ({
    ok: false,
    reason: 'unreachable',
    detail: `${url.host} ${detail}`,
    status,
    headers,
  });
  try {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of answer.response.body ?? []) {
      length += chunk.length;
      if (length > mostBytes) return bad('sends too much');
      chunks.push(chunk);
    }
    return { ok: true, value: JSON.parse(Buffer.concat(chunks).toString('utf8')), headers };
  } catch (error) {
    return error instanceof SyntaxError ? bad('sends no JSON') : bad('stops in the middle');
  }
}

/** What a refusal means for our sight. */
function reasonOf(status: number): BlindReason {
  if (status === 401 || status === 403) return 'refused-credentials';
  return status === 429 || status === 420 ? 'rate-limited' : 'unreachable';
}

/**
 * Milliseconds to wait after a refusal, from Retry-After in seconds or as a date, or undefined.
 *
 * @param now epoch milliseconds
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), 3_600_000);
}

function explain(url: URL, error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as { code?: unknown }).code;
  return `${url.host} cannot be reached${typeof code === 'string' ? ` (${code})` : ''}`;
}
