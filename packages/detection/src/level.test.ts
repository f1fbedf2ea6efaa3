import { describe, expect, it } from 'vitest';
import { beginLevel, judgeMemories, learnLevel, rateOf } from './level.ts';

describe('level of a series', () => {
  it('knows the rate of a steady series, and the surer the longer', () => {
    const level = beginLevel(0);
    for (let i = 0; i < 600; i += 1) learnLevel(level, 10, 10, 5);
    const { mean, variance } = rateOf(level);
    expect(mean).toBeGreaterThan(0.45);
    expect(mean).toBeLessThan(0.55);
    expect(variance).toBeLessThan(0.05);
  });

  it('takes silence as knowledge in one step as in many', () => {
    const [one, many] = [beginLevel(0), beginLevel(0)];
    for (const level of [one, many]) learnLevel(level, 1, 1, 40);
    learnLevel(one, 500, 500, 0);
    for (let i = 0; i < 500; i += 1) learnLevel(many, 1, 1, 0);
    expect(rateOf(one).mean).toBeCloseTo(rateOf(many).mean, 9);
    expect(rateOf(one).mean).toBeLessThan(0.1);
  });

  it('believes the short memory when the level moves', () => {
    const steady = beginLevel(0);
    const moving = beginLevel(0);
    for (let i = 0; i < 2000; i += 1) {
      learnLevel(steady, 30, 30, 30);
      judgeMemories(steady, 30, 30, 30, 0.01);
      const voices = Math.floor(i / 20) % 2 === 0 ? 60 : 10;
      learnLevel(moving, 30, 30, voices);
      judgeMemories(moving, 30, 30, voices, 0.01);
    }
    expect(moving.weight[0]).toBeGreaterThan(0.9);
    expect(steady.weight[0]).toBeLessThan(0.5);
  });
});
