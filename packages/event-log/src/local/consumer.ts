import { isRetriable } from '../backoff.ts';
import type { ConsumeOptions, Consumer } from '../port.ts';
import { quota } from './share.ts';
import type { Claim, LocalStore } from './store.ts';
import { refKey } from './store.ts';
import type { WorkerContext } from './worker.ts';
import { PartitionWorker } from './worker.ts';

export interface ConsumerHooks {
  /** Another member of this group may act now: somebody came, went or gave a partition back. */
  onMembership(): void;
  onEnd(): void;
}

/** One member of a group: claims its share of the partitions and works on each. */
export class LocalConsumer implements Consumer {
  readonly done: Promise<void>;
  readonly group: string;
  readonly #store: LocalStore;
  readonly #options: ConsumeOptions;
  readonly #hooks: ConsumerHooks;
  readonly #context: WorkerContext;
  readonly #member: string;
  readonly #running = new Map<PartitionWorker, Promise<void>>();
  #pauses = 0;
  #ending = false;
  #settle: { resolve(): void; reject(error: unknown): void };

  constructor(
    store: LocalStore,
    options: ConsumeOptions,
    place: WorkerContext['place'],
    hooks: ConsumerHooks,
  ) {
    this.group = options.group;
    this.#store = store;
    this.#options = options;
    this.#hooks = hooks;
    this.#context = { store, options, place, isPaused: () => this.#pauses > 0 };
    this.#member = memberId();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.done = promise;
    this.#settle = { resolve, reject };
    // Whoever looks at `done` hears of an error; a process does not die of one that nobody reads.
    promise.catch(() => undefined);
    this.tick();
    hooks.onMembership();
  }

  /** Compares what it holds with its share: gives back what is too much, claims what is free. */
  tick(): void {
    if (this.#ending) return;
    try {
      this.#balance();
    } catch (error) {
      // Busy now: the next tick looks again.
      if (!isRetriable(error)) void this.#end({ error });
    }
  }

  wake(changed: ReadonlySet<string> | undefined): void {
    for (const worker of this.#running.keys()) {
      const { topic, partition } = worker.claim;
      if (changed === undefined || changed.has(refKey(topic, partition))) worker.wake();
    }
  }

  async stop(): Promise<void> {
    await this.#end(undefined);
  }

  pause(): () => void {
    this.#pauses += 1;
    let paused = true;
    return () => {
      if (!paused) return;
      paused = false;
      this.#pauses -= 1;
      this.wake(undefined);
    };
  }

  async lag(): Promise<number> {
    let lag = 0;
    for (const topic of this.#options.topics) {
      const positions = this.#store.positions(this.group, topic);
      for (let partition = 0; partition < this.#store.topic(topic)!.partitions; partition++) {
        const { begin, end } = this.#store.extent({ topic, partition });
        lag += end - Math.max(begin, positions.get(partition) ?? this.#initial(begin, end));
      }
    }
    return lag;
  }

  #initial(begin: number, end: number): number {
    return this.#options.from === 'latest' ? end : begin;
  }

  #balance(): void {
    let view = this.#store.view(this.group);
    if (!view.members.some(({ id }) => id === this.#member)) {
      // New here, or this process stood still for so long that the others gave it up.
      this.#store.join(this.group, this.#member, this.#options.topics);
      view = this.#store.view(this.group);
    }
    for (const { claim } of this.#live()) {
      if (!view.claims.some((other) => sameClaim(other, claim))) this.#find(claim)?.lose();
    }
    for (const claim of view.claims) {
      // A claim whose release failed: the file was busy then.
      if (claim.member === this.#member && !this.#holds(claim)) void this.#release(claim);
    }
    const taken = new Set(view.claims.map(({ topic, partition }) => refKey(topic, partition)));
    for (const [index, topic] of [...this.#options.topics].sort().entries()) {
      const partitions = this.#store.topic(topic)!.partitions;
      const members = view.members.filter((m) => m.topics.includes(topic)).map(({ id }) => id);
      const share = quota(this.#member, members, partitions, index);
      const mine = this.#live().filter(({ claim }) => claim.topic === topic);
      mine.sort((a, b) => a.claim.partition - b.claim.partition);
      for (const worker of mine.slice(share)) worker.stop();
      let room = share - mine.length;
      for (let partition = 0; partition < partitions && room > 0; partition++) {
        if (taken.has(refKey(topic, partition))) continue;
        const { begin, end } = this.#store.extent({ topic, partition });
        const initial = this.#initial(begin, end);
        const claim = this.#store.claim(this.group, this.#member, { topic, partition }, initial);
        if (claim === undefined) continue;
        room -= 1;
        this.#start(new PartitionWorker(claim, this.#context));
      }
    }
  }

  #live(): PartitionWorker[] {
    return [...this.#running.keys()].filter((worker) => !worker.ending);
  }

  #holds(claim: Claim): boolean {
    return [...this.#running.keys()].some((worker) => sameClaim(worker.claim, claim));
  }

  #find(claim: Claim): PartitionWorker | undefined {
    return this.#live().find((worker) => sameClaim(worker.claim, claim));
  }

  #start(worker: PartitionWorker): void {
    const run = async () => {
      // Not in the caller's turn: `open` is foreign code and may take its time.
      await Promise.resolve();
      let failure: unknown;
      let failed = false;
      try {
        await worker.run();
      } catch (error) {
        failed = true;
        failure = error;
      }
      await this.#release(worker.claim);
      this.#running.delete(worker);
      if (failed) void this.#end({ error: failure });
      else this.#hooks.onMembership();
    };
    this.#running.set(worker, run());
  }

  async #release(claim: Claim): Promise<void> {
    // When it fails, a later tick sees the claim again.
    await this.#store.release(claim).catch(() => undefined);
  }

  async #end(failure: { error: unknown } | undefined): Promise<void> {
    if (!this.#ending) {
      this.#ending = true;
      void this.#finish(failure);
    }
    await this.done.catch(() => undefined);
  }

  async #finish(failure: { error: unknown } | undefined): Promise<void> {
    for (const worker of this.#running.keys()) worker.stop();
    await Promise.all(this.#running.values());
    await this.#store.leave(this.group, this.#member).catch(() => undefined);
    this.#hooks.onEnd();
    this.#hooks.onMembership();
    if (failure === undefined) this.#settle.resolve();
    else this.#settle.reject(failure.error);
  }
}

function sameClaim(a: Claim, b: Claim): boolean {
  return (
    a.member === b.member &&
    a.epoch === b.epoch &&
    a.topic === b.topic &&
    a.partition === b.partition
  );
}

/** Sorts by the time of joining, so that who came first keeps what it has. */
function memberId(): string {
  const time = Date.now().toString(36).padStart(9, '0');
  return `${time}-${process.pid}-${crypto.randomUUID().slice(0, 8)}`;
}
