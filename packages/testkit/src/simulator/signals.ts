import type { ErrorType, Place, Signal, Stance } from '@outcry/contracts';
import type { Random } from '../random.ts';
import type { Confounder } from './confounders.ts';
import type { SimOutage } from './outages.ts';
import type { SimTarget, World } from './world.ts';

export const sources = ['simulation:posts', 'simulation:reports'] as const;

/** Writes the signals of one target. `listener` is an index into the target's audience. */
export interface SignalWriter {
  /** A complaint of a normal minute, or one that belongs to an outage. */
  complaint(at: number, listener: number, outage?: SimOutage): void;
  /** Talk that the classifier understands. */
  talk(at: number, listener: number, stance: Stance): void;
  /** One post of a confounder, which the classifier may take for a complaint. */
  confounding(at: number, listener: number, confounder: Confounder): void;
}

const model = 'simulation@1';

/** Stock phrases that many people write alike in any trouble ("is it down?"), as share of posts. */
const stockShare = 0.12;
const stockPhrases = 8;
/** Share of complaints by someone who complained within the last minutes. */
const repeatShare = 0.08;
/** Share of places that the classifier gets wrong. */
const misplaced = 0.02;

export function createSignalWriter(
  world: World,
  target: SimTarget,
  random: Random,
  instant: (at: number) => string,
  emit: (record: Signal, observed: number) => void,
): SignalWriter {
  let counter = 0;
  const recent: string[] = [];
  const echoes = world.outages.filter((outage) => outage.echo !== undefined);
  const typeTotal = target.types.reduce((sum, [, weight]) => sum + weight, 0);
  const typeWeights = Float64Array.from(target.types, ([, weight]) => weight);

  const drawType = (): ErrorType => target.types[random.weightedIndex(typeWeights, typeTotal)]![0];

  const freshVoice = (): string => `${target.id}-v${counter.toString(36)}`;

  /** Most complaints are of a new voice; some are of one who has just complained. */
  const drawVoice = (): string => {
    if (recent.length > 0 && random.chance(repeatShare)) return random.choice(recent);
    const voice = freshVoice();
    if (recent.length < 16) recent.push(voice);
    else recent[counter % 16] = voice;
    return voice;
  };

  const drawPlaces = (listener: number, outage?: SimOutage): Place[] => {
    const home = target.audience[listener]!.country;
    if (!random.chance(target.placed.country)) return [];
    const country = random.chance(misplaced) ? random.choice(target.audience).country : home;
    const place: Place = {
      country: country.code,
      source: random.chance(0.5) ? 'text' : 'profile',
      confidence: 0.5 + 0.5 * random.next(),
    };
    if (random.chance(target.placed.subdivision / target.placed.country)) {
      const subdivision =
        outage?.subdivision !== undefined && country === home
          ? outage.subdivision
          : drawSubdivision(random, country.subdivisions);
      if (subdivision !== undefined) place.subdivision = subdivision;
    }
    return [place];
  };

  const write = (
    at: number,
    listener: number,
    fields: Partial<Signal> & Pick<Signal, 'stance' | 'voice'>,
  ): Signal => {
    counter++;
    const counts = fields.stance === 'affected' || fields.stance === 'asking';
    const reported = counts && fields.recordKind !== 'post' && random.chance(target.reports);
    // Sources hand over within seconds; a form at once.
    const lag = reported ? 200 : Math.min(60_000, 1_500 * Math.exp(0.7 * random.normal()));
    const recordId = `simulation:${target.id}-${counter}`;
    const record: Signal = {
      kind: 'signal',
      id: `${recordId}@${target.id}`,
      recordId,
      recordKind: reported ? 'report' : 'post',
      source: reported ? sources[1] : sources[0],
      target: target.id,
      text: counts ? 'simulated complaint' : 'simulated talk',
      occurredAt: instant(at),
      observedAt: instant(at + lag),
      confidence: counts ? 0.8 + 0.2 * random.next() : 0.2 * random.next(),
      weight: counts ? 1 : 0,
      type: null,
      types: [],
      places: [],
      platforms: [],
      language: target.audience[listener]!.country.language,
      cluster: `${target.id}-t${counter.toString(36)}`,
      model,
      ...fields,
    };
    emit(record, at + lag);
    return record;
  };

  return {
    complaint(at, listener, outage) {
      const type = outage === undefined ? drawType() : random.weighted(outage.types);
      const second = random.chance(0.12) ? drawType() : undefined;
      const platforms = random.chance(target.placed.platform)
        ? [outage?.onlyPlatform ?? random.weighted(target.platforms)]
        : [];
      const record = write(at, listener, {
        stance: random.chance(0.15) ? 'asking' : 'affected',
        voice: drawVoice(),
        type,
        types: second === undefined || second === type ? [type] : [type, second],
        places: drawPlaces(listener, outage),
        platforms,
        ...(random.chance(stockShare)
          ? { cluster: `stock-${random.integer(1, stockPhrases)}` }
          : {}),
      });
      if (outage !== undefined) echo(record, outage, Math.floor(at));
    },
    talk(at, listener, stance) {
      write(at, listener, { stance, voice: freshVoice(), places: drawPlaces(listener) });
    },
    confounding(at, listener, confounder) {
      const counted = random.chance(confounder.leak);
      const type = counted ? (random.chance(0.4) ? 'general' : drawType()) : null;
      const copied = random.chance(confounder.copied);
      write(at, listener, {
        recordKind: 'post',
        text: `simulated ${confounder.kind}`,
        stance: counted ? 'affected' : confounder.kind === 'news' ? 'relaying' : 'unrelated',
        voice: Number.isFinite(confounder.voices)
          ? `${confounder.id}-v${random.integer(1, Math.max(1, confounder.voices))}`
          : freshVoice(),
        type,
        types: type === null ? [] : [type],
        places: drawPlaces(listener),
        ...(copied
          ? { cluster: `${confounder.id}-t${random.integer(1, confounder.clusters)}` }
          : {}),
        ...(confounder.declaredBots > 0 && random.chance(confounder.declaredBots)
          ? { bot: true }
          : {}),
      });
    },
  };

  /** The same post again for a healthy target (or a falling one) that it names too. */
  function echo(record: Signal, outage: SimOutage, at: number): void {
    for (const other of echoes) {
      if (other.cascadeOf !== outage.id || at < other.startedAt) continue;
      if (!random.chance(other.echo!.share)) continue;
      // A third of those people blame the other target alone: the shared posts do not explain all.
      const alone = random.chance(0.3);
      const recordId = alone ? `${record.recordId}b` : record.recordId;
      emit(
        {
          ...record,
          id: `${recordId}@${other.target}`,
          recordId,
          target: other.target,
          voice: alone ? `${record.voice}b` : record.voice,
        },
        Date.parse(record.observedAt),
      );
    }
  }
}

function drawSubdivision(
  random: Random,
  subdivisions: readonly (readonly [string, number])[],
): string | undefined {
  let left = random.next();
  for (const [code, share] of subdivisions) {
    left -= share;
    if (left < 0) return code;
  }
  // Somewhere else in the country: told, but not among those that are modelled.
  return undefined;
}
