import { describe, expect, it } from 'vitest';
import { Scan } from '../scan.ts';
import { cueClasses } from './classes.ts';
import { compileCues } from './compile.ts';
import { cueLexicons } from './index.ts';
import { languageMask } from './languages.ts';
import { CueHits, CueMatcher } from './matcher.ts';

const matcher = new CueMatcher(compileCues());
const cuesOf = (text: string, language: string): string[] => {
  const hits = new CueHits();
  matcher.find(new Scan().read(text), languageMask(language), hits);
  return Array.from({ length: hits.count }, (_, i) => cueClasses[hits.cue[i]!]!);
};

describe('cues', () => {
  it.each([
    ['en', "I can't log in", 'cant'],
    ['es', 'no me deja entrar', 'wont'],
    ['pt', 'não consigo abrir', 'cant'],
    ['de', 'App stürzt ab', 'crash'],
    ['fr', 'la musique se coupe toute seule', 'itself'],
    ['it', 'non riesco ad accedere', 'cant'],
    ['nl', 'werkt niet sinds de update', 'afterupdate'],
    ['sv', 'appen fungerar inte', 'wont'],
    ['tr', 'giriş yapamıyorum', 'cant'],
    ['id', 'aplikasinya error terus', 'fail'],
    ['ja', 'ログインできない', 'cant'],
    ['ko', '앱이 튕겨요', 'crash'],
    ['ru', 'не работает с утра', 'wont'],
    ['th', 'เข้าไม่ได้', 'cant'],
  ])('are found in %s: %s', (language, text, cue) => {
    expect(cuesOf(text, language)).toContain(cue);
  });

  it('count only in the language of the text: a German "die" is no English death', () => {
    expect(cuesOf('no funciona', 'es')).toContain('wont');
    expect(cuesOf('no funciona', 'de')).not.toContain('wont');
  });

  it('prefer the longest phrase', () => {
    expect(cuesOf('back up', 'en')).toContain('recovered');
  });

  it('exist in at least twelve languages for every sign of failure', () => {
    for (const cue of ['cant', 'wont', 'fail', 'crash', 'down', 'onset', 'others'] as const) {
      const speaking = Object.values(cueLexicons).filter((lexicon) => lexicon[cue] !== undefined);
      expect(speaking.length, cue).toBeGreaterThanOrEqual(12);
    }
  });
});
