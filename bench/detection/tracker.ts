import type { OutageEvent } from '@outcry/contracts';

/** The life of one outage as a receiver hears it. */
export interface Told {
  outageId: string;
  target: string;
  openedAt: number;
  startedAt: number;
  /** When the end was told, and when it was. */
  closedAt: number | null;
  endedAt: number | null;
  retracted: boolean;
  confidence: number;
  finalConfidence: number;
  countries: readonly string[];
  subdivisions: readonly string[];
  scope: string;
  types: readonly string[];
  echoOf: string | null;
  reason: string;
  events: OutageEvent[];
}

/** Follows events and checks that each outage opens once, counts up and ends once. */
export class Tracker {
  readonly told = new Map<string, Told>();
  #sequences = new Map<string, number>();
  broken = 0;

  take(event: OutageEvent): void {
    const expected = (this.#sequences.get(event.outageId) ?? 0) + 1;
    const before = this.told.get(event.outageId);
    const opens = event.type === 'outage.opened';
    if (
      event.sequence !== expected ||
      opens !== (before === undefined) ||
      before?.closedAt != null
    ) {
      this.broken++;
    }
    this.#sequences.set(event.outageId, event.sequence);
    const told: Told = before ?? {
      outageId: event.outageId,
      target: event.target,
      openedAt: Date.parse(event.decidedAt),
      startedAt: Date.parse(event.startedAt),
      closedAt: null,
      endedAt: null,
      retracted: false,
      confidence: event.confidence,
      finalConfidence: event.confidence,
      countries: [],
      subdivisions: [],
      scope: '',
      types: [],
      echoOf: null,
      reason: event.reason,
      events: [],
    };
    told.events.push(event);
    told.echoOf = event.echoOf?.target ?? null;
    if (event.type === 'outage.resolved' || event.type === 'outage.retracted') {
      told.closedAt = Date.parse(event.decidedAt);
      told.endedAt = event.endedAt === null ? null : Date.parse(event.endedAt);
      told.retracted = event.type === 'outage.retracted';
    }
    // The scope and the confidence of an outage are what was last said while it was believed.
    if (event.type !== 'outage.retracted') {
      told.finalConfidence = event.confidence;
      told.countries = event.countries;
      told.subdivisions = event.subdivisions;
      told.scope = event.scope;
      told.types = event.types;
    }
    this.told.set(event.outageId, told);
  }

  openAt(target: string, at: number): boolean {
    for (const told of this.told.values()) {
      if (told.target !== target || told.openedAt >= at) continue;
      if (told.closedAt === null || told.closedAt > at) return true;
    }
    return false;
  }
}
