import type { OutageEvent } from '@outcry/contracts';
import { outageEvent } from '@outcry/contracts';

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

/**
 * Compares two runs of events; an event is its JSON text, with the fields in the order of the contract:
 * what was told comes back from the log in that order, what is made now is not yet written.
 */
export function differenceOf(
  then: readonly OutageEvent[],
  now: readonly OutageEvent[],
): Difference {
  const before = new Map(then.map((event) => [event.id, textOf(event)]));
  const after = new Map(now.map((event) => [event.id, textOf(event)]));
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

function textOf(event: OutageEvent): string {
  return JSON.stringify(outageEvent.parse(event));
}
