import { hostname } from 'node:os';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Claim, GroupView, PartitionRef } from '../local/store.ts';
import type { Durability } from './database.ts';
import { setDurability, transaction } from './database.ts';

/** A process that is not heard of for so long has lost its members. */
const leaseMs = 6000;
const renewMs = 2000;

/** Who consumes what, across the processes that have the file open. */
export class Members {
  readonly #db: DatabaseSync;
  readonly #durability: Durability;
  readonly #instance = crypto.randomUUID();
  readonly #host = hostname();
  readonly #members: StatementSync;
  readonly #claims: StatementSync;
  readonly #claimRow: StatementSync;
  readonly #member: StatementSync;
  readonly #setClaim: StatementSync;
  readonly #setPosition: StatementSync;
  readonly #join: StatementSync;
  readonly #release: StatementSync;
  readonly #joined = new Set<string>();
  #renewed = 0;

  constructor(db: DatabaseSync, durability: Durability) {
    this.#db = db;
    this.#durability = durability;
    this.#members = db.prepare('SELECT * FROM log_members WHERE consumer_group = ?');
    this.#claims = db.prepare(
      'SELECT * FROM log_claims WHERE consumer_group = ? AND member IS NOT NULL',
    );
    this.#claimRow = db.prepare(
      'SELECT member, epoch FROM log_claims WHERE consumer_group = ? AND topic = ? AND partition = ?',
    );
    this.#member = db.prepare('SELECT * FROM log_members WHERE id = ?');
    this.#setClaim = db.prepare('INSERT OR REPLACE INTO log_claims VALUES (?, ?, ?, ?, ?)');
    this.#setPosition = db.prepare('INSERT OR IGNORE INTO log_positions VALUES (?, ?, ?, ?)');
    this.#join = db.prepare('INSERT OR REPLACE INTO log_members VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.#release = db.prepare(
      `UPDATE log_claims SET member = NULL
       WHERE consumer_group = ? AND topic = ? AND partition = ? AND member = ? AND epoch = ?`,
    );
  }

  /** Members of this process. */
  get joined(): number {
    return this.#joined.size;
  }

  join(group: string, member: string, topics: readonly string[]): void {
    const expires = Date.now() + leaseMs;
    const list = JSON.stringify(topics);
    this.#join.run(member, group, list, this.#instance, this.#host, process.pid, expires);
    this.#joined.add(member);
  }

  /** Inside a transaction of the caller, like `release`. */
  leave(member: string): void {
    this.#joined.delete(member);
    this.#db.prepare('UPDATE log_claims SET member = NULL WHERE member = ?').run(member);
    this.#db.prepare('DELETE FROM log_members WHERE id = ?').run(member);
  }

  view(group: string): GroupView {
    const members = this.#members.all(group).filter((row) => this.#lives(row));
    const live = new Set(members.map(({ id }) => id));
    return {
      members: members.map((row) => ({
        id: String(row.id),
        topics: JSON.parse(String(row.topics)) as string[],
      })),
      claims: this.#claims
        .all(group)
        .filter(({ member }) => live.has(member))
        .map((row) => ({
          group,
          member: String(row.member),
          topic: String(row.topic),
          partition: Number(row.partition),
          epoch: Number(row.epoch),
        })),
    };
  }

  claim(group: string, member: string, ref: PartitionRef, initial: number): Claim | undefined {
    const { topic, partition } = ref;
    return transaction(this.#db, () => {
      const held = this.#claimRow.get(group, topic, partition);
      const holder = held?.member ? this.#member.get(held.member) : undefined;
      if (holder !== undefined && this.#lives(holder)) return undefined;
      const epoch = Number(held?.epoch ?? 0) + 1;
      this.#setClaim.run(group, topic, partition, member, epoch);
      this.#setPosition.run(group, topic, partition, initial);
      return { group, member, topic, partition, epoch };
    });
  }

  /** Whether a claim still holds. Inside the transaction that relies on it. */
  holds(claim: Claim): boolean {
    const row = this.#claimRow.get(claim.group, claim.topic, claim.partition);
    return row?.member === claim.member && row.epoch === claim.epoch;
  }

  release(claim: Claim): void {
    this.#release.run(claim.group, claim.topic, claim.partition, claim.member, claim.epoch);
  }

  /** Renews the lease of all members of this process when it is due, and forgets the dead. */
  keepAlive(): void {
    const now = Date.now();
    if (this.#joined.size === 0 || now - this.#renewed < renewMs) return;
    // A lease need not survive a power cut, so the disk is not made to sync for it.
    setDurability(this.#db, 'normal');
    try {
      transaction(this.#db, () => {
        this.#db
          .prepare('UPDATE log_members SET expires = ? WHERE instance = ?')
          .run(now + leaseMs, this.#instance);
        this.#db.prepare('DELETE FROM log_members WHERE expires < ?').run(now - leaseMs);
      });
      this.#renewed = now;
    } finally {
      setDurability(this.#db, this.#durability);
    }
  }

  #lives(row: Record<string, unknown>): boolean {
    if (row.instance === this.#instance) return this.#joined.has(String(row.id));
    if (Number(row.expires) < Date.now()) return false;
    // On the same machine a killed process is known at once.
    return row.host !== this.#host || isRunning(Number(row.pid));
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
