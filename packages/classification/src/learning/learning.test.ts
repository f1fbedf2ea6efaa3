import { describe, expect, it } from 'vitest';
import type { Candidate } from './choose.ts';
import { chooseToLabel } from './choose.ts';
import type { Label } from './labels.ts';
import { agree, asTexts, label } from './labels.ts';

function labelOf(over: Partial<Label>): Label {
  return {
    id: 'p1',
    text: 'it will not open',
    lang: 'en',
    target: 'spotify',
    stance: 'affected',
    types: ['app'],
    cluster: 'c1',
    annotator: 'ann',
    labelledAt: '2025-04-16T12:00:00.000Z',
    selection: 'uncertain',
    model: 'm',
    confidence: 0.5,
    ...over,
  };
}

describe('agreeing on labels', () => {
  it('takes the last label of an annotator', () => {
    const { agreed } = agree([labelOf({}), labelOf({ stance: 'unrelated', types: [] })]);
    expect(agreed).toMatchObject([{ id: 'p1', stance: 'unrelated', types: [] }]);
  });

  it('takes what most annotators say, and leaves out what is undecided', () => {
    const unrelated = { stance: 'unrelated', types: [] } as const;
    const two = [labelOf({}), labelOf({ annotator: 'bob', ...unrelated, types: [] })];
    expect(agree(two)).toEqual({ agreed: [], disputed: 1 });
    const three = [...two, labelOf({ annotator: 'cleo', types: ['login', 'app'] })];
    expect(agree(three)).toMatchObject({
      disputed: 0,
      agreed: [{ stance: 'affected', types: ['app', 'login'] }],
    });
  });

  it('counts a post as drawn by lot when it was so for anybody', () => {
    const { agreed } = agree([labelOf({}), labelOf({ annotator: 'bob', selection: 'random' })]);
    expect(agreed[0]?.selection).toBe('random');
  });

  it('gives text to train on, apart from what probabilities are measured on', () => {
    const { agreed } = agree([labelOf({ target: null })]);
    expect(asTexts(agreed, 4)).toMatchObject([
      { service: 'unknown', weight: 4, measureWeight: 0, types: ['app'] },
    ]);
  });

  it('refuses types beside a stance that has none', () => {
    expect(label.safeParse(labelOf({ stance: 'recovered' })).success).toBe(false);
    expect(label.safeParse(labelOf({ stance: 'recovered', types: [] })).success).toBe(true);
  });
});

describe('choosing posts to label', () => {
  const options = { count: 8, random: 0.25, threshold: 0.4, seed: 1 };
  const post = (i: number, over: Partial<Candidate> = {}): Candidate => ({
    id: `p${i}`,
    target: `t${i % 7}`,
    lang: ['en', 'de', 'ja', 'es'][i % 4]!,
    cluster: `c${i}`,
    confidence: i / 100,
    ...over,
  });
  const many = Array.from({ length: 100 }, (_, i) => post(i));

  it('takes those of which the model is least sure, and a share by lot in between', () => {
    const chosen = chooseToLabel(many, options);
    expect(chosen).toHaveLength(8);
    const byLot = chosen.filter(({ selection }) => selection === 'random');
    expect(byLot).toHaveLength(2);
    expect(chosen.slice(0, 4).some(({ selection }) => selection === 'random')).toBe(true);
    for (const { post: one, selection } of chosen) {
      if (selection === 'uncertain') expect(Math.abs(one.confidence - 0.4)).toBeLessThan(0.1);
    }
  });

  it('never asks for two copies of a text', () => {
    const copies = Array.from({ length: 30 }, (_, i) => post(i, { cluster: `c${i % 3}` }));
    const clusters = chooseToLabel(copies, options).map(({ post: one }) => one.cluster);
    expect(new Set(clusters).size).toBe(clusters.length);
    expect(clusters).toHaveLength(3);
  });

  it('spreads over targets where it can, and fills up where it cannot', () => {
    const loud = Array.from({ length: 40 }, (_, i) =>
      post(i, { target: i < 30 ? 'loud' : `t${i}`, confidence: i < 30 ? 0.4 : 0.5 }),
    );
    const targets = chooseToLabel(loud, { ...options, random: 0 }).map(({ post: it }) => it.target);
    expect(targets.filter((target) => target === 'loud').length).toBeLessThanOrEqual(3);
    const only = loud.slice(0, 30);
    expect(chooseToLabel(only, { ...options, random: 0 })).toHaveLength(8);
  });

  it('draws the same lot for the same seed', () => {
    const ids = (seed: number) =>
      chooseToLabel(many, { ...options, seed }).map(({ post: one }) => one.id);
    expect(ids(5)).toEqual(ids(5));
    expect(ids(5)).not.toEqual(ids(6));
  });

  it('chooses nothing from nothing', () => {
    expect(chooseToLabel([], options)).toEqual([]);
  });
});
