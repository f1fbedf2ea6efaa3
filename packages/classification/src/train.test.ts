import { describe, expect, it } from 'vitest';
import { createClassifier } from './create.ts';
import { loadModel } from './load.ts';
import { decodeModel, encodeModel } from './model.ts';
import type { LabelledText } from './train.ts';
import { trainModel } from './train-model.ts';

const matcher = { match: () => [] };
const bad = [
  'cannot log in',
  'keeps crashing',
  'will not load',
  'no sound at all',
  'stuck on error',
];
const fine = ['love this song', 'great album', 'thanks so much', 'what a show', 'best day ever'];
const texts: LabelledText[] = Array.from({ length: 200 }, (_, i) => {
  const signal = i % 2 === 0;
  const words = signal ? bad : fine;
  return {
    text: `${words[i % 5]} number${i} ${words[(i + 2) % 5]}`,
    lang: i % 4 < 2 ? 'en' : 'de',
    stance: signal
      ? i % 10 === 0
        ? 'asking'
        : 'affected'
      : i % 7 === 0
        ? 'recovered'
        : 'unrelated',
    types: signal ? ['login'] : [],
    service: `service ${i % 20}`,
  };
});
const bits = { signal: 12, quiet: 10 };
const digest = (bytes: Uint8Array) => String(bytes.length);
const train = (seed: number) => trainModel(texts, { matcher, seed, digest, folds: 2, bits }).model;

describe('training', () => {
  it('gives the same bytes for the same text and seed, and others for another seed', () => {
    const first = encodeModel(train(1));
    expect(Buffer.compare(first, encodeModel(train(1)))).toBe(0);
    expect(Buffer.compare(first, encodeModel(train(2)))).not.toBe(0);
  });

  it('learns what it is shown, and measures it on services that it has not seen', () => {
    const model = train(1);
    expect(model.header.measured.areaUnderCurve).toBeGreaterThan(0.95);
    const classifier = createClassifier({ matcher, model: { ...loadModel(), ...model } });
    expect(classifier.classify({ text: 'cannot log in, stuck on error' }).signal).toBe(true);
    expect(classifier.classify({ text: 'great album, love this song' }).signal).toBe(false);
  });

  it('survives being written and read', () => {
    const model = train(1);
    expect(decodeModel(encodeModel(model))).toEqual(model);
  });
});

describe('a model file', () => {
  it('is refused when it is none, is cut short, or was built for other rules', () => {
    const bytes = encodeModel(train(1));
    expect(() => decodeModel(new Uint8Array(40))).toThrow('no OUTCRYM1 file');
    expect(() => decodeModel(bytes.subarray(0, bytes.length - 1_000))).toThrow('cut short');
    const other = bytes.slice();
    const at = Buffer.from(other).indexOf('"rules":"');
    other[at + 9] = 0x78;
    expect(() => decodeModel(other)).toThrow('built for rules');
  });

  it('that ships names its version and error rates', () => {
    const { header } = loadModel();
    expect(header.name).toMatch(/^outcry-linear-\d+@[0-9a-f]{8}$/);
    expect(header.errorRates.falsePositive).toBeGreaterThan(0);
    expect(header.errorRates.falseNegative).toBeLessThan(0.5);
  });
});
