import type { z } from 'zod';

/** Why bytes are not a record of a topic: `not-utf8`, `not-json` or `schema`. */
export interface DecodeFailure {
  ok: false;
  reason: 'empty' | 'not-utf8' | 'not-json' | 'schema';
  detail: string;
}
export type Decoded<T> = { ok: true; value: T } | DecodeFailure;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** JSON text as bytes. */
export function encode(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** Reads a record's bytes against a schema. Never throws: what the log holds is untrusted input. */
export function decode<T>(schema: z.ZodType<T>, bytes: Uint8Array | null): Decoded<T> {
  if (bytes === null) return { ok: false, reason: 'empty', detail: 'the record has no value' };
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { ok: false, reason: 'not-utf8', detail: 'the bytes are not UTF-8' };
  }
  return decodeText(schema, text);
}

/** The same for a line of text, as the pipes read them. */
export function decodeText<T>(schema: z.ZodType<T>, text: string): Decoded<T> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    return {
      ok: false,
      reason: 'not-json',
      detail: error instanceof Error ? error.message : String(error),
    };
  }
  const result = schema.safeParse(raw);
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, reason: 'schema', detail: describeIssues(result.error) };
}

/** One line for all that a schema has against a value: `text: too long; voice: missing`. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .map((issue) => `${issue.path.length === 0 ? 'value' : issue.path.join('.')}: ${issue.message}`)
    .join('; ')
    .slice(0, 4_000);
}
