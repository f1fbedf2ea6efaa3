import { useEffect, useState } from 'react';
import type { Overview } from './api.ts';
import { fetchOverview } from './api.ts';

const pollMs = 10_000;

export interface OverviewState {
  overview: Overview | null;
  /** Set while the server does not answer; what was last known stays on the page. */
  problem: string | null;
}

/** The overview, fetched again every few seconds and at once when something happens. */
export function useOverview(at: string | null): OverviewState {
  const [state, setState] = useState<OverviewState>({ overview: null, problem: null });

  useEffect(() => {
    const controller = new AbortController();
    let timer: number | undefined;

    const load = async () => {
      window.clearTimeout(timer);
      try {
        const overview = await fetchOverview(at, controller.signal);
        setState({ overview, problem: null });
      } catch (error) {
        if (controller.signal.aborted) return;
        const problem = error instanceof Error ? error.message : String(error);
        setState((before) => ({ ...before, problem }));
      }
      if (at === null && !controller.signal.aborted) timer = window.setTimeout(load, pollMs);
    };
    void load();

    const live = at === null ? new EventSource('/v1/live') : null;
    live?.addEventListener('outage', load);
    live?.addEventListener('source', load);
    return () => {
      controller.abort();
      window.clearTimeout(timer);
      live?.close();
    };
  }, [at]);

  return state;
}
