import type { Post, Signal } from '@outcry/contracts';
import { homes } from '../demo/places.ts';
import { campaignTexts, memeTexts, talkedAbout } from '../demo/script.ts';
import type { Random } from '../random.ts';
import { createRandom } from '../random.ts';
import type { Saying } from '../texts/compose.ts';
import { compose, drawHand } from '../texts/compose.ts';

/**
 * Writes the post that a simulated signal would have been made from. The text depends on the
 * cluster alone, so that copied text is the same text, and a confounder's posts say what they are:
 * whether they are taken for complaints is up to the classifier that reads them.
 */
export function createPostWriter(seed: string): (signal: Signal) => Post {
  const names = new Map(talkedAbout.map((service) => [service.id, service]));
  return (signal) => {
    const service = names.get(signal.target ?? '');
    if (service === undefined) throw new RangeError(`nobody knows how to write ${signal.target}`);
    const random = createRandom(`${seed}/post/${signal.cluster}`);
    const person = createRandom(`${seed}/person/${signal.voice}`);
    const home = homes.find((one) => one.country === signal.places[0]?.country);
    const told = home !== undefined && signal.places[0]!.source === 'text';
    const city = told ? { city: random.choice(home.cities) } : {};
    const { text, tags } = textOf(random, signal, service.name, service.music === true, city);
    return {
      kind: 'post',
      id: signal.recordId,
      source: signal.source,
      text,
      occurredAt: signal.occurredAt,
      observedAt: signal.observedAt,
      voice: signal.voice,
      lang: signal.language,
      ...(tags.length > 0 ? { tags } : {}),
      ...(home !== undefined && !told
        ? { profileLocation: `${person.choice(home.cities)}, ${home.name}` }
        : {}),
      ...(signal.bot === true ? { bot: true } : {}),
    };
  };
}

function textOf(
  random: Random,
  signal: Signal,
  name: string,
  music: boolean,
  city: { city?: string },
): { text: string; tags: string[] } {
  if (signal.text === 'simulated meme') {
    return { text: random.choice(memeTexts).replaceAll('Netflix', name), tags: [] };
  }
  if (signal.text === 'simulated marketing-day') {
    const tag = `${name.replaceAll(/\W/g, '')}Year`;
    const text = random
      .choice(campaignTexts)
      .replaceAll('#DuolingoYear', `#${tag}`)
      .replaceAll('Duolingo', name)
      .replace('{n}', String(random.integer(2, 400)));
    return { text, tags: [tag] };
  }
  return compose(random, {
    saying: sayingOf(random, signal, music),
    language: signal.language,
    name,
    hand: drawHand(random),
    platform: signal.platforms[0],
    ...city,
  });
}

function sayingOf(random: Random, signal: Signal, music: boolean): Saying {
  switch (signal.text) {
    case 'simulated news':
    case 'simulated aftermath-talk':
      return 'relaying';
    case 'simulated release-day':
      return music ? 'music' : 'chatter';
  }
  switch (signal.stance) {
    case 'relaying':
    case 'recovered':
    case 'asking':
      return signal.stance;
    case 'unrelated':
      return music && random.chance(0.6) ? 'music' : 'chatter';
  }
  if (signal.type === 'login') return 'login';
  return music && (signal.type === 'playback' || random.chance(0.3)) ? 'playback' : 'app';
}
