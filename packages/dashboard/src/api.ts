import type { ErrorType, OutageEvent, Signal, SourceStatus } from '@outcry/contracts';
import type { Question } from './address.ts';

/** What `GET /v1/status` answers; the service's own page describes the fields. */
export interface Overview {
  at: string;
  from: string;
  intervalSeconds: number;
  sources: SourceStatus[];
  sight: 'clear' | 'partial' | 'blind';
  targets: Target[];
  open: OutageEvent[];
  ended: OutageEvent[];
}

export interface Target {
  id: string;
  name: string;
  kind: string;
  state: 'ok' | 'suspected' | 'confirmed' | 'recovering' | 'unknown';
  outageId: string | null;
  voices: number[];
  usual: (number | null)[];
}

/** What people meet at a target, as its report form offers it. */
export interface Problem {
  type: ErrorType;
  label: string;
}

/** A classified post or report; the interfaces never show whose it is. */
export type Saying = Omit<Signal, 'voice'>;

export type { OutageEvent, SourceStatus };

const mostMs = 30_000;

/** The overview of all targets over six hours, or of one over a day. */
export function fetchOverview(question: Question, signal: AbortSignal): Promise<Overview> {
  const query = question.target === null ? {} : { target: question.target, hours: '24' };
  return get(
    '/v1/status',
    { ...query, ...(question.at === null ? {} : { at: question.at }) },
    signal,
  );
}

/** What was said of trouble at a target, newest first. */
export async function fetchSayings(question: Question, signal: AbortSignal): Promise<Saying[]> {
  const query = { ...scope(question), trouble: 'true', limit: '60' };
  return (await get<{ items: Saying[] }>('/v1/signals', query, signal)).items;
}

/** A target's outages, newest first, in the newest state of each. */
export async function fetchOutages(
  question: Question,
  signal: AbortSignal,
): Promise<OutageEvent[]> {
  const query = { ...scope(question), limit: '30' };
  return (await get<{ items: OutageEvent[] }>('/v1/outages', query, signal)).items;
}

function scope({ at, target }: Question): Record<string, string> {
  return { target: target ?? '', ...(at === null ? {} : { to: at }) };
}

let problems: Promise<Map<string, Problem[]>> | undefined;

/** The problems of every target; asked for once, when the first report form opens. */
export function fetchProblems(): Promise<Map<string, Problem[]>> {
  problems ??= get<{ targets: { id: string; problems: Problem[] }[] }>('/v1/targets', {})
    .then(({ targets }) => new Map(targets.map((target) => [target.id, target.problems])))
    .catch(() => {
      problems = undefined;
      return new Map();
    });
  return problems;
}

async function get<T>(
  path: string,
  query: Record<string, string>,
  signal?: AbortSignal,
): Promise<T> {
  const timeout = AbortSignal.timeout(mostMs);
  const search = new URLSearchParams(query).toString();
  const response = await fetch(search === '' ? path : `${path}?${search}`, {
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    throw new Error('the server does not answer');
  });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return (await response.json()) as T;
}

/** A weak hint to the country, where the address tells none. */
function ownTimeZone(): { timeZone?: string } {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return timeZone === undefined ? {} : { timeZone };
}

/** Sends a report; resolves with what went wrong, or null when it was taken. */
export async function sendReport(target: string, type: string): Promise<string | null> {
  try {
    const response = await fetch('/v1/reports', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ target, type, ...ownTimeZone() }),
      signal: AbortSignal.timeout(mostMs),
    });
    if (response.ok) return null;
    const problem = (await response.json().catch(() => ({}))) as { title?: string };
    return `${problem.title ?? `The server answered ${response.status}`}.`;
  } catch {
    return 'The server could not be reached. Please try again.';
  }
}
