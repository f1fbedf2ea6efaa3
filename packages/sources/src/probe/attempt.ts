import type { Probe } from '@outcry/catalog';
import type { ErrorClass } from './errors.ts';
import type { Answered, ExchangeOptions, Phases, Unanswered } from './exchange.ts';
import { exchange } from './exchange.ts';

/** What one look at an address says. */
export interface ProbeResult {
  verdict: 'up' | 'failed' | 'blocked';
  errorClass?: ErrorClass;
  detail: string;
  /** Whether anything answered: then our own network works. */
  reached: boolean;
  status?: number;
  durationMs: number;
  phases: Phases;
  certificateEndsAt?: number;
  /** Seconds after which the server wants to be asked again. */
  retryAfterSeconds?: number;
}

export type AttemptOptions = Pick<
  ExchangeOptions,
  'timeoutMs' | 'signal' | 'lookup' | 'ca' | 'allowPrivate'
>;

const mostRedirects = 5;
/** How near its beginning a page must hold the expected text. */
const expectBytes = 256 * 1024;
/** Answers that say that HEAD is not liked, not that the service fails. */
const headUnloved = new Set([400, 403, 404, 405, 406, 501, 503]);

/**
 * Looks at an address once: HEAD first, GET of a range where HEAD is refused or the body must be
 * read, redirects followed. Never rejects.
 */
export async function attempt(probe: Probe, options: AttemptOptions): Promise<ProbeResult> {
  const begin = performance.now();
  const wantsBody = probe.expect !== undefined;
  let method: 'HEAD' | 'GET' = wantsBody ? 'GET' : 'HEAD';
  let url = new URL(probe.url);
  let redirects = 0;
  for (;;) {
    const answer = await exchange(url, {
      ...options,
      timeoutMs: Math.max(1, options.timeoutMs - (performance.now() - begin)),
      method,
      mostBytes: wantsBody ? expectBytes : 0,
      // Without a wish for the body, one byte suffices.
      headers: method === 'GET' && !wantsBody ? { range: 'bytes=0-0' } : {},
    });
    if (!answer.answered) return unanswered(answer, redirects > 0);
    if (method === 'HEAD' && headUnloved.has(answer.status) && !accepts(probe, answer.status)) {
      method = 'GET';
      continue;
    }
    const next = redirectOf(answer, url);
    if (next === null) return judge(probe, answer);
    redirects += 1;
    if (redirects > mostRedirects)
      return failed(
        answer,
        'content',
        `more than ${mostRedirects} redirects, last to ${next.href}`,
      );
    url = next;
  }
}

function redirectOf(answer: Answered, from: URL): URL | null {
  const { location } = answer.headers;
  if (answer.status < 300 || answer.status > 399 || location === undefined) return null;
  const next = URL.parse(location, from.href);
  return next !== null && /^https?:$/.test(next.protocol) ? next : null;
}

function judge(probe: Probe, answer: Answered): ProbeResult {
  const { status } = answer;
  if (accepts(probe, status)) return passed(answer);
  if (status === 403 || status === 429) {
    const wait = Number(answer.headers['retry-after']);
    return {
      ...measured(answer),
      verdict: 'blocked',
      detail: `answered ${status}`,
      ...(wait > 0 ? { retryAfterSeconds: Math.min(wait, 3_600) } : {}),
    };
  }
  if (status >= 500) return failed(answer, 'http_5xx', `answered ${status}`);
  // The service answers and asks who we are, or finds our range odd.
  if (status === 401 || status === 416) return passed(answer);
  if (status >= 400) return failed(answer, 'http_4xx', `answered ${status}`);
  if (probe.expect !== undefined && !answer.body.includes(probe.expect))
    return failed(answer, 'content', `answered ${status} without "${probe.expect}"`);
  return passed(answer);
}

function accepts(probe: Probe, status: number): boolean {
  return probe.accept?.includes(status) ?? false;
}

function measured(answer: Answered) {
  const { status, durationMs, phases, certificateEndsAt } = answer;
  return {
    reached: true,
    status,
    durationMs,
    phases,
    ...(certificateEndsAt === undefined ? {} : { certificateEndsAt }),
  };
}

function passed(answer: Answered): ProbeResult {
  return { ...measured(answer), verdict: 'up', detail: `answered ${answer.status}` };
}

function failed(answer: Answered, errorClass: ErrorClass, detail: string): ProbeResult {
  return { ...measured(answer), verdict: 'failed', errorClass, detail };
}

function unanswered(answer: Unanswered, redirected: boolean): ProbeResult {
  const { errorClass, detail, durationMs, phases } = answer;
  // Whoever redirected us, spoke a handshake or sent garbage is there.
  const reached = redirected || errorClass === 'tls' || errorClass === 'content';
  return { verdict: 'failed', errorClass, detail, reached, durationMs, phases };
}
