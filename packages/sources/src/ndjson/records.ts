import type { Post, Report } from '@outcry/contracts';
import {
  clampOccurredAt,
  countryCode,
  describeIssues,
  errorType,
  instant,
  platform,
  post,
  report,
  subdivisionCode,
  targetId,
} from '@outcry/contracts';
import { z } from 'zod';
import type { Beat } from '../source.ts';
import { cleanTags, primaryLanguage, toInstant } from '../times.ts';

/** ISO 8601 as people write it, or epoch milliseconds. */
const lenientTime = z.union([z.string(), z.number()]).transform((value, context) => {
  const ms = typeof value === 'number' ? value : Date.parse(value);
  if (!Number.isNaN(ms) && Math.abs(ms) <= 8.64e15) return ms;
  context.addIssue({ code: 'custom', message: 'is no time: 2025-04-16T12:20:00Z' });
  return z.NEVER;
});
const nativeId = z
  .union([z.string().min(1).max(400), z.number()])
  .transform((value) => String(value));
const upperCountry = z
  .string()
  .transform((code) => code.toUpperCase())
  .pipe(countryCode);

const shared = {
  id: nativeId.optional(),
  occurredAt: lenientTime.optional(),
  observedAt: lenientTime.optional(),
  author: nativeId.optional(),
  lang: z.string().nullish(),
  country: upperCountry.optional(),
  timeZone: z.string().max(64).nullish(),
};

const lenientPost = z.object({
  ...shared,
  kind: z.literal('post').optional(),
  text: z.string().min(1).max(20_000),
  target: targetId.nullish(),
  targets: z.array(targetId).max(16).optional(),
  tags: z.array(z.string()).optional(),
  profileLocation: z.string().max(512).nullish(),
  replyTo: nativeId.nullish(),
  bot: z.boolean().optional(),
  url: z.url().max(2_048).nullish(),
});

const lenientReport = z.object({
  ...shared,
  kind: z.literal('report'),
  target: targetId,
  type: errorType.default('general'),
  text: z.string().max(4_000).nullish(),
  subdivision: subdivisionCode.optional(),
  city: z.string().max(128).optional(),
  platform: platform.optional(),
});

/** A file may carry its own heartbeats; then its times are moved by them. */
const heartbeatLine = z.object({
  kind: z.literal('heartbeat'),
  through: instant,
  state: z.enum(['seeing', 'blind']).default('seeing'),
  since: instant.optional(),
  reason: z
    .enum(['unreachable', 'rate-limited', 'lagging', 'refused-credentials', 'stopped', 'silent'])
    .optional(),
});

export type ReadLine =
  | { kind: 'record'; record: Post | Report }
  | { kind: 'heartbeat'; beat: Beat }
  | { kind: 'bad'; reason: 'not-utf8' | 'not-json' | 'schema'; detail: string };

export interface ReadLineOptions {
  source: string;
  /** Epoch milliseconds of reading. */
  now: number;
  /** `claimed`: the times in the line are history, to be believed; `observed`: it is news. */
  times: 'claimed' | 'observed';
  /** An id for a line that has none; the same line of the same input always gets the same. */
  fallbackId(): string;
  voice(source: string, authorId: string): string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads one line: a record of the contracts as it is, or anything from which one can be made. */
export function readRecord(bytes: Uint8Array, options: ReadLineOptions): ReadLine {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { kind: 'bad', reason: 'not-utf8', detail: 'the line is not UTF-8' };
  }
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    return { kind: 'bad', reason: 'not-json', detail: String(error) };
  }
  const kind = typeof raw === 'object' && raw !== null && 'kind' in raw ? raw.kind : undefined;
  if (kind === 'heartbeat') {
    const parsed = heartbeatLine.safeParse(raw);
    if (!parsed.success) return bad(parsed.error);
    const { kind: _kind, since, reason, ...rest } = parsed.data;
    const beat: Beat = {
      ...rest,
      ...(since === undefined ? {} : { since }),
      ...(reason === undefined ? {} : { reason }),
    };
    return { kind: 'heartbeat', beat };
  }
  return kind === 'report' ? readReport(raw, options) : readPost(raw, options);
}

function readPost(raw: unknown, options: ReadLineOptions): ReadLine {
  const whole = post.safeParse(raw);
  if (whole.success) return { kind: 'record', record: whole.data };
  const parsed = lenientPost.safeParse(raw);
  if (!parsed.success) return bad(parsed.error);
  const { data } = parsed;
  const id = identify(data.id, options);
  const lang = primaryLanguage(data.lang);
  const tags = cleanTags(data.tags ?? []);
  const targets = data.targets ?? (data.target ? [data.target] : []);
  return {
    kind: 'record',
    record: {
      kind: 'post',
      id,
      source: options.source,
      text: data.text,
      ...timesOfLine(data, options),
      voice: options.voice(options.source, data.author ?? id),
      ...(lang === undefined ? {} : { lang }),
      ...(tags.length === 0 ? {} : { tags }),
      ...(data.profileLocation ? { profileLocation: data.profileLocation } : {}),
      ...(data.timeZone ? { timeZone: data.timeZone } : {}),
      ...(data.country === undefined ? {} : { country: data.country }),
      ...(targets.length === 0 ? {} : { targets }),
      ...(data.bot === undefined ? {} : { bot: data.bot }),
      ...(data.replyTo ? { replyTo: prefixed(options.source, data.replyTo) } : {}),
      ...(data.url ? { url: data.url } : {}),
    },
  };
}

function readReport(raw: unknown, options: ReadLineOptions): ReadLine {
  const whole = report.safeParse(raw);
  if (whole.success) return { kind: 'record', record: whole.data };
  const parsed = lenientReport.safeParse(raw);
  if (!parsed.success) return bad(parsed.error);
  const { data } = parsed;
  const id = identify(data.id, options);
  const lang = primaryLanguage(data.lang);
  return {
    kind: 'record',
    record: {
      kind: 'report',
      id,
      source: options.source,
      target: data.target,
      type: data.type,
      ...timesOfLine(data, options),
      voice: options.voice(options.source, data.author ?? id),
      ...(data.text ? { text: data.text } : {}),
      ...(lang === undefined ? {} : { lang }),
      ...(data.country === undefined ? {} : { country: data.country }),
      ...(data.subdivision === undefined ? {} : { subdivision: data.subdivision }),
      ...(data.city === undefined ? {} : { city: data.city }),
      ...(data.timeZone ? { timeZone: data.timeZone } : {}),
      ...(data.platform === undefined ? {} : { platform: data.platform }),
    },
  };
}

function identify(id: string | undefined, options: ReadLineOptions): string {
  return prefixed(options.source, id ?? options.fallbackId());
}

function prefixed(source: string, id: string): string {
  return id.startsWith(`${source}:`) ? id : `${source}:${id}`;
}

function timesOfLine(
  line: { occurredAt?: number | undefined; observedAt?: number | undefined },
  { now, times }: ReadLineOptions,
): { occurredAt: string; observedAt: string } {
  const history = times === 'claimed' ? (line.observedAt ?? line.occurredAt) : undefined;
  const observed = history ?? now;
  return {
    occurredAt: toInstant(clampOccurredAt(line.occurredAt ?? Number.NaN, observed)),
    observedAt: toInstant(observed),
  };
}

function bad(error: z.ZodError): ReadLine {
  return { kind: 'bad', reason: 'schema', detail: describeIssues(error) };
}
