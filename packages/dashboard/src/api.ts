import type { OutageEvent, SourceStatus } from '@outcry/contracts';

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

export type { OutageEvent, SourceStatus };

/** The moment in the page's address, for looking back: `?at=2025-04-16T13:00:00Z`. */
export function momentInAddress(): string | null {
  const text = new URLSearchParams(window.location.search).get('at');
  const time = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

export async function fetchOverview(at: string | null, signal: AbortSignal): Promise<Overview> {
  const query = at === null ? '' : `?at=${encodeURIComponent(at)}`;
  const response = await fetch(`/v1/status${query}`, { signal });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return (await response.json()) as Overview;
}

/** Sends a report; resolves with what went wrong, or null when it was taken. */
export async function sendReport(target: string, type: string): Promise<string | null> {
  try {
    const response = await fetch('/v1/reports', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ target, type }),
    });
    if (response.ok) return null;
    const problem = (await response.json().catch(() => ({}))) as { title?: string };
    return problem.title ?? `The server answered ${response.status}.`;
  } catch {
    return 'The server could not be reached.';
  }
}
