import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, indexWords, maxQuestionLength, queryWords, spaceQuestion } from './words.ts';

describe('fold', () => {
  it('takes letters that people type for one another to be the same', () => {
    const same: [string, string][] = [
      ['São Paulo', 'sao paulo'],
      ['Sa\u0303o', 'sao'],
      ['STRASSE', fold('Straße')],
      ['İstanbul ışık', 'istanbul isik'],
      ['Đăng nhập Łódź søk', 'dang nhap lodz sok'],
      ['Ёлка', 'елка'],
      ['ΜΟΥΣΙΚΉΣ', fold('μουσικης')],
      ['الآن', 'الان'],
      ['مُشكلة', 'مشكله'],
      ['Ｓｐｏｔｉｆｙ', 'spotify'],
      ['ｻｰﾊﾞｰ', 'サーバー'],
      ['𝗦𝗽𝗼𝘁𝗶𝗳𝘆', 'spotify'],
      ['x² ſŀ', 'x2 sl'],
      ['8\ufe0f\u20e3', '8'],
    ];
    for (const [text, expected] of same) expect(fold(text)).toBe(expected);
  });

  it('leaves Korean syllables and the marks of other scripts whole', () => {
    for (const text of ['스포티파이', 'नहीं', 'น้ำ', 'がぎ']) expect(fold(text)).toBe(text);
  });

  it('changes nothing when done again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
    );
  });
});

describe('words', () => {
  it('splits at all that is no letter, digit or mark', () => {
    expect(indexWords("can't log-in: v8.9_2 #SpotifyDown 🎧 ❤\ufe0f")).toEqual([
      'can',
      't',
      'log',
      'in',
      'v8',
      '9',
      '2',
      'spotifydown',
    ]);
  });

  it('pairs the characters of scripts without spaces, apart from those of others', () => {
    expect(queryWords('Spotifyが落ちた')).toEqual(['spotify', 'が落', '落ち', 'ちた']);
    expect(queryWords('스포티app')).toEqual(['스포', '포티', 'app']);
    expect(queryWords('落')).toEqual(['落']);
  });

  it('reads only so much of a question, and each word once', () => {
    expect(queryWords('play Play PLAY')).toEqual(['play']);
    expect(queryWords(`${'x '.repeat(maxQuestionLength)}needle`)).toEqual(['x']);
  });

  it('finds every piece of a text that ends at a word, whatever its script', () => {
    const pieces = fc.array(
      fc.constantFrom('Spotify', 'läuft', '落ちた', '스포티파이', 'ล่ม', 'σήμερα', '8', '🎧', "n't"),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(pieces, fc.nat(), fc.nat(), (parts, from, length) => {
        const words = new Set(indexWords(parts.join(' ')));
        const asked = parts.slice(from % parts.length, (from % parts.length) + 1 + (length % 3));
        for (const word of queryWords(asked.join(' '))) expect(words).toContain(word);
      }),
    );
  });
});

describe('spaceQuestion', () => {
  it('splits runs of Thai and leaves the rest to the analyser', () => {
    expect(spaceQuestion('Spotify ล่ม 落ちた').split(/\s+/)).toEqual([
      'Spotify',
      'ล่',
      '่ม',
      '落ちた',
    ]);
  });
});
