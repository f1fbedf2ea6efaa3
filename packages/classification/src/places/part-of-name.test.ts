import { describe, expect, it } from 'vitest';
import { loadModel } from '../load.ts';
import { Scan } from '../scan.ts';
import { PlaceResolver } from './resolve.ts';

const resolver = new PlaceResolver(loadModel().places);
const nobody = new Uint8Array(400);
const everyLanguage = -1;

function countriesIn(text: string): string[] {
  const scan = new Scan().read(text);
  const found = resolver.find(scan, nobody, everyLanguage, undefined);
  return found.map(({ country }) => country);
}

describe('a place in the name of something else', () => {
  it.each([
    ['an airline', 'Air France site en panne depuis hier'],
    ['an airline', 'Singapore Airlines check-in fails every time'],
    ['an airline', 'British Airways app is broken'],
    ['a bank', 'Bank of America app won’t load'],
    ['a carrier', 'China Mobile no signal since noon'],
    ['a paper', 'New York Times crossword won’t load'],
    ['a club', 'Real Madrid game buffering again'],
    ['a match', 'Barcelona game is not loading'],
    ['a release', 'macOS Ventura broke the app'],
    ['a song by somebody', 'Kyoto by Phoebe Bridgers is greyed out'],
    ['somebody who is thanked', 'Thanks Austin for the help, it works'],
    ['somebody who is greeted', 'Hola Santiago, sigo sin internet'],
    ['somebody of support', 'India from support is great'],
    ['a region of servers', 'US-East servers lag'],
    ['a sum of money', 'they charged US$20 twice'],
    ['a person', 'Paris Hilton tweeted that the app is down'],
    ['a person', 'Michael Jordan fans cannot stream'],
    ['a word that begins a sentence', 'Para que sirve la app si no abre'],
    ['a word that begins a sentence', 'Reading about the outage now'],
    ['a word that begins a sentence', 'Mobile data not working'],
    ['a word that begins a sentence', 'Orange ne marche plus depuis ce matin'],
  ])('tells nothing of where anybody is: %s (%s)', (_, text) => {
    expect(countriesIn(text)).toEqual([]);
  });

  it.each([
    ['Voices from Mexico City After the earthquake', 'MX'],
    ['relief for Houston - SB Nation', 'US'],
    ['damage done in Haiti by Hurricane Matthew', 'HT'],
    ['no internet in Madrid, thanks', 'ES'],
    ['the app is down in New York', 'US'],
    ['Is it down in Singapore for everyone', 'SG'],
    ['Hi, no service in Leeds since 9', 'GB'],
  ])('is still heard where it stands for itself: %s', (text, country) => {
    expect(countriesIn(text)).toEqual([country]);
  });
});
