import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Evidence } from './confidence.ts';
import { confidenceTerms, judgeConfidence } from './confidence.ts';
import { confidenceWeights } from './confidence-weights.ts';

const evidence: fc.Arbitrary<Evidence> = fc.record({
  ratio: fc.double({ min: 0.5, max: 8, noNaN: true }),
  observed: fc.double({ min: 1, max: 5_000, noNaN: true }),
  expected: fc.double({ min: 0, max: 500, noNaN: true }),
  voices: fc.nat(20_000),
  sources: fc.integer({ min: 1, max: 16 }),
  topTextShare: fc.double({ min: 0, max: 1, noNaN: true }),
  probe: fc.boolean(),
  official: fc.boolean(),
  echo: fc.boolean(),
});

test('more people, sources, probes and notices never lower it', () => {
  fc.assert(
    fc.property(evidence, fc.nat(500), fc.nat(4), (one, voices, sources) => {
      const more = {
        ...one,
        voices: one.voices + voices,
        sources: one.sources + sources,
        probe: true,
        official: true,
      };
      expect(judgeConfidence(more)).toBeGreaterThanOrEqual(judgeConfidence(one));
    }),
  );
});

test('copied text never raises it, and nothing vetoes or proves', () => {
  fc.assert(
    fc.property(evidence, (one) => {
      const copied = judgeConfidence({ ...one, topTextShare: 1 });
      expect(copied).toBeLessThanOrEqual(judgeConfidence(one));
      expect(copied).toBeGreaterThan(0);
      expect(judgeConfidence(one)).toBeLessThan(1);
    }),
  );
});

test('every weight has the sign that its term may have', () => {
  for (const [name, { sign }] of Object.entries(confidenceTerms)) {
    const weight = confidenceWeights.terms[name as keyof typeof confidenceTerms];
    expect(weight * sign).toBeGreaterThanOrEqual(0);
  }
});
