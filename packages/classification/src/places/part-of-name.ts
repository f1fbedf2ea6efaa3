import type { Scan } from '../scan.ts';
import { flag, hashWord, tokenKind } from '../scan.ts';
import { wordSet } from './word-set.ts';

/** What firms, papers and clubs call themselves after a place's name: Singapore Airlines, New York Times. */
const firmsAfter = wordSet(
  'airlines airline airways air express mobile telecom bank banking railways rail post times herald tribune globe gazette insurance energy group holdings motors records pictures studios united rovers wanderers fc cf sc afc',
);
/** And before it: Air France, Virgin Australia, Real Madrid, macOS Ventura. */
const firmsBefore = wordSet('air aero virgin real atlético sporting inter radio');
/** Words with which somebody is spoken to, or thanked, by name. */
const greetings = wordSet(
  'hi hey hello dear thanks thx hola querida querido gracias olá oi obrigado obrigada hallo danke lieber liebe bonjour salut merci ciao grazie hoi bedankt hej tack merhaba selam teşekkürler halo hai makasih',
);
const from = wordSet('from de von du del van dari');
/** Where the people work who are named by first name only. */
const desks = wordSet(
  'support billing sales chat service customer tech your their soporte atención suporte atendimento kundendienst kundenservice service assistance assistenza klantenservice',
);
const by = wordSet('by von par por di door av');
/** After these a place is one, whoever did something there. */
const where = wordSet('in at from near en em no na aus nach à dans i från op uit nel a');
/** What is played, sung or watched. */
const shows = wordSet(
  'game games match matches derby playoffs vs musical scene scenes season episode episodes tour',
);

/**
 * Whether a place's name is only a part of another name, or is that of a person or a work: an
 * airline, a paper, a club, a release, somebody of support, a song by somebody.
 *
 * @param first first token of the name
 * @param end token after it
 */
export function isPartOfName(scan: Scan, first: number, end: number): boolean {
  const after = wordAt(scan, end);
  const before = wordAt(scan, first - 1);
  if (after !== 0) {
    if (firmsAfter.has(after) && isCapital(scan, end)) return true;
    if (shows.has(after)) return true;
    const work = by.has(after) && isCapital(scan, end + 1) && !isCapital(scan, end);
    if (work && !where.has(before)) return true;
    if (from.has(after) && desks.has(wordAt(scan, end + 1))) return true;
  }
  if (before !== 0) {
    if (firmsBefore.has(before) && isCapital(scan, first - 1)) return true;
    if (before === macos) return true;
    if (isGreeting(scan, first - 1) && endsAddress(scan, end)) return true;
  }
  return end - first === 1 && scan.size[first]! <= 2 && isJoined(scan, first);
}

function wordAt(scan: Scan, token: number): number {
  const there = token >= 0 && token < scan.count && scan.kind[token] === tokenKind.word;
  return there ? scan.hash[token]! : 0;
}

function isCapital(scan: Scan, token: number): boolean {
  return wordAt(scan, token) !== 0 && (scan.flags[token]! & flag.capital) !== 0;
}

/** "Thanks Austin", "Thank you Carolina". */
function isGreeting(scan: Scan, token: number): boolean {
  if (greetings.has(scan.hash[token]!)) return true;
  return scan.hash[token] === you && wordAt(scan, token - 1) === thank;
}
const macos = hashWord('macos');
const thank = hashWord('thank');
const you = hashWord('you');
const forWords = wordSet('for por pelo für pour per voor för');

/** Whoever is spoken to is named before a mark, before what they are thanked for, or at the end. */
function endsAddress(scan: Scan, end: number): boolean {
  if (end >= scan.count || scan.kind[end] === tokenKind.mark) return true;
  const after = wordAt(scan, end);
  return forWords.has(after) || after === you;
}

/** A code with a hyphen or a sign of money: US-East, US$5. */
function isJoined(scan: Scan, token: number): boolean {
  const text = scan.text;
  const before = text[scan.start[token]! - 1];
  const after = text[scan.end[token]!];
  return before === '-' || before === '$' || after === '-' || after === '$';
}
