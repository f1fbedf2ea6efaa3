import type { Catalog, Target } from '@outcry/catalog';

/** Longest value of a rule. */
export const mostRuleLength = 1_024;
/** Rules with such a tag are ours; all others are left alone. */
export const rulePrefix = 'outcry:';

export interface Rule {
  value: string;
  tag: string;
}

export interface ExistingRule extends Rule {
  id: string;
}

const filters = '-is:retweet';

/**
 * One rule for each target: its hashtags of failure and the plain question, as many as fit. OR binds
 * weaker than the space, so the alternatives stand in brackets before what is excluded.
 */
export function rulesOf(catalog: Pick<Catalog, 'targets' | 'hashtagsOf'>): Rule[] {
  return catalog.targets.map((target) => ({
    value: queryOf(target, catalog.hashtagsOf(target.id)),
    tag: `${rulePrefix}${target.id}`,
  }));
}

function queryOf(target: Target, hashtags: readonly string[]): string {
  const name = target.name.replaceAll('"', '');
  const bare = name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  const terms = [
    `"${name} down"`,
    `"${name} not working"`,
    // The bare name as a hashtag is mostly no complaint, and every post is paid for.
    ...hashtags.filter((tag) => tag !== bare).map((tag) => `#${tag}`),
  ];
  const kept: string[] = [];
  let length = `() ${filters}`.length;
  for (const term of terms) {
    length += term.length + (kept.length === 0 ? 0 : ' OR '.length);
    if (length > mostRuleLength) break;
    kept.push(term);
  }
  return `(${kept.join(' OR ')}) ${filters}`;
}

/** What must change so that our rules are the wanted ones; rules of others are not touched. */
export function diffRules(
  wanted: readonly Rule[],
  existing: readonly ExistingRule[],
): { add: Rule[]; remove: string[] } {
  const ours = existing.filter((rule) => rule.tag.startsWith(rulePrefix));
  const same = (a: Rule) => (b: Rule) => a.value === b.value && a.tag === b.tag;
  return {
    add: wanted.filter((rule) => !existing.some(same(rule))),
    remove: ours.filter((rule) => !wanted.some(same(rule))).map((rule) => rule.id),
  };
}
