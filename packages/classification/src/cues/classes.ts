/**
 * Cue classes: what a word or phrase does in a complaint, whatever the language. They carry what
 * is learned in one language, or of one kind of service, over to all the others.
 */
export const cueClasses = [
  // Failure in the words of grammar.
  'cant', // the author is not able: can't, unable, no puedo
  'wont', // the thing refuses: won't, doesn't, no me deja
  'not', // plain negation
  'keep', // keeps, constantly, every time
  'itself', // by itself, for no reason, jumps
  'says', // it says, asks me, thinks
  'wrong', // weird, twice, someone else's
  'never', // never crashes, no lag, smooth
  'stuck',
  // Failure by name.
  'fail', // broken, not working, error, bug, problem
  'crash',
  'down', // down, outage, offline
  'lost', // disappeared, gone, missing
  'blank', // black screen, spinning wheel, nothing happens
  'slow',
  // What a service does: the verbs and nouns that a failure is told with.
  'work',
  'open',
  'login',
  'play',
  'connect',
  'send',
  'pay',
  'update',
  'find', // library, search, playlist, download, save
  'device',
  'web',
  'app',
  'battery',
  // Time.
  'onset', // since this morning, suddenly, again
  'lasting', // for hours, still, three days
  'afterupdate',
  // Dealing with it.
  'tried', // reinstalled, restarted, cleared the cache
  'fix', // please fix, sort it out
  'help',
  'others', // anyone else, is it just me
  'why',
  'how',
  'question', // when, where, what, which, is there
  // What is not failure.
  'recovered',
  'praise',
  'thanks',
  'anger',
  'price',
  'policy', // ads, limits, premium only, region
  'wish', // please add, would be nice
  'market', // offers, giveaways, links to look at
  'news', // reports, users say, according to
  'goods', // orders, parcels, seats, food, luggage, staff
  'billing', // refunds, invoices, charges
  'staff', // agents, hold, customer service
  'agent', // how a brand answers
  'laugh',
  'self', // I, my, me
] as const;
export type CueClass = (typeof cueClasses)[number];

/**
 * Phrases of one language by class, separated by commas. Written as people type them; they are
 * folded like the texts. `word*` matches words that begin so, `*word` those that end so (three to
 * eight letters before or after the star); in a phrase of several words a star works at the end.
 */
export type CueLexicon = Partial<Record<CueClass, string>>;
