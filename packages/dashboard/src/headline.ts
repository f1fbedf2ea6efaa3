import type { Overview, Target } from './api.ts';
import { begins, wordsOf } from './search.ts';
import { listWord, sourceWord } from './words.ts';

/** The answer in one sentence, and what has to be known to trust it. */
export interface Headline {
  text: string;
  tone: 'bad' | 'warn' | 'good' | 'unknown';
  detail: string | null;
}

/** Whether nothing is usual yet, because not even an hour has been heard. */
export function justBegun({ targets }: Pick<Overview, 'targets'>): boolean {
  return targets.every(({ usual }) => usual.every((value) => value === null));
}

/** Is anything in trouble? `past`: in a look back. */
export function headlineOfAll(overview: Overview, past: boolean): Headline {
  const inState = (state: Target['state']) =>
    overview.targets.filter((target) => target.state === state).map(({ name }) => name);
  const detail = sightDetail(overview, past);
  const confirmed = inState('confirmed');
  if (confirmed.length > 0) {
    const are = confirmed.length === 1 ? 'is' : 'are';
    return {
      text: `${listWord(confirmed)} ${are} in trouble. It is not just you.`,
      tone: 'bad',
      detail,
    };
  }
  const suspected = inState('suspected');
  if (suspected.length > 0) {
    return {
      text: `${listWord(suspected)} may be in trouble. Others have it too, but we are not sure yet.`,
      tone: 'warn',
      detail,
    };
  }
  const recovering = inState('recovering');
  if (recovering.length > 0) {
    const verbs = recovering.length === 1 ? 'was in trouble and is' : 'were in trouble and are';
    return { text: `${listWord(recovering)} ${verbs} recovering.`, tone: 'warn', detail };
  }
  if (overview.sight === 'blind')
    return { text: blindWord(overview, past), tone: 'unknown', detail };
  if (justBegun(overview)) {
    return {
      text: 'No sign of trouble so far, but we have only just begun to listen.',
      tone: 'unknown',
      detail,
    };
  }
  if (overview.sight === 'partial')
    return {
      text: `No sign of trouble, as far as we ${past ? 'could' : 'can'} see.`,
      tone: 'unknown',
      detail,
    };
  return { text: 'No sign of trouble at anything we watch.', tone: 'good', detail };
}

/** Is it just me? For one target. */
export function headlineOfOne(target: Target, overview: Overview, past: boolean): Headline {
  return {
    text: `${target.name}: ${verdict(target, overview, past)}`,
    tone: toneOf(target, overview),
    detail: sightDetail(overview, past),
  };
}

/** For what a search found; `words` is not empty. */
export function headlineOfSearch(
  overview: Overview,
  found: readonly Target[],
  words: string,
  past: boolean,
): Headline {
  const detail = sightDetail(overview, past);
  if (found.length === 0)
    return { text: 'We do not watch a service of that name.', tone: 'unknown', detail: null };
  const begin = found.filter((target) => begins(target, words));
  const named =
    found.find(({ id, name }) => id === words || wordsOf(name) === words) ??
    [begin, found].find((some) => some.length === 1)?.[0];
  if (named !== undefined) return headlineOfOne(named, overview, past);
  const failing = found.filter(({ outageId }) => outageId !== null);
  if (failing.length === 0) {
    const calm = overview.sight === 'clear' && !justBegun(overview);
    return {
      text: `${found.length} services match: ${overview.sight === 'blind' ? 'we cannot tell how they are' : `no sign of trouble at any of them${justBegun(overview) ? ' so far' : ''}`}.`,
      tone: calm ? 'good' : 'unknown',
      detail,
    };
  }
  return {
    text: `${found.length} services match: trouble at ${listWord(failing.map(({ name }) => name))}.`,
    tone: failing.some(({ state }) => state === 'confirmed') ? 'bad' : 'warn',
    detail,
  };
}

function verdict(target: Target, overview: Overview, past: boolean): string {
  switch (target.state) {
    case 'confirmed':
      return 'it is not just you.';
    case 'suspected':
      return 'others have it too, but we are not sure yet.';
    case 'recovering':
      return 'it was failing and is coming back.';
    case 'unknown':
      return past ? 'we could not see, so we cannot tell.' : 'we cannot see, so we cannot tell.';
    case 'ok':
      if (target.usual.every((value) => value === null))
        return 'no sign of trouble so far, but we have only just begun to listen.';
      return overview.sight === 'partial'
        ? `no more complaints than usual, as far as we ${past ? 'could' : 'can'} see. It may be just you.`
        : 'no more complaints than usual. It may be just you.';
  }
}

function toneOf(target: Target, overview: Overview): Headline['tone'] {
  if (target.state === 'confirmed') return 'bad';
  if (target.state === 'suspected' || target.state === 'recovering') return 'warn';
  const known = target.usual.some((value) => value !== null);
  return target.state === 'ok' && overview.sight === 'clear' && known ? 'good' : 'unknown';
}

function blindWord({ sources }: Overview, past: boolean): string {
  if (past) return 'We do not know how it was: no source could see then.';
  return sources.length === 0
    ? 'We cannot tell yet: no source has spoken.'
    : 'We cannot see anything right now, so we cannot tell.';
}

/** Which sources cannot see, and whether posts are read at all. */
function sightDetail({ sources, sight }: Overview, past: boolean): string | null {
  const when = past ? 'then' : 'right now';
  const names = (state: 'seeing' | 'blind') =>
    sources.filter((source) => source.state === state).map(({ source }) => sourceWord(source));
  const blind = names('blind');
  const seeing = names('seeing');
  if (past && sources.length === 0 && sight === 'partial')
    return 'We heard people, but which sources could see then is no longer known.';
  const partly = seeing.length > 0 && blind.length > 0;
  if (partly)
    return `Not every source can see ${when}: ${listWord(blind)} cannot, ${listWord(seeing)} can.`;
  if (seeing.length === 1 && sources[0]?.source === 'reports' && !past)
    return 'We hear only the reports made on this page; no posts are read.';
  return null;
}
