import { detectInput } from '@outcry/detection';
import { z } from 'zod';

/** Fields that hold times. */
const times = ['occurredAt', 'observedAt', 'through', 'since'] as const;
/** Fields that are names of something, where a number will do. */
const names = ['id', 'recordId', 'voice', 'cluster', 'source'] as const;

/**
 * What the pipe takes of other people's signals beyond the contract: times in any common form, numbers
 * as names, countries as codes or as `classify` writes them, a heartbeat that leaves out that it sees.
 */
export const lenientDetectInput = z.preprocess((value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const record: Record<string, unknown> = { ...value };
  for (const field of times) if (field in record) record[field] = toInstant(record[field]);
  for (const field of names) {
    if (typeof record[field] === 'number') record[field] = String(record[field]);
  }
  if (Array.isArray(record.countries)) {
    record.countries = record.countries.map((country) => country?.code ?? country);
  }
  if (record.kind === 'heartbeat' && record.state === undefined) record.state = 'seeing';
  if (typeof record.target === 'string') record.target = toTargetId(record.target);
  // Absent is absent, however it is written.
  return Object.fromEntries(
    Object.entries(record).filter(
      ([key, it]) => key === 'target' || (it !== null && it !== undefined),
    ),
  );
}, detectInput);

/** ISO 8601 of any kind, or epoch milliseconds, as the one form that the contracts know. */
function toInstant(value: unknown): unknown {
  const time =
    typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) || Math.abs(time) > 8.64e15 ? value : new Date(time).toISOString();
}

/** `Disney Plus` → `disney-plus`. */
function toTargetId(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
}
