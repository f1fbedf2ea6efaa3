import { describe, expect, it } from 'vitest';
import type { Overview, SourceStatus, Target } from './api.ts';
import { headlineOfAll, headlineOfOne, headlineOfSearch } from './headline.ts';
import { findTargets, mixKinds, wordsOf } from './search.ts';

const seeing: SourceStatus = {
  kind: 'source-status',
  type: 'source.recovered',
  source: 'bluesky',
  state: 'seeing',
  since: '2025-04-16T00:00:00.000Z',
};
const blind: SourceStatus = {
  ...seeing,
  type: 'source.degraded',
  source: 'mastodon',
  state: 'blind',
  reason: 'unreachable',
};

function target(name: string, state: Target['state'] = 'ok', more: Partial<Target> = {}): Target {
  const id = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const outageId = state === 'ok' || state === 'unknown' ? null : `${id}-1`;
  return { id, name, kind: 'music', state, outageId, voices: [0, 0], usual: [0.1, 0.1], ...more };
}

function overview(targets: Target[], sources: SourceStatus[] = [seeing]): Overview {
  const states = new Set(sources.map(({ state }) => state));
  return {
    at: '2025-04-16T12:00:00.000Z',
    from: '2025-04-16T06:00:00.000Z',
    intervalSeconds: 300,
    sources,
    sight: !states.has('seeing') ? 'blind' : states.has('blind') ? 'partial' : 'clear',
    targets,
    open: [],
    ended: [],
  };
}

describe('the headline', () => {
  it.each([
    [['A'], 'A is in trouble. It is not just you.'],
    [['A', 'B'], 'A and B are in trouble. It is not just you.'],
    [['A', 'B', 'C', 'D'], 'A, B, C and D are in trouble. It is not just you.'],
    [['A', 'B', 'C', 'D', 'E', 'F'], 'A, B, C and 3 more are in trouble. It is not just you.'],
  ])('names %j that fail in good grammar', (names, text) => {
    const all = overview(names.map((name) => target(name, 'confirmed')));
    expect(headlineOfAll(all, false)).toMatchObject({ text, tone: 'bad' });
  });

  it('does not call certain what is only suspected, nor over what only recovers', () => {
    const suspected = headlineOfAll(overview([target('A', 'suspected')]), false);
    expect(suspected.text).toMatch(/^A may be in trouble/);
    expect(suspected.tone).toBe('warn');
    expect(headlineOfAll(overview([target('A', 'recovering')]), false).text).toBe(
      'A was in trouble and is recovering.',
    );
    const both = [target('A', 'recovering'), target('B', 'recovering')];
    expect(headlineOfAll(overview(both), false).text).toBe(
      'A and B were in trouble and are recovering.',
    );
  });

  it('says that all is well only when every source sees and it is known what is usual', () => {
    const calm = [target('A')];
    const fresh = [target('A', 'ok', { usual: [null, null] })];
    expect(headlineOfAll(overview(calm), false)).toMatchObject({ tone: 'good', detail: null });
    const partial = headlineOfAll(overview(calm, [seeing, blind]), false);
    expect(partial).toMatchObject({
      text: 'No sign of trouble, as far as we can see.',
      tone: 'unknown',
    });
    expect(partial.detail).toContain('Mastodon cannot, Bluesky can');
    expect(headlineOfAll(overview(fresh), false)).toMatchObject({
      text: 'No sign of trouble so far, but we have only just begun to listen.',
      tone: 'unknown',
    });
    for (const sources of [[], [blind]]) {
      const nothing = headlineOfAll(overview([target('A', 'unknown')], sources), false);
      expect(nothing.tone).toBe('unknown');
      expect(nothing.text).toContain('cannot tell');
    }
  });

  it('says when nothing but reports is heard', () => {
    const reports = { ...seeing, source: 'reports' };
    expect(headlineOfAll(overview([target('A')], [reports]), false).detail).toContain(
      'no posts are read',
    );
  });

  it('answers "is it just me" for one target in every state', () => {
    const answers = (['confirmed', 'suspected', 'recovering', 'unknown', 'ok'] as const).map(
      (state) => {
        const one = target('A', state);
        return headlineOfOne(one, overview([one]), false);
      },
    );
    expect(answers.map(({ tone }) => tone)).toEqual(['bad', 'warn', 'warn', 'unknown', 'good']);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(5);
  });
});

describe('the search', () => {
  const all = [
    target('Xbox Live'),
    target('X'),
    target('Netflix', 'confirmed'),
    target('Pokémon GO'),
  ];
  const answer = (text: string) => {
    const words = wordsOf(text);
    return headlineOfSearch(overview(all), findTargets(all, words), words, false);
  };

  it('finds by any part of a name, without accents, and names that begin so first', () => {
    expect(findTargets(all, wordsOf(' POKEMON ')).map(({ id }) => id)).toEqual(['pok-mon-go']);
    expect(findTargets(all, 'x').map(({ name }) => name)).toEqual(['Xbox Live', 'X', 'Netflix']);
  });

  it('answers for the one that is named whole, whatever else is found', () => {
    expect(answer('x').text).toMatch(/^X: no more complaints than usual/);
    expect(answer('xbox').text).toMatch(/^Xbox Live: /);
    // Both hold it, and only one begins with it.
    expect(findTargets(all, 'n')).toHaveLength(2);
    expect(answer('n').text).toBe('Netflix: it is not just you.');
  });

  it('names those in trouble when several are found, and says so when none is', () => {
    const words = 'o';
    const many = [...all, target('Roblox', 'suspected')];
    const found = findTargets(many, words);
    expect(headlineOfSearch(overview(many), found, words, false)).toMatchObject({
      text: `${found.length} services match: trouble at Roblox.`,
      tone: 'warn',
    });
    expect(answer('nobody knows it').text).toBe('We do not watch a service of that name.');
  });
});

describe('the order of the calm', () => {
  it('keeps the talked-about first and mixes the kinds of the rest', () => {
    const list = [
      target('Talked', 'ok', { voices: [0, 3] }),
      target('Music 1'),
      target('Music 2'),
      target('Bank 1', 'ok', { kind: 'bank' }),
    ];
    expect(mixKinds(list).map(({ name }) => name)).toEqual([
      'Talked',
      'Music 1',
      'Bank 1',
      'Music 2',
    ]);
  });
});
