import type { Scan } from '../scan.ts';
import { flag, tokenKind } from '../scan.ts';
import { wordSet } from './word-set.ts';

/** Works and dishes that are named after a place, wherever they are heard or eaten. */
const works = wordSet(
  'song songs music track tracks album albums movie movies film films drama dramas series novel novels book books singer singers artist artists band bands rapper rap cuisine food dish dishes restaurant recipe language languages accent canción canciones música película películas comida idioma música filme filmes língua chanson chansons musique cinéma cuisine langue lied lieder musik filme serie serien sprache küche musica canzone canzoni cucina lingua muziek liedjes keuken taal låt låtar musik språk şarkı şarkıları müziği dizisi dili lagu musik drama bahasa',
);
/** Offices and institutions: "King of …" reigns there, and whoever writes of one is anywhere. */
const offices = wordSet(
  'king queen prince princess duke duchess emperor lord president minister ambassador bank university college church rey reina príncipe princesa presidente banco universidad rei rainha universidade roi reine prince président banque université könig königin präsident universität re regina presidente banca università koning koningin universiteit kung drottning',
);
const ofWords = wordSet('of de del da do di du des von der van av');
const made = wordSet(
  'made hecho hecha fabricado fabricada fabriqué hergestellt prodotto gemaakt tillverkad',
);
const inWords = wordSet('in en em au in i');

/**
 * Whether a place's name stands for something else than where anybody is: a song of a country, its
 * king, what was made there, or a word in capitals beside others ("HELP US").
 *
 * @param from first token of the name
 * @param to token after it
 */
export function tellsNoPlace(scan: Scan, from: number, to: number): boolean {
  if (to < scan.count && works.has(scan.hash[to]!)) return true;
  if (from < 1) return false;
  const before = scan.hash[from - 1]!;
  if (from > 1) {
    const earlier = scan.hash[from - 2]!;
    if (ofWords.has(before) && offices.has(earlier)) return true;
    if (inWords.has(before) && made.has(earlier)) return true;
  }
  const short = to - from === 1 && scan.size[from]! <= 2;
  return short && isShoutedWord(scan, from - 1);
}

/** A word all in capitals that is longer than a code is. */
function isShoutedWord(scan: Scan, token: number): boolean {
  return (
    scan.kind[token] === tokenKind.word &&
    (scan.flags[token]! & flag.shouted) !== 0 &&
    scan.size[token]! > 3
  );
}
