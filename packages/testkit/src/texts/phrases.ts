/**
 * Sentences of one language from which simulated posts are composed. `{s}` is the service's name,
 * `{c}` a city. All are written for this project.
 */
export interface Phrases {
  language: string;
  /** What goes before a complaint, and after it; both may be left out. */
  openers: readonly string[];
  tails: readonly string[];
  /** Where it fails, put after the complaint. */
  where: { ios: readonly string[]; android: readonly string[]; web: readonly string[] };
  /** Tells the city: "here in {c}". */
  here: readonly string[];
  playback: readonly string[];
  app: readonly string[];
  login: readonly string[];
  asking: readonly string[];
  /** News, jokes and notices about the outage. */
  relaying: readonly string[];
  recovered: readonly string[];
  /** Everyday talk that names a music service, no trouble in it. */
  music: readonly string[];
  /** Everyday talk that fits any service. */
  chatter: readonly string[];
  /** Small everyday faults that fit any service. */
  gripes: readonly string[];
}
