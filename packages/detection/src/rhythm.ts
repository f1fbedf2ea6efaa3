import { Profile } from './profile.ts';
import type { SeriesState } from './series-state.ts';
import { bucketsPerHour, hoursPerWeek } from './settings.ts';

/** A series gets a rhythm of its own once it has this many voices in a day. */
const rhythmVoices = 16;

/**
 * The rhythm that a series goes by: its own, or that of the series of which it is a part. Until one is
 * known every bucket counts alike.
 */
export class Rhythm {
  #profile: Profile | null;
  /** The rhythm of the whole, and whether this one goes by it already. */
  #whole: Rhythm | null = null;
  #lent: boolean;
  /** Next hour (from the epoch) to learn, and the voices of the last day, faded. */
  #hour: number;
  #dayVoices: number;

  private constructor(state: RhythmState) {
    this.#profile = state.profile === null ? null : new Profile(state.profile);
    this.#lent = state.lent;
    this.#hour = state.hour;
    this.#dayVoices = state.dayVoices;
  }

  /** @param since first bucket from which silence counts as knowledge */
  static begin(since: number): Rhythm {
    const hour = Math.ceil(since / bucketsPerHour);
    return new Rhythm({ profile: null, lent: false, hour, dayVoices: 0 });
  }

  static restore(state: RhythmState): Rhythm {
    return new Rhythm(state);
  }

  toState(): RhythmState {
    return {
      profile: this.#profile?.toState() ?? null,
      lent: this.#lent,
      hour: this.#hour,
      dayVoices: this.#dayVoices,
    };
  }

  /** Lets it go by the rhythm of the whole as soon as that is known, instead of one of its own. */
  goBy(whole: Rhythm): void {
    this.#whole = whole;
  }

  /** Takes to the whole's rhythm. @returns true when it does so for the first time */
  borrow(): boolean {
    if (this.#whole === null || this.#lent || this.#whole.#profile?.ready !== true) return false;
    this.#lent = true;
    return true;
  }

  /** Whether it knows its day. */
  get known(): boolean {
    return this.#lent || this.#profile?.ready === true;
  }

  /** The factors in force, or null. */
  get profile(): Profile | null {
    return this.#lent ? this.#whole!.#profile : this.#profile;
  }

  /** Sum of the factors of the buckets [from, to). */
  exposure(from: number, to: number): number {
    return this.profile?.exposure(from, to) ?? to - from;
  }

  /**
   * Learns the hours before `hour`.
   * @param voicesIn voices of an hour that may be learnt, and how much of it they stand for
   * @param becameKnown called with the bucket at which the rhythm became known
   */
  turn(
    hour: number,
    voicesIn: (hour: number) => { voices: number; part: number },
    becameKnown: (bucket: number) => void,
  ): void {
    if (hour <= this.#hour) return;
    const first = this.#hour;
    this.#hour = hour;
    // It repeats by the week: what is older says nothing new of a silence.
    for (let one = Math.max(first, hour - hoursPerWeek); one < hour; one += 1) {
      const { voices, part } = voicesIn(one);
      if (this.#observe(one, voices, part)) becameKnown((one + 1) * bucketsPerHour);
    }
    if (hour - first > hoursPerWeek) this.#dayVoices = 0;
  }

  /** @returns true when it is known from now on */
  #observe(hour: number, voices: number, part: number): boolean {
    this.#dayVoices = this.#dayVoices * (23 / 24) + voices;
    if (this.#whole !== null) return false;
    if (this.#profile === null) {
      if (this.#dayVoices < rhythmVoices) return false;
      this.#profile = new Profile();
    }
    if (part < 1 / 4) return false;
    const flat = !this.#profile.ready;
    this.#profile.observe(hour, voices, part);
    return flat && this.#profile.ready;
  }
}

export type RhythmState = Pick<SeriesState, 'profile' | 'lent' | 'hour' | 'dayVoices'>;
