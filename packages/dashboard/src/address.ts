/** What the page's address asks for. Every view is a link that can be shared. */
export interface Question {
  /** The moment to look back to, ISO; null for now. */
  at: string | null;
  /** One target alone; null for all. */
  target: string | null;
}

/** Reads `?at=2025-04-16T13:00:00Z&target=spotify`; what does not fit is as if it were not there. */
export function questionOf(search: string): Question {
  const query = new URLSearchParams(search);
  const time = Date.parse(query.get('at') ?? '');
  const target = query.get('target')?.trim().toLowerCase() ?? '';
  return {
    at: Number.isNaN(time) ? null : new Date(time).toISOString(),
    target: target === '' ? null : target,
  };
}

/** The address of a view. */
export function linkTo({ at, target }: Partial<Question>): string {
  const query = new URLSearchParams();
  if (target != null) query.set('target', target);
  if (at != null) query.set('at', at);
  const text = query.toString().replaceAll('%3A', ':');
  return text === '' ? '/' : `/?${text}`;
}
