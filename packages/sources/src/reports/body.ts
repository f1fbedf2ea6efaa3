import type { Catalog } from '@outcry/catalog';
import { errorType, platform, targetId } from '@outcry/contracts';
import { z } from 'zod';

export const mostTextLength = 2_000;

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** Control characters have no place in what people write; line ends and tabs may stay. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to remove.
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

function words(most: number) {
  return z
    .string()
    .max(most, `wants at most ${most} characters`)
    .transform((text) => text.toWellFormed().replace(controls, '').trim());
}

const country = z
  .string()
  .regex(/^[A-Za-z]{2}$/, 'wants ISO 3166-1 alpha-2: SE')
  .transform((code) => code.toUpperCase())
  .refine((code) => regions.of(code) !== undefined, 'is no country of ISO 3166-1');

const subdivision = z
  .string()
  .transform((code) => code.toUpperCase())
  .pipe(z.string().regex(/^[A-Z]{2}-[A-Z0-9]{1,3}$/, 'wants ISO 3166-2: US-CA'));

/** What a report may say. Unknown fields are refused, so a misspelt one does not vanish. */
export const reportBody = z
  .strictObject({
    target: targetId,
    type: errorType,
    text: words(mostTextLength).optional(),
    country: country.optional(),
    subdivision: subdivision.optional(),
    city: words(128).optional(),
    /** IANA name: a browser knows it where it knows no country. */
    timeZone: words(64).optional(),
    platform: platform.optional(),
    lang: z
      .string()
      .regex(/^[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*$/, 'wants a language such as en or pt-BR')
      .max(35)
      .optional(),
  })
  .refine(
    ({ country, subdivision }) =>
      country === undefined || subdivision === undefined || subdivision.startsWith(`${country}-`),
    { path: ['subdivision'], message: 'lies in another country' },
  );
export type ReportBody = z.infer<typeof reportBody>;

export interface FieldProblem {
  /** Empty for the body as a whole. */
  field: string;
  message: string;
}

/** Reads a parsed body against the schema and the catalog, with everything that is wrong with it. */
export function readBody(
  raw: unknown,
  catalog: Pick<Catalog, 'byId'>,
): { ok: true; body: ReportBody } | { ok: false; problems: FieldProblem[] } {
  const parsed = reportBody.safeParse(raw);
  const problems = parsed.success
    ? []
    : parsed.error.issues.slice(0, 50).map(({ path, message }) => ({
        field: path.map(String).join('.').slice(0, 200),
        message: message.slice(0, 500),
      }));
  const target = (raw as { target?: unknown } | null | undefined)?.target;
  if (typeof target === 'string' && !problems.some(({ field }) => field === 'target')) {
    if (!catalog.byId.has(target))
      problems.push({ field: 'target', message: 'is not watched; GET /v1/targets lists what is' });
  }
  return problems.length === 0 && parsed.success
    ? { ok: true, body: parsed.data }
    : { ok: false, problems };
}
