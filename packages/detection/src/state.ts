import { describeIssues } from '@outcry/contracts';
import type { z } from 'zod';
import { rulesVersion } from './version.ts';

/** Our own state cannot be read. The process must stop: going on would invent or forget outages. */
export class CorruptStateError extends Error {
  readonly key: string;

  constructor(key: string, detail: string) {
    super(`The detection state under "${key}" cannot be read: ${detail}`);
    this.name = 'CorruptStateError';
    this.key = key;
  }
}

/** Reads one value of the state against its form, or throws `CorruptStateError`. */
export function readState<T>(schema: z.ZodType<T>, key: string, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new CorruptStateError(key, describeIssues(result.error));
}

/** A state written by other rules would give other outages; it is refused rather than guessed at. */
export function requireRules(key: string, rules: string): void {
  if (rules !== rulesVersion) {
    throw new CorruptStateError(key, `written by rules ${rules}, this is ${rulesVersion}`);
  }
}

/** A key of the state that this version does not know. */
export function unknownKey(key: string): never {
  throw new CorruptStateError(key, 'no such key in this version');
}
