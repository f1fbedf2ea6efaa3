import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { calibrate } from '../decide.ts';
import { decodeModel, encodeModel } from '../model.ts';
import { noShifts } from '../stance-shifts.ts';
import type { LabelledText } from '../train.ts';
import { trainModel } from '../train-model.ts';
import type { AgreedLabel } from './labels.ts';
import type { LearnOptions } from './learn.ts';
import { learn } from './learn.ts';

const names = 'garden kettle river amber pocket violin summer granite lantern cousin'.split(' ');
/** The same for an even number and the odd one after it, so that it tells nothing. */
const around = (i: number) => `${names[(i >> 1) % 10]} ${names[((i >> 1) * 7 + 3) % 10]}`;

/** Two hands, so that probabilities can be measured on text of the other. */
const texts: LabelledText[] = Array.from({ length: 160 }, (_, i) => ({
  text: i % 2 === 0 ? `${around(i)} keeps crashing` : `${around(i)} sounds lovely`,
  lang: i % 5 === 0 ? 'de' : 'en',
  stance: i % 2 === 0 ? 'affected' : 'unrelated',
  types: i % 2 === 0 ? ['app'] : [],
  service: `service${i % 11}`,
  writer: i % 4 < 2 ? 'one' : 'two',
}));

/** Of words that the written text does not hold. */
function labelsOf(count: number, over: Partial<AgreedLabel> = {}): AgreedLabel[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `p${i}`,
    text: i % 2 === 0 ? `${around(i)} zorps` : `${around(i)} glimmers`,
    lang: 'und',
    target: null,
    stance: i % 2 === 0 ? 'affected' : 'unrelated',
    types: i % 2 === 0 ? ['device'] : [],
    cluster: `c${i}`,
    selection: 'uncertain',
    ...over,
  }));
}

const options: LearnOptions = {
  matcher: { match: () => [] },
  inForce: {
    calibration: [{ score: 0, p: 0.5 }],
    threshold: 0.4,
    domainShift: 0.5,
    stanceShifts: noShifts,
  },
  seed: 1,
  digest: (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 8),
  weights: [4],
};

describe('learning from labels', () => {
  it('holds none back when they are few, but learns from them', () => {
    const learnt = learn(texts, labelsOf(8), options);
    expect(learnt.held).toBeNull();
    expect(learnt.calibratedOn).toBe('written text');
    expect(learnt.model.header.domainShift).toBe(0.5);
    expect(learnt.model.header.texts).toBe(168);
  });

  it('tells before and after on labels held back, and the same bytes each time', () => {
    const labels = labelsOf(60);
    const learnt = learn(texts, labels, options);
    expect(learnt.held!.after.areaUnderCurve).toBeGreaterThan(learnt.held!.before.areaUnderCurve);
    expect(learnt.held!.after).toMatchObject({ posts: 60, signals: 30, typed: 30 });
    expect(learnt.held!.after.typesRight).toBeGreaterThan(learnt.held!.before.typesRight);
    // None was drawn by lot, so nothing is told of the stream.
    expect(learnt.held!.byLot).toBeNull();
    expect(learnt.byLot).toEqual({ posts: 0, signals: 0 });
    expect(learnt.written.after.areaUnderCurve).toBeGreaterThan(0.9);
    const again = learn(texts, labels, options);
    expect(encodeModel(again.model)).toEqual(encodeModel(learnt.model));
    expect(decodeModel(encodeModel(learnt.model)).header.name).toMatch(/@[0-9a-f]{8}$/);
  });

  it('does not count a copy of a label as held back', () => {
    const word = (i: number) =>
      (Math.imul(i + 1, 2_654_435_761) >>> 0)
        .toString(26)
        .replaceAll(/\d/g, (it) => 'qrstuvwxyz'[+it]!);
    const copies = (clusterOf: (i: number) => string) =>
      labelsOf(80).map((label, i): AgreedLabel => {
        const isSignal = (i >> 2) % 2 === 0;
        return {
          ...label,
          text: word(i >> 2),
          cluster: clusterOf(i),
          stance: isSignal ? 'affected' : 'unrelated',
          types: isSignal ? ['app'] : [],
        };
      });
    const area = (labels: AgreedLabel[]) =>
      learn(texts, labels, { ...options, weights: [16] }).held!.after.areaUnderCurve;
    expect(area(copies((i) => `c${i >> 2}`))).toBeLessThan(0.7);
    // What it would claim if copies were taken apart.
    expect(area(copies((i) => `c${i}`))).toBeGreaterThan(0.9);
  });

  it('measures probabilities on labels drawn by lot once they are enough of both sides', () => {
    const drawn = { selection: 'random' } as const;
    const learnt = learn(texts, labelsOf(120, drawn), options);
    expect(learnt.calibratedOn).toBe('labels');
    expect(learnt.model.header.domainShift).toBe(0);
    expect(learnt.held!.byLot!.after.posts).toBe(120);
    const { calibration } = learnt.model.header;
    expect(calibrate(calibration, 10)).toBeGreaterThan(calibrate(calibration, -10));

    const quiet = labelsOf(120, drawn).map((label, i) =>
      i % 2 === 0 && i > 24 ? { ...label, stance: 'relaying' as const, types: [] } : label,
    );
    expect(learn(texts, quiet, options).calibratedOn).toBe('written text');
  });

  it('leaves the languages to written text', () => {
    const { matcher, seed, digest } = options;
    const { model } = trainModel(texts, { matcher, seed, digest });
    const learnt = learn(texts, labelsOf(8), options).model;
    expect(learnt.header.languages).toEqual(model.header.languages);
    expect(learnt.languages.weights).toEqual(model.languages.weights);
    expect(learnt.header.name).not.toBe(model.header.name);
  });
});
