import type { OutageEvent } from '@outcry/contracts';

/** What was said then against what is said now, by event id. */
export interface Difference {
  /** Byte-equal in both. */
  same: number;
  /** In both, with another content. */
  changed: string[];
  /** Said then, not now. */
  missing: string[];
  /** Said now, not then. */
  added: string[];
}

/** Compares two runs of events; an event is what its JSON text is. */
export function differenceOf(
  then: readonly OutageEvent[],
  now: readonly OutageEvent[],
): Difference {
  const before = new Map(then.map((event) => [event.id, JSON.stringify(event)]));
  const after = new Map(now.map((event) => [event.id, JSON.stringify(event)]));
  const difference: Difference = { same: 0, changed: [], missing: [], added: [] };
  for (const [id, text] of before) {
    const other = after.get(id);
    if (other === undefined) difference.missing.push(id);
    else if (other === text) difference.same += 1;
    else difference.changed.push(id);
  }
  for (const id of after.keys()) if (!before.has(id)) difference.added.push(id);
  return difference;
}

export function differs(difference: Difference): boolean {
  return difference.changed.length + difference.missing.length + difference.added.length > 0;
}
