import type { ProbeResult } from './attempt.ts';

export interface VerdictRules {
  /** So many failures … */
  failures: number;
  /** … among so many results in a row make it down. */
  window: number;
  /** So many successes in a row make it up again. */
  recoveries: number;
}

export type ProbeOutcome = 'unknown' | 'up' | 'down' | 'blocked';

/** No single failure makes a service down, and no single success makes it well again. */
export class Verdict {
  #rules: VerdictRules;
  #results: ProbeResult['verdict'][] = [];
  #outcome: ProbeOutcome = 'unknown';

  constructor(rules: VerdictRules) {
    if (rules.failures > rules.window) throw new RangeError('more failures than results');
    this.#rules = rules;
  }

  get outcome(): ProbeOutcome {
    return this.#outcome;
  }

  take(result: ProbeResult['verdict']): ProbeOutcome {
    const { failures, window, recoveries } = this.#rules;
    this.#results.push(result);
    if (this.#results.length > window) this.#results.shift();
    const failed = this.#results.filter((one) => one === 'failed').length;
    if (result === 'failed' && failed >= failures) this.#outcome = 'down';
    // Being refused says nothing of the service's users, so it ends what was said of them.
    else if (result === 'blocked' && this.#inARow('blocked', 2)) this.#outcome = 'blocked';
    else if (result === 'up') {
      const needed = this.#outcome === 'down' ? recoveries : 1;
      if (this.#inARow('up', needed)) this.#outcome = 'up';
    }
    return this.#outcome;
  }

  #inARow(result: ProbeResult['verdict'], count: number): boolean {
    const last = this.#results.slice(-count);
    return last.length === count && last.every((one) => one === result);
  }

  /** Takes back the failures at the end, when they turn out to be our own network's. */
  forgive(): void {
    while (this.#results.at(-1) === 'failed') this.#results.pop();
  }
}
