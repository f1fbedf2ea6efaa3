import { describe, expect, it } from 'vitest';
import { createSurpriseScorer } from './surprise.ts';

describe('surprise of a series of numbers', () => {
  it('is largest at a burst beyond all before, and told once a day', () => {
    const scorer = createSurpriseScorer(96);
    let state = 3;
    const scores: number[] = [];
    for (let i = 0; i < 96 * 10; i += 1) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const usual = 20 + (state / 2 ** 32) * 20 + 10 * Math.sin((i / 96) * 2 * Math.PI);
      scores.push(scorer.next(i >= 800 && i < 806 ? 400 : usual));
    }
    const burst = Math.max(...scores.slice(800, 806));
    expect(burst).toBeGreaterThan(2 * Math.max(...scores.slice(96, 800)));
    expect(Math.max(...scores.slice(806, 830))).toBe(0);
  });

  it('says nothing of a constant', () => {
    const scorer = createSurpriseScorer(96);
    for (let i = 0; i < 1000; i += 1) expect(scorer.next(5)).toBe(0);
  });
});
