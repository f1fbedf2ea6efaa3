import type { DatabaseSync } from 'node:sqlite';
import { transaction } from './database.ts';
import { isBusy, toEventLogError } from './errors.ts';

interface Write {
  apply(): void;
  resolve(): void;
  reject(error: unknown): void;
  records: number;
}

/** How long a write waits for another process that holds the file. */
const patienceMs = 15_000;
/** Most records of one transaction, so that the event loop is not held for long. */
const maxGroup = 10_000;

/**
 * Puts the writes of one turn of the event loop into one transaction: one sync of the disk makes
 * all of them durable. A write that fails alone is rejected alone.
 */
export class WriteQueue {
  readonly #db: DatabaseSync;
  readonly #committed: () => void;
  #writes: Write[] = [];
  #scheduled = false;
  #busySince: number | undefined;
  #idle: (() => void)[] = [];

  /** `committed` is called after each transaction, before its writers hear of it. */
  constructor(db: DatabaseSync, committed: () => void) {
    this.#db = db;
    this.#committed = committed;
  }

  /** Resolves when what `apply` wrote is durable. */
  write(records: number, apply: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#writes.push({ apply, resolve, reject, records });
      this.#schedule();
    });
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    if (this.#writes.length === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle.push(resolve);
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#writes.length === 0) return;
    this.#scheduled = true;
    if (this.#busySince === undefined) setImmediate(() => this.#flush());
    else setTimeout(() => this.#flush(), 5 + Math.random() * 20);
  }

  #flush(): void {
    this.#scheduled = false;
    const group = this.#take();
    try {
      transaction(this.#db, () => {
        for (const write of group) write.apply();
      });
      this.#busySince = undefined;
      this.#committed();
      for (const write of group) write.resolve();
    } catch (error) {
      this.#failed(group, error);
    }
    this.#schedule();
    if (this.#writes.length === 0) for (const idle of this.#idle.splice(0)) idle();
  }

  #take(): Write[] {
    let records = 0;
    let count = 0;
    while (count < this.#writes.length && (count === 0 || records < maxGroup)) {
      records += this.#writes[count]!.records;
      count += 1;
    }
    return this.#writes.splice(0, count);
  }

  #failed(group: Write[], error: unknown): void {
    if (isBusy(error)) {
      this.#busySince ??= Date.now();
      if (Date.now() - this.#busySince < patienceMs) {
        this.#writes.unshift(...group);
        return;
      }
      this.#busySince = undefined;
    }
    if (group.length === 1 || isBusy(error)) {
      for (const write of group) write.reject(toEventLogError(error));
      return;
    }
    // One of them spoilt it for the others: each gets a transaction of its own.
    for (const write of group) {
      try {
        transaction(this.#db, write.apply);
        this.#committed();
        write.resolve();
      } catch (own) {
        write.reject(toEventLogError(own));
      }
    }
  }
}
