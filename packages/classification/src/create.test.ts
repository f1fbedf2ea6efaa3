import { createMatcher, loadCatalog } from '@outcry/catalog';
import { signal as signalSchema } from '@outcry/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClassifier } from './create.ts';
import { loadModel } from './load.ts';

const classifier = createClassifier({ matcher: createMatcher(loadCatalog()), model: loadModel() });
const classify = (text: string) => classifier.classify({ text });
const countries = (text: string) =>
  classify(text)
    .places.filter(({ source }) => source === 'text')
    .map(({ country }) => country);

describe('what a text says', () => {
  it.each([
    ["@SpotifyCares I can't log in on my phone since this morning", 'affected', 'login'],
    ['Spotify keeps crashing every time I open it', 'affected', 'app'],
    ['songs keep stopping by themselves and I have to press play again', 'affected', 'playback'],
    ['no internet at home since last night, router restarted twice', 'affected', 'connection'],
    ['my card is declined every time I try to pay in the app', 'affected', 'payment'],
    ['die App stürzt seit dem Update ständig ab', 'affected', 'app'],
    ['no puedo iniciar sesión, me sale error', 'affected', 'login'],
  ])('%s', (text, stance, type) => {
    const said = classify(text);
    expect(said.stance).toBe(stance);
    expect(said.types).toContain(type);
    expect(said.signal).toBe(true);
  });

  it.each([
    'I love this song so much',
    'best app ever, HANDS DOWN',
    'please add a sleep timer, would be great',
    'way too many ads and premium is too expensive',
    'new single out now, stream it everywhere',
    'my parcel is three days late',
  ])('is no signal: %s', (text) => {
    expect(classify(text)).toMatchObject({ signal: false, type: null, types: [] });
  });

  it('names the targets in the order of their mention, or the one that is asked about', () => {
    expect(classify('spotify and netflix are down').targets).toEqual(['spotify', 'netflix']);
    expect(classifier.classify({ text: 'nothing loads', target: 'netflix' }).targets).toEqual([
      'netflix',
    ]);
  });

  it('gives the same answer whatever came before', () => {
    const first = classify('spotify down in Berlin?');
    classify('完全に別のもの');
    expect(classify('spotify down in Berlin?')).toEqual(first);
  });

  it('fits the contract of a signal, whatever is typed', () => {
    const shape = signalSchema.pick({
      stance: true,
      confidence: true,
      type: true,
      types: true,
      places: true,
      platforms: true,
      language: true,
      cluster: true,
      model: true,
    });
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 400 }),
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        (text, profileLocation) => {
          const said = classifier.classify({ text, profileLocation });
          expect(shape.safeParse(said).success).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('explains itself by words of the text', () => {
    const { classification, features } = classifier.explain({ text: 'app keeps crashing' });
    expect(classification.signal).toBe(true);
    expect(
      features
        .filter((f) => f.for === 'signal')
        .map((f) => f.feature)
        .join(),
    ).toContain('crash');
    expect(features.some((f) => f.for === `type:${classification.type}`)).toBe(true);
  });
});

describe('places', () => {
  it('are no people and no common words', () => {
    for (const text of [
      'Paris Hilton is on spotify',
      'Michael Jordan documentary',
      'Reading a Nice book on my Mobile',
      'I like Orange juice',
    ]) {
      expect(countries(text), text).toEqual([]);
    }
  });

  it('are no works, offices or shouts that carry a name of a place', () => {
    for (const text of [
      'found a korean song and a myanmar song that I like',
      'the King of Spain follows me',
      'says made in Japan on the box',
      'PLEASE HELP US nothing works',
      'ordered from the Mexico restaurant app',
      'escucho música de la Reina de España',
    ]) {
      expect(countries(text), text).toEqual([]);
    }
    expect(countries('nothing works in Japan')).toEqual(['JP']);
    expect(countries('internet down in Austin TX')).toEqual(['US']);
  });

  it('are told apart by what stands beside them', () => {
    expect(classify('down in Paris, Texas').places[0]).toMatchObject({
      country: 'US',
      subdivision: 'US-TX',
      city: 'Paris',
    });
    expect(countries('down in Paris')).toEqual(['FR']);
    expect(classify('London, Ontario is offline').places[0]).toMatchObject({
      subdivision: 'CA-ON',
    });
  });

  it.each([
    ['geht in München nicht', 'DE', 'DE-BY'],
    ['no funciona en Madrid', 'ES', 'ES-MD'],
    ['東京で繋がらない', 'JP', 'JP-13'],
    ['서울 인터넷 안됨', 'KR', undefined],
    ['caiu em São Paulo', 'BR', 'BR-SP'],
    ['не работает в Москве', 'RU', undefined],
  ])('are found in any language: %s', (text, country, subdivision) => {
    const [place] = classify(text).places;
    expect(place).toMatchObject({ country, source: 'text' });
    if (subdivision !== undefined) expect(place?.subdivision).toBe(subdivision);
  });

  it('come from flags, and from airports only with evidence', () => {
    expect(countries('down here 🇸🇪')).toEqual(['SE']);
    expect(countries('my flight from JFK is delayed')).toEqual(['US']);
    expect(countries('JFK was a president')).toEqual([]);
  });

  it('never come from the name of a target', () => {
    expect(countries('amazon is down')).toEqual([]);
  });

  it('fall back to source, profile and language, each said', () => {
    expect(
      classifier.classify({ text: 'down', country: 'SE', countrySource: 'report' }).places,
    ).toMatchObject([{ country: 'SE', source: 'report' }]);
    expect(
      classifier.classify({ text: 'it is down', profileLocation: 'Leeds, UK' }).places,
    ).toMatchObject([{ country: 'GB', source: 'profile' }]);
    expect(classify('spotify 안돼요').places).toMatchObject([
      { country: 'KR', source: 'language' },
    ]);
  });
});

describe('languages', () => {
  it.each([
    ['is spotify down for anyone else', 'en'],
    ['no me deja iniciar sesión', 'es'],
    ['não consigo abrir o aplicativo', 'pt'],
    ['die App lädt nicht mehr', 'de'],
    ["l'appli ne marche plus depuis hier", 'fr'],
    ['non riesco ad ascoltare la musica', 'it'],
    ['de app doet het niet meer', 'nl'],
    ['appen fungerar inte längre', 'sv'],
    ['uygulama açılmıyor bir türlü', 'tr'],
    ['aplikasinya gak bisa dibuka', 'id'],
    ['アプリが開けない', 'ja'],
    ['앱이 안 열려요', 'ko'],
    ['приложение не работает', 'ru'],
    ['додаток не працює, що сталося', 'uk'],
    ['התקליט לא עובד', 'he'],
  ])('%s', (text, language) => {
    expect(classify(text).language).toBe(language);
  });
});
