/** What a simulated world gave, small enough to pass between threads. */
export interface WorldResult {
  name: string;
  targets: number;
  /** Target-weeks from the first possible outage on, and those before. */
  measuredWeeks: number;
  coldWeeks: number;
  records: number;
  /** Seconds in the simulator, in the product, and in all. */
  seconds: { simulator: number; product: number };
  outages: OutageResult[];
  echoes: EchoResult[];
  /** Opened for nothing that is true. */
  falseOutages: FalseResult[];
  confounders: { kind: string; count: number }[];
  opened: OpenedResult[];
  /** Opened, not ended when the simulation was, and no true outage was near. */
  unended: number;
  /** Events whose sequence is not the one before plus one, or that follow an end. */
  brokenSequences: number;
}

export interface OutageResult {
  /** What it counts for in the mix of sizes; set by the summary. */
  weight?: number;
  id: string;
  target: string;
  shape: 'step' | 'ramp';
  scope: string;
  slice: 'mixed' | 'type' | 'platform';
  multiplier: number;
  /** Complaints a minute that it adds at full strength. */
  onsetRate: number;
  durationMinutes: number;
  overlaps: boolean;
  cascade: boolean;
  /** Another outage was already open at its target when it began. */
  masked: boolean;
  /** Seconds from the onset; null: not detected while it lasted. */
  delay: number | null;
  clairvoyantDelay: number | null;
  /** The series that the clairvoyant watched. */
  clairvoyantSeries: string;
  /** Normal complaints a minute of the service, and when the outage began. */
  normalRate: number;
  startedAt: string;
  /** As last told. Null when not detected. */
  scopeRight: boolean | null;
  told: string | null;
  /** Of those detected: the type that leads is among the first two told. */
  typeRight: boolean | null;
  markedAsEcho: boolean;
  /** Openings beyond the first. */
  extraOpenings: number;
  /** Seconds from the true end to the told end, negative when too early. */
  endDelay: number | null;
}

export interface EchoResult {
  raised: boolean;
  marked: boolean;
}

export interface FalseResult {
  target: string;
  at: string;
  /** `background`, `cold` (before the first possible outage), `after` (an outage's tail) or the confounder's kind. */
  cause: string;
  retracted: boolean;
  /** What it marked itself as. */
  echo: boolean;
  confidence: number;
  normalPerMinute: number;
  reason: string;
}

export interface OpenedResult {
  confidence: number;
  finalConfidence: number;
  real: boolean;
}
