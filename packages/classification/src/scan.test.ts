import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flag, foldWord, hashWord, mentionHash, Scan, tokenKind } from './scan.ts';

const scan = new Scan();
const words = (text: string): string[] => {
  scan.read(text);
  return Array.from({ length: scan.count }, (_, i) => text.slice(scan.start[i]!, scan.end[i]!));
};

describe('scanning a text', () => {
  it('hashes a word as a lexicon does, whatever its case and accents', () => {
    scan.read('CAÍDO');
    expect(scan.hash[0]).toBe(hashWord('caido'));
    expect(foldWord('Größe')).toBe('grose');
  });

  it('takes an English contraction as one word and a French elision as two', () => {
    expect(words("can't connect")).toEqual(["can't", 'connect']);
    expect(words("l'appli")).toEqual(['l', "'appli"].map((w) => w.replace("'", '')));
  });

  it('reads a drawn-out word as the word', () => {
    scan.read('downnnnn');
    expect(scan.hash[0]).toBe(hashWord('downn'.slice(0, 5)));
  });

  it('cuts a hashtag into its words', () => {
    expect(words('#SpotifyDown')).toEqual(['Spotify', 'Down']);
    expect(scan.flags[1]! & flag.hashtag).toBe(flag.hashtag);
  });

  it('gives every mention one hash and every link one', () => {
    scan.read('@one @two_3 https://x.test/a?b=1');
    expect([...scan.hash.subarray(0, 2)]).toEqual([mentionHash, mentionHash]);
    expect(scan.kind[2]).toBe(tokenKind.link);
    expect(scan.count).toBe(3);
  });

  it('takes characters of scripts without spaces one by one', () => {
    expect(words('繋がらない')).toHaveLength(5);
    expect(scan.kind[0]).toBe(tokenKind.glyph);
  });

  it('never throws and never leaves the text, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        scan.read(text);
        let at = 0;
        for (let i = 0; i < scan.count; i++) {
          if (scan.start[i]! < at || scan.end[i]! <= scan.start[i]!) return false;
          at = scan.end[i]!;
        }
        return at <= text.length;
      }),
    );
  });
});
