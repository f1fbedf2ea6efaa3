import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textOf } from './dictionary.ts';
import { foldString, foldText } from './fold.ts';
import { loadCatalog } from './load.ts';
import { createMatcher } from './matcher.ts';

const catalog = loadCatalog();
const matcher = createMatcher(catalog);
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...catalog.targets.map((target) => target.name)),
        fc.constantFrom('#', '@', ' ', '. ', '+', '&amp;', 'is', 'down', 'ｽﾎﾟ', '\u0301', '𝗦', 'ー'),
        fc.string({ unit: 'grapheme', maxLength: 8 }),
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join('')),
);

describe('whatever the text', () => {
  test('mentions lie inside it, in order, without overlap', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let end = 0;
        for (const mention of matcher.match(text)) {
          expect(mention.start).toBeGreaterThanOrEqual(end);
          expect(mention.end).toBeGreaterThan(mention.start);
          expect(mention.end).toBeLessThanOrEqual(text.length);
          expect(catalog.byId.has(mention.target)).toBe(true);
          expect(mention.certainty).toBeGreaterThan(0);
          expect(mention.certainty).toBeLessThanOrEqual(1);
          end = mention.end;
        }
      }),
      { numRuns: 500 },
    );
  });

  test('the same text is read the same, whatever came between', () => {
    fc.assert(
      fc.property(anyText, anyText, (text, between) => {
        const first = matcher.match(text);
        matcher.match(between);
        expect(matcher.match(text)).toEqual(first);
      }),
      { numRuns: 200 },
    );
  });

  test('a letter with an accent and a stroke loses both', () => {
    expect(foldString('Ǿ')).toBe('o');
  });

  test('folding again changes nothing', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(foldString(foldString(text))).toBe(foldString(text));
        const { units, length, offsets } = foldText(text);
        expect(offsets === null ? length : offsets[length]).toBe(text.length);
        expect(textOf(units, 0, length)).toHaveLength(length);
      }),
    );
  });
});

test('every target is found by its name beside a word of failure, or needs more on purpose', () => {
  const unsure = catalog.targets.filter(
    ({ id, name }) =>
      !matcher.match(`is ${name} down?`).some((mention) => mention.target === id) &&
      !matcher.match(`#${name}Down`).some((mention) => mention.target === id),
  );
  // Names with a sign or a space make no tag as they are; only strict rules stay silent on a name.
  for (const { id, name, ambiguous } of unsure)
    expect(
      ambiguous.some((rule) => !rule.fault && rule.names.includes(name)),
      id,
    ).toBe(true);
});

test('every handle and hashtag of the catalogue leads to its target', () => {
  for (const target of catalog.targets) {
    for (const handle of target.handles)
      expect(matcher.match(`@${handle} hello`)[0]?.target, handle).toBe(target.id);
    for (const tag of catalog.hashtagsOf(target.id))
      expect(matcher.match(`#${tag} hello`)[0]?.target, tag).toBe(target.id);
  }
});

test('a text of the greatest length is read', () => {
  const text = 'spotify #spotifydown @SpotifyCares スポティファイ '.repeat(400).slice(0, 20_000);
  expect(matcher.match(text).length).toBeGreaterThan(1_000);
});
