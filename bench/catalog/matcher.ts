/**
 * What recognising targets costs per post, and that it hardly depends on how many are watched.
 *
 *   node bench/catalog/matcher.ts
 *
 * Posts of about 140 characters in several languages, half of which name a target, against
 * catalogues of 60, 600 and 6,000 made-up targets and against the shipped one. Beside it, the plain
 * way: looking for each name in turn.
 */
import { createMatcher, loadCatalog, parseCatalog } from '@outcry/catalog';

const posts = [
  'honestly the best part of the day is walking home with the sun going down and nothing at all to think about, just me and the river for an hour',
  'is {} down for anyone else or is it just my wifi again? restarted the router twice and the phone once, still nothing but a spinning circle here',
  'No puedo creer que ya sea jueves otra vez, esta semana pasó volando y todavía tengo que terminar la mitad de las cosas que prometí el lunes pasado',
  'kann mich seit heute morgen nicht mehr bei {} anmelden, Passwort zurückgesetzt, App neu installiert, immer derselbe Fehler. Jemand eine Idee dazu?',
  'The meeting ran over by forty minutes and we still have not decided on the colour of the door, so naturally there will be another one next Tuesday',
  '#{}down again and of course on the one evening where I have guests and promised them music, thank you very much, we are now listening to the fridge',
  '今日は朝から雨で電車が遅れていて、会社に着いたのは十時過ぎだった。傘も忘れたのでずぶ濡れになってしまったけど、なんとか一日終わった。明日は晴れるといいな。',
  '{}が朝からずっと開かないんだけど私だけ？再起動しても再インストールしても同じ画面のまま動かない。仕事で使うから本当に困る、誰か教えてください。障害ですか',
  'my sister just sent me a picture of her new cat and I have been smiling like an idiot in the middle of the supermarket for the last ten minutes 😀😀',
  "Hey @support, {}'s app logs me out every time I open it since the update, on both phones. Tried everything in your help pages, please do something",
];

/** Pronounceable and always the same: the figures of two runs compare. */
function inventNames(count: number): string[] {
  const starts = ['bra', 'ke', 'lo', 'mi', 'no', 'pra', 'qui', 'ro', 'sti', 'ta', 'vo', 'xe', 'zu'];
  const ends = ['bix', 'cado', 'dify', 'flix', 'gram', 'hub', 'lane', 'mo', 'nest', 'pay', 'ster'];
  const names = new Set<string>();
  let state = 12_345;
  const next = (list: readonly string[]) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return list[(state >>> 16) % list.length]!;
  };
  while (names.size < count) names.add(next(starts) + next(starts) + next(starts) + next(ends));
  return [...names];
}

function catalogOf(names: readonly string[]) {
  const shipped = loadCatalog();
  const { kinds, hashtagForms, faultWords } = shipped;
  const targets = names.map((name, index) => ({
    id: name,
    name: name[0]!.toUpperCase() + name.slice(1),
    kind: 'other',
    aliases: [`${name} app ${index}`, `the ${name}`],
    handles: [`${name}help`],
  }));
  return parseCatalog(JSON.stringify({ kinds, hashtagForms, faultWords, targets }), 'made up');
}

const rounds = 9;
const perRound = 20_000;

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

interface Contestant {
  label: string;
  texts: string[];
  run(text: string): number;
  times: number[];
  perRound: number;
}

function textsWith(names: readonly string[]): string[] {
  return Array.from({ length: 500 }, (_, index) =>
    posts[index % posts.length]!.replace('{}', names[(index * 7) % names.length]!),
  );
}

const contestants: Contestant[] = [];
for (const count of [60, 600, 6_000]) {
  const names = inventNames(count);
  const catalog = catalogOf(names);
  const matcher = createMatcher(catalog);
  const texts = textsWith(names);
  contestants.push({
    label: `${count} targets`,
    texts,
    run: (text) => matcher.match(text).length,
    times: [],
    perRound,
  });
  if (count > 600) continue;
  const all = catalog.targets.flatMap((target) =>
    [target.name, ...target.aliases].map((name) => name.toLowerCase()),
  );
  contestants.push({
    label: `${count} targets, each name in turn`,
    texts,
    run: (text) => {
      const lower = text.toLowerCase();
      return all.filter((name) => lower.includes(name)).length;
    },
    times: [],
    perRound: perRound / 20,
  });
}
const shipped = loadCatalog();
const shippedMatcher = createMatcher(shipped);
contestants.push({
  label: `shipped catalogue (${shipped.targets.length} targets)`,
  texts: textsWith(shipped.targets.map((target) => target.name)),
  run: (text) => shippedMatcher.match(text).length,
  times: [],
  perRound,
});

let found = 0;
for (let round = 0; round < rounds; round++) {
  for (const one of contestants) {
    // Processor time: it does not grow when others use the machine.
    const begin = process.cpuUsage();
    for (let index = 0; index < one.perRound; index++)
      found += one.run(one.texts[index % one.texts.length]!);
    one.times.push((process.cpuUsage(begin).user * 1e3) / one.perRound);
  }
}

const base = median(contestants[0]!.times);
console.log(
  `nanoseconds of processor a post, median of ${rounds} interleaved rounds (${found} names found)`,
);
for (const { label, times } of contestants) {
  const cost = median(times);
  const least = Math.min(...times);
  console.log(
    `${label.padEnd(40)} ${cost.toFixed(0).padStart(8)}  least ${least.toFixed(0).padStart(8)}  ` +
      `${(cost / base).toFixed(2)} × 60 targets`,
  );
}
