import { z } from 'zod';

/** One setting of the environment. */
export interface Setting<T> {
  /** Reads the text of the variable; an absent one is `undefined`. */
  schema: z.ZodType<T, string | undefined>;
  /** One line for `--help`. */
  help: string;
  /** As shown in `--help`; nothing when it has none. */
  fallback?: string;
  /** Never shown in logs, errors or `--help`. */
  secret?: boolean;
}
// biome-ignore lint/suspicious/noExplicitAny: the value types differ from setting to setting.
export type Settings = Record<string, Setting<any>>;
export type Values<S extends Settings> = {
  readonly [Name in keyof S]: S[Name] extends Setting<infer T> ? T : never;
};

/** Every problem of a configuration at once. */
export class ConfigError extends Error {
  readonly code = 'config';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `the configuration has ${problems.length} problem(s):\n${problems.map((p) => `  ${p}`).join('\n')}`,
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * Reads the settings once. An empty variable counts as absent, as compose files write it.
 *
 * @throws ConfigError that names every bad setting
 */
export function readSettings<S extends Settings>(
  settings: S,
  env: Readonly<Record<string, string | undefined>>,
): Values<S> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings)) {
    const raw = env[name];
    const text = raw === undefined || raw.trim() === '' ? undefined : raw.trim();
    const result = setting.schema.safeParse(text);
    if (result.success) values[name] = result.data;
    else {
      const shown =
        setting.secret === true || text === undefined
          ? ''
          : ` (it is ${JSON.stringify(text.slice(0, 80))})`;
      problems.push(
        `${name}: ${result.error.issues.map((issue) => issue.message).join('; ')}${shown}`,
      );
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return values as Values<S>;
}

/** A table of settings for `--help`. */
export function describeSettings(settings: Settings): string {
  const rows = Object.entries(settings).map(([name, setting]) => {
    const fallback = setting.fallback === undefined ? '' : ` (default ${setting.fallback})`;
    return `  ${name.padEnd(28)} ${setting.help}${fallback}`;
  });
  return rows.join('\n');
}

/** Text, with a default or required. */
export function text(help: string, fallback?: string): Setting<string> {
  const schema =
    fallback === undefined
      ? z.string({ error: 'is required' })
      : z
          .string()
          .optional()
          .transform((value) => value ?? fallback);
  return fallback === undefined ? { schema, help } : { schema, help, fallback };
}

export function optionalText(help: string): Setting<string | undefined> {
  return { schema: z.string().optional(), help };
}

export function secret(help: string): Setting<string | undefined> {
  return {
    schema: z.string().min(16, 'wants at least 16 characters').optional(),
    help,
    secret: true,
  };
}

export function integer(
  help: string,
  fallback: number,
  { min = 0, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {},
): Setting<number> {
  return {
    schema: z
      .string()
      .optional()
      .transform((value) => (value === undefined ? fallback : Number(value)))
      .refine((value) => Number.isInteger(value) && value >= min && value <= max, {
        message: `wants a whole number from ${min} to ${max}`,
      }),
    help,
    fallback: String(fallback),
  };
}

export function port(help: string, fallback: number): Setting<number> {
  return integer(help, fallback, { min: 0, max: 65_535 });
}

export function choice<const Options extends readonly [string, ...string[]]>(
  help: string,
  options: Options,
  fallback: Options[number],
): Setting<Options[number]> {
  return {
    schema: z
      .string()
      .optional()
      .transform((value) => value ?? fallback)
      .pipe(z.enum(options, { error: `wants one of ${options.join(', ')}` })),
    help: `${help}: ${options.join(', ')}`,
    fallback,
  };
}

export function flag(help: string, fallback: boolean): Setting<boolean> {
  return {
    schema: z
      .string()
      .optional()
      .transform((value) => value ?? String(fallback))
      .pipe(z.enum(['true', 'false'], { error: 'wants true or false' }))
      .transform((value) => value === 'true'),
    help,
    fallback: String(fallback),
  };
}

/** Parts separated by commas; empty ones are left out. */
export function list(help: string, fallback: readonly string[] = []): Setting<readonly string[]> {
  const setting: Setting<readonly string[]> = {
    schema: z
      .string()
      .optional()
      .transform((value) =>
        value === undefined
          ? fallback
          : value
              .split(',')
              .map((part) => part.trim())
              .filter((part) => part !== ''),
      ),
    help,
  };
  return fallback.length === 0 ? setting : { ...setting, fallback: fallback.join(',') };
}

export function optionalUrl(help: string): Setting<string | undefined> {
  return {
    schema: z.url({ protocol: /^https?$/, error: 'wants an http or https address' }).optional(),
    help,
  };
}
