/** Growing waits with some spread: 100 ms, 200 ms, … up to 30 s. */
export class Backoff {
  readonly #first: number;
  readonly #most: number;
  #attempt = 0;

  constructor(first = 100, most = 30_000) {
    this.#first = first;
    this.#most = most;
  }

  /** The next wait in milliseconds. */
  next(): number {
    const full = Math.min(this.#most, this.#first * 2 ** this.#attempt);
    this.#attempt += 1;
    return full * (0.75 + 0.5 * Math.random());
  }

  reset(): void {
    this.#attempt = 0;
  }
}

/** Whether an error says that trying again may help. */
export function isRetriable(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'retriable' in error && error.retriable === true
  );
}
