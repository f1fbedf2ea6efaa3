import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** What the checks look at, after merging the YAML anchors and filling in the defaults. */
export type ComposeService = {
  image: string;
  build?: unknown;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; disable?: boolean };
  restart?: string;
  deploy?: { resources?: { limits?: { cpus?: string; memory?: string } } };
};
export type ComposeFile = {
  services: Record<string, ComposeService>;
  volumes: Record<string, unknown>;
};

/** Reads a compose file as `docker compose` does: anchors merged, `${NAME:-default}` filled in. */
export function readCompose(file: string, env: Record<string, string> = {}): ComposeFile {
  const tree = parse(readFileSync(file, 'utf8'), { merge: true });
  return interpolate(tree, env) as ComposeFile;
}

function interpolate(value: unknown, env: Record<string, string>): unknown {
  if (typeof value === 'string') return interpolateText(value, env);
  if (Array.isArray(value)) return value.map((item) => interpolate(item, env));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, interpolate(item, env)]),
  );
}

function interpolateText(text: string, env: Record<string, string>): string {
  return text.replaceAll(
    /\$(?:\$|\{(\w+)(?::-([^}]*))?\})/g,
    (whole, name?: string, fallback?: string) => {
      if (whole === '$$') return '$';
      return env[name ?? ''] || (fallback ?? '');
    },
  );
}
