import { createHash } from 'node:crypto';
import type { Probe, Target } from '@outcry/catalog';
import type { Check } from '@outcry/contracts';
import PQueue from 'p-queue';
import type { Source, SourceContext } from '../source.ts';
import { toInstant } from '../times.ts';
import { every, together, wait } from '../wait.ts';
import type { AttemptOptions, ProbeResult } from './attempt.ts';
import { attempt } from './attempt.ts';
import { OwnNetwork } from './own-network.ts';
import type { ProbeOutcome, VerdictRules } from './verdict.ts';
import { Verdict } from './verdict.ts';

export type { ProbeResult, VerdictRules };

export interface ProbeOptions extends Pick<AttemptOptions, 'lookup' | 'ca' | 'allowPrivate'> {
  targets: readonly Pick<Target, 'id' | 'probes'>[];
  /** Default `probe`; watchers at several places need a name each, such as `probe:fra`. */
  name?: string;
  /** Country that we look from, told with each check. */
  country?: string;
  /** Between two looks at one address. Default 60 s, a tenth more or less. */
  intervalMs?: number;
  timeoutMs?: number;
  /** Wait before a failure is looked at again: shortest and longest. Default 5 s and 10 s. */
  retryMs?: { least: number; most: number };
  /** Default: 3 failures among 4 results are down, 2 successes are up again. */
  rules?: VerdictRules;
  /** An unchanged outcome is told again after this time. Default 5 minutes. */
  repeatMs?: number;
  /** Looks that run at once. Default 16. */
  atOnce?: number;
  /** Default 1 s. */
  heartbeatMs?: number;
  /** A certificate that ends sooner is worth a warning. Default 14 days. */
  certificateWarningDays?: number;
  /** 0 to 1, for jitter. */
  random?: () => number;
  /** Told of every look, for metrics. */
  onResult?: (target: string, probe: Probe, result: ProbeResult) => void;
}

const defaultRules: VerdictRules = { failures: 3, window: 4, recoveries: 2 };
const dayMs = 24 * 60 * 60_000;

/**
 * Looks at the addresses of the targets from outside. Outcomes become checks when they change, and
 * now and then while they stay. What cannot be reached because our own network is down is nobody's
 * fault but ours: the source is then blind, and says nothing of the targets.
 */
export function createProbeSource(options: ProbeOptions): Source {
  const name = options.name ?? 'probe';
  return { name, brings: 'checks', run: (context) => new Prober(name, options, context).run() };
}

interface Endpoint {
  target: string;
  probe: Probe;
  host: string;
  verdict: Verdict;
  told: ProbeOutcome;
  toldAt: number;
  warnedOf: number;
}

class Prober {
  #name: string;
  #options: ProbeOptions;
  #context: SourceContext;
  #endpoints: Endpoint[];
  #network: OwnNetwork;
  #queue: PQueue;
  #random: () => number;

  constructor(name: string, options: ProbeOptions, context: SourceContext) {
    this.#name = name;
    this.#options = options;
    this.#context = context;
    this.#random = options.random ?? Math.random;
    this.#endpoints = options.targets.flatMap((target) =>
      target.probes.map((probe) => ({
        target: target.id,
        probe,
        host: new URL(probe.url).host,
        verdict: new Verdict(options.rules ?? defaultRules),
        told: 'unknown' as const,
        toldAt: 0,
        warnedOf: 0,
      })),
    );
    const hosts = new Set(this.#endpoints.map((endpoint) => endpoint.host));
    this.#network = new OwnNetwork(hosts.size, options.intervalMs ?? 60_000, context.now());
    this.#queue = new PQueue({ concurrency: options.atOnce ?? 16 });
  }

  async run(): Promise<void> {
    const { signal, sink, now } = this.#context;
    const { heartbeatMs = 1_000 } = this.#options;
    await together(signal, [
      (both) => every(heartbeatMs, both, () => this.#beat()),
      ...this.#endpoints.map((endpoint) => (both: AbortSignal) => this.#watch(endpoint, both)),
    ]);
    const through = toInstant(now());
    await sink.heartbeat({ state: 'blind', through, since: through, reason: 'stopped' });
  }

  async #beat(): Promise<void> {
    const { sink, now } = this.#context;
    const at = now();
    const through = toInstant(at);
    if (!this.#network.isBlind(at)) {
      // Before the first answer nothing is known, not even that we are blind.
      if (this.#network.everReached) await sink.heartbeat({ state: 'seeing', through });
      return;
    }
    const since = toInstant(this.#network.lastReachedAt);
    await sink.heartbeat({ state: 'blind', through, since, reason: 'unreachable' });
  }

  async #watch(endpoint: Endpoint, signal: AbortSignal): Promise<void> {
    const { intervalMs = 60_000 } = this.#options;
    // Spread over the interval, so that nobody is asked in bursts.
    await wait(intervalMs * this.#random(), signal);
    while (!signal.aborted) {
      const result = await this.#look(endpoint, signal);
      if (signal.aborted) return;
      await this.#settle(endpoint, result);
      const jittered = intervalMs * (0.9 + 0.2 * this.#random());
      // Who refuses us is asked less often.
      const polite = result.verdict === 'blocked' ? intervalMs * 5 : 0;
      await wait(Math.max(jittered, polite, (result.retryAfterSeconds ?? 0) * 1_000), signal);
    }
  }

  /** Two looks before a failure counts. */
  async #look(endpoint: Endpoint, signal: AbortSignal): Promise<ProbeResult> {
    const first = await this.#attempt(endpoint, signal);
    if (first.verdict !== 'failed' || signal.aborted) return first;
    const { least, most } = this.#options.retryMs ?? { least: 5_000, most: 10_000 };
    await wait(least + (most - least) * this.#random(), signal);
    return signal.aborted ? first : this.#attempt(endpoint, signal);
  }

  async #attempt({ target, probe, host }: Endpoint, signal: AbortSignal): Promise<ProbeResult> {
    const { timeoutMs = 10_000, lookup, ca, allowPrivate } = this.#options;
    const result = await this.#queue.add(() =>
      attempt(probe, {
        timeoutMs,
        signal,
        ...(lookup === undefined ? {} : { lookup }),
        ...(ca === undefined ? {} : { ca }),
        ...(allowPrivate === undefined ? {} : { allowPrivate }),
      }),
    );
    if (signal.aborted) return result;
    this.#context.count(result.errorClass ?? result.verdict);
    this.#options.onResult?.(target, probe, result);
    this.#noteNetwork(host, result);
    return result;
  }

  #noteNetwork(host: string, result: ProbeResult): void {
    const at = this.#context.now();
    this.#network.take(host, result, at);
    if (!this.#network.isBlind(at)) return;
    for (const endpoint of this.#endpoints) endpoint.verdict.forgive();
  }

  async #settle(endpoint: Endpoint, result: ProbeResult): Promise<void> {
    this.#warnOfCertificate(endpoint, result);
    if (this.#network.isBlind(this.#context.now())) return;
    const outcome = endpoint.verdict.take(result.verdict);
    if (outcome === 'unknown') return;
    const at = this.#context.now();
    const { repeatMs = 5 * 60_000 } = this.#options;
    if (outcome === endpoint.told && at - endpoint.toldAt < repeatMs) return;
    // A result against the trend tells nothing until it is believed.
    if (!fits(outcome, result)) return;
    endpoint.told = outcome;
    endpoint.toldAt = at;
    await this.#context.sink.put([this.#checkOf(endpoint, outcome, result, at)]);
  }

  #checkOf(
    { target, probe }: Endpoint,
    outcome: Exclude<ProbeOutcome, 'unknown'>,
    result: ProbeResult,
    at: number,
  ): Check {
    const { country } = this.#options;
    const digest = createHash('sha256').update(probe.url).digest('hex').slice(0, 12);
    return {
      kind: 'check',
      id: `${this.#name}:${target}:${digest}:${at}`,
      source: this.#name,
      target,
      method: 'probe',
      outcome,
      subject: probe.url.slice(0, 512),
      ...(result.errorClass === undefined ? {} : { errorClass: result.errorClass }),
      detail: describe(result, at),
      durationMs: Math.round(result.durationMs * 10) / 10,
      ...(country === undefined ? {} : { countries: [country] }),
      occurredAt: toInstant(at),
      observedAt: toInstant(at),
    };
  }

  #warnOfCertificate(endpoint: Endpoint, { certificateEndsAt }: ProbeResult): void {
    const { certificateWarningDays = 14 } = this.#options;
    if (certificateEndsAt === undefined || endpoint.warnedOf === certificateEndsAt) return;
    const days = (certificateEndsAt - this.#context.now()) / dayMs;
    if (days > certificateWarningDays) return;
    endpoint.warnedOf = certificateEndsAt;
    this.#context.count('certificate-ends-soon');
    this.#context.log.warn(
      { source: this.#name, target: endpoint.target, host: endpoint.host, days: Math.floor(days) },
      `the certificate of ${endpoint.host} ends in ${Math.floor(days)} day(s)`,
    );
  }
}

function fits(outcome: ProbeOutcome, result: ProbeResult): boolean {
  const expected = { up: 'up', down: 'failed', blocked: 'blocked', unknown: null }[outcome];
  return result.verdict === expected;
}

/** `answered 200; resolve 2 ms, connect 9 ms, tls 14 ms, processing 80 ms; certificate ends 2027-…` */
function describe(result: ProbeResult, at: number): string {
  const phases = Object.entries(result.phases)
    .map(([phase, ms]) => `${phase} ${Math.round(ms)} ms`)
    .join(', ');
  const ends = result.certificateEndsAt;
  const certificate =
    ends === undefined
      ? ''
      : `certificate ends ${toInstant(ends).slice(0, 10)}, in ${Math.floor((ends - at) / dayMs)} day(s)`;
  return [result.detail, phases, certificate]
    .filter((part) => part !== '')
    .join('; ')
    .slice(0, 2_000);
}
