import { useEffect, useState } from 'react';
import type { Question } from './address.ts';
import type { Overview } from './api.ts';
import { fetchOverview } from './api.ts';

const pollMs = 10_000;
const retryMs = 3_000;
/** The index follows the log by a moment, and an answer may be kept for two seconds. */
const settleMs = 3_000;

export interface OverviewState {
  overview: Overview | null;
  /** Set while the server does not answer; what was last known stays on the page. */
  problem: string | null;
}

/** The overview, fetched every few seconds while the page is seen, and at once when something happens. */
export function useOverview(question: Question): OverviewState {
  const [state, setState] = useState<OverviewState>({ overview: null, problem: null });

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    let timer: number | undefined;
    let turn = 0;

    const load = async () => {
      window.clearTimeout(timer);
      const mine = ++turn;
      let next = pollMs;
      try {
        const overview = await fetchOverview(question, signal);
        if (mine === turn && !signal.aborted) setState({ overview, problem: null });
      } catch (error) {
        next = retryMs;
        const problem = error instanceof Error ? error.message : String(error);
        if (mine === turn && !signal.aborted) setState((before) => ({ ...before, problem }));
      }
      const again = question.at === null || next === retryMs;
      if (mine === turn && again && !signal.aborted) timer = window.setTimeout(poll, next);
    };
    const poll = () => {
      if (!document.hidden) void load();
    };
    void load();
    document.addEventListener('visibilitychange', poll, { signal });

    if (question.at === null) {
      listen(signal, {
        onMessage() {
          void load();
          window.setTimeout(load, settleMs);
        },
        onChange: load,
      });
    }
    return () => {
      controller.abort();
      window.clearTimeout(timer);
    };
  }, [question]);

  return state;
}

interface Listener {
  /** An outage or a source changed. */
  onMessage(): void;
  /** The stream broke or came back. */
  onChange(): void;
}

/** Holds the live stream open. The browser reconnects by itself, except after an answer that is none. */
function listen(signal: AbortSignal, { onMessage, onChange }: Listener): void {
  const live = new EventSource('/v1/live');
  let timer: number | undefined;
  let broken = false;
  live.addEventListener('outage', onMessage);
  live.addEventListener('source', onMessage);
  live.onopen = () => {
    if (broken) onChange();
    broken = false;
  };
  live.onerror = () => {
    if (!broken) onChange();
    broken = true;
    if (live.readyState === EventSource.CLOSED)
      timer = window.setTimeout(() => listen(signal, { onMessage, onChange }), retryMs);
  };
  signal.addEventListener('abort', () => {
    window.clearTimeout(timer);
    live.close();
  });
}
