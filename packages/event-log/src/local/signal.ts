import { setTimeout as sleep } from 'node:timers/promises';

/** Wakes one waiter. A `fire` that finds nobody waiting is forgotten: look before you wait. */
export class Signal {
  #wake: (() => void) | undefined;

  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Waits so long, or until fired. */
  async waitFor(milliseconds: number): Promise<void> {
    const timer = new AbortController();
    await Promise.race([
      this.wait(),
      sleep(milliseconds, undefined, { signal: timer.signal }).catch(() => undefined),
    ]);
    timer.abort();
  }

  fire(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
