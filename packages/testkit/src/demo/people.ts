import type { Platform } from '@outcry/contracts';
import type { Random } from '../random.ts';
import type { Hand } from '../texts/compose.ts';
import { drawHand } from '../texts/compose.ts';
import type { Home } from './places.ts';
import { homes } from './places.ts';

/** Somebody who posts or reports on the demo day. */
export interface Person {
  voice: string;
  home: Home;
  city: string;
  language: string;
  platform: Platform;
  hand: Hand;
  source: string;
  profileLocation?: string;
}

/** How awake a place is at a local hour. */
function awake(localHour: number): number {
  const table = [
    0.5, 0.3, 0.2, 0.14, 0.12, 0.16, 0.35, 0.65, 0.85, 0.95, 1, 1, 1.05, 1.05, 1, 1, 1.05, 1.15,
    1.25, 1.35, 1.4, 1.3, 1.05, 0.75,
  ];
  return table[((Math.floor(localHour) % 24) + 24) % 24]!;
}

export function awakeAt(home: Home, at: number): number {
  return awake(new Date(at).getUTCHours() + home.offsetHours);
}

/** Relative activity of a set of places, 1 when all of them stand at a normal hour. */
export function activity(places: readonly Home[], at: number): number {
  let sum = 0;
  let weight = 0;
  for (const place of places) {
    sum += place.weight * awakeAt(place, at);
    weight += place.weight;
  }
  return sum / weight;
}

export function drawPerson(random: Random, at: number, places: readonly Home[] = homes): Person {
  const home = random.weighted(
    places.map((place) => [place, place.weight * awakeAt(place, at)] as const),
  );
  const city = random.choice(home.cities);
  // Many write English whatever their country speaks.
  const language = home.language !== 'en' && random.chance(0.12) ? 'en' : home.language;
  const tells = random.chance(0.5);
  return {
    voice: `sim${random.hex(20)}`,
    home,
    city,
    language,
    platform: random.weighted<Platform>([
      ['ios', 38],
      ['android', 40],
      ['web', 12],
      ['windows', 6],
      ['macos', 4],
    ]),
    hand: drawHand(random),
    source: random.chance(0.72) ? 'simulation:bluesky' : 'simulation:mastodon',
    ...(tells
      ? {
          profileLocation: random.weighted([
            [`${city}, ${home.name}`, 5],
            [city, 3],
            [home.name, 2],
          ]),
        }
      : {}),
  };
}
