import type { KeyObject } from 'node:crypto';
import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import type { SourceState } from '../source-state.ts';

const dayMs = 24 * 60 * 60 * 1000;
const prefix = 'reports/daily-salt/';

/** Turns a reporter's address into a voice that holds for one UTC day. */
export interface DailyVoices {
  voiceOf(reporterKey: string): string;
  /** Makes the salts of today and tomorrow, takes those that others made, forgets the past. */
  refresh(): Promise<void>;
}

/**
 * The key of a day is made of a secret, which the log never holds, and of a random salt, which the
 * log holds for that day only. Once the salt is forgotten nobody can tell again which address a
 * voice was, not even with the secret. Tomorrow's salt is made ahead, so that all processes agree
 * on it before it counts.
 */
export function createDailyVoices(options: {
  secret: string | Uint8Array;
  state: SourceState;
  now(): number;
}): DailyVoices {
  const { secret, state, now } = options;
  const keys = new Map<string, KeyObject>();
  const today = () => dayOf(now());

  function keyOf(day: string, salt: string): KeyObject {
    const hmac = createHmac('sha256', secret).update('reporters of ').update(salt).update(day);
    // A prepared key saves the half of what a short HMAC costs.
    return createSecretKey(hmac.digest());
  }

  return {
    voiceOf(reporterKey) {
      const day = today();
      let key = keys.get(day);
      if (key === undefined) {
        // The log could not be reached in time: a key of our own keeps the door open.
        key = keyOf(day, randomBytes(32).toString('base64url'));
        keys.set(day, key);
      }
      return createHmac('sha256', key)
        .update(reporterKey)
        .digest()
        .subarray(0, 16)
        .toString('base64url');
    },
    async refresh() {
      const wanted = [today(), dayOf(now() + dayMs)];
      let salts = await state.loadAll(prefix);
      for (const day of wanted) {
        if (!salts.has(prefix + day))
          await state.save(prefix + day, randomBytes(32).toString('base64url'));
      }
      // Of two processes that made one at the same time the later in the log counts for both.
      salts = await state.loadAll(prefix);
      for (const [name, salt] of salts) {
        const day = name.slice(prefix.length);
        if (wanted.includes(day)) keys.set(day, keyOf(day, salt));
        else if (day < wanted[0]!) await state.forget(name);
      }
      for (const day of keys.keys()) if (!wanted.includes(day)) keys.delete(day);
    },
  };
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
