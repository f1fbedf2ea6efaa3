import { useEffect, useState } from 'react';
import type { Question } from './address.ts';
import type { OutageEvent, Saying } from './api.ts';
import { fetchOutages, fetchSayings } from './api.ts';

/** What the page of one target shows beside its overview; null until it is known. */
export interface Particulars {
  outages: OutageEvent[] | null;
  sayings: Saying[] | null;
}

/** Fetched anew whenever the overview is, at `version`; what fails stays as it was. */
export function useParticulars(question: Question, version: string): Particulars {
  const [known, setKnown] = useState<Particulars>({ outages: null, sayings: null });

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is the reason to ask again.
  useEffect(() => {
    const controller = new AbortController();
    const keep = (part: Partial<Particulars>) => {
      if (!controller.signal.aborted) setKnown((before) => ({ ...before, ...part }));
    };
    fetchOutages(question, controller.signal).then(
      (outages) => keep({ outages }),
      () => {},
    );
    fetchSayings(question, controller.signal).then(
      (sayings) => keep({ sayings }),
      () => {},
    );
    return () => controller.abort();
  }, [question, version]);

  return known;
}

/** The newest of each text that many copy; those without text left out. */
export function distinctSayings(sayings: readonly Saying[], most: number): Saying[] {
  const clusters = new Set<string>();
  return sayings
    .filter(({ text, cluster }) => {
      if (text.trim() === '' || clusters.has(cluster)) return false;
      clusters.add(cluster);
      return true;
    })
    .slice(0, most);
}
