// Puts the Outcry data views, searches and dashboard into a Kibana:
//
//   node infra/kibana/import.ts --url http://127.0.0.1:5601 [--space NAME] [--prefix outcry]
//
// An API key is read from KIBANA_API_KEY.
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

export interface KibanaImportOptions {
  /** Of Kibana, with its base path if it has one. */
  url: string;
  /** Absent = the default space. */
  space?: string;
  apiKey?: string;
  /** The prefix of the Elasticsearch indices, when it is not `outcry`. */
  prefix?: string;
  /** How long to wait for Kibana to become available, milliseconds. Default 3 minutes. */
  timeoutMs?: number;
  /** Between two looks at Kibana, milliseconds. Default 2 seconds. */
  pollMs?: number;
  onProgress?: (line: string) => void;
}

/** Kibana is not there, or did not take the objects; the message says which and why. */
export class KibanaImportError extends Error {
  /** Whether it may succeed later with nothing changed. */
  readonly retriable: boolean;

  constructor(message: string, options: { retriable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'KibanaImportError';
    this.retriable = options.retriable;
  }
}

const ndjsonFile = new URL('./outcry.ndjson', import.meta.url);
const requestTimeoutMs = 60_000;

/**
 * Waits until Kibana is available and imports our objects, over those of an import before.
 *
 * @returns how many objects Kibana holds now
 * @throws KibanaImportError
 */
export async function importKibanaObjects(
  options: KibanaImportOptions,
): Promise<{ imported: number }> {
  const { space, prefix = 'outcry', onProgress = () => {} } = options;
  if (space !== undefined && !/^[a-z0-9_-]+$/.test(space))
    throw new KibanaImportError(`${JSON.stringify(space)} is no name of a space`, {
      retriable: false,
    });
  await untilAvailable(options);
  onProgress('Kibana is available; importing');
  const form = new FormData();
  const ndjson = withPrefix(await readFile(ndjsonFile, 'utf8'), prefix);
  form.append('file', new Blob([ndjson], { type: 'application/ndjson' }), 'outcry.ndjson');
  const path = `${space === undefined ? '' : `/s/${space}`}/api/saved_objects/_import`;
  const response = await request(options, `${path}?overwrite=true`, { method: 'POST', body: form });
  const imported = await readAnswer(response, options);
  onProgress(`${imported} objects imported`);
  return { imported };
}

interface ImportAnswer {
  success?: boolean;
  successCount?: number;
  errors?: {
    type: string;
    id: string;
    error: { type: string; message?: string; references?: { type: string; id: string }[] };
  }[];
  message?: string;
}

async function readAnswer(response: Response, options: KibanaImportOptions): Promise<number> {
  const text = await response.text();
  const answer = parseAnswer(text);
  if (response.status === 401 || response.status === 403)
    throw failure(`refuses the credentials (${response.status}): set KIBANA_API_KEY`);
  if (response.status === 404 && options.space !== undefined)
    throw failure(`has no space named ${options.space}`);
  if (!response.ok)
    throw failure(`answered ${response.status}: ${answer.message ?? text.slice(0, 500)}`, {
      retriable: response.status >= 500 || response.status === 429,
    });
  // The status is 200 even when nothing was written: only this field tells.
  if (answer.success !== true)
    throw failure(`took nothing: ${describeErrors(answer) || text.slice(0, 500)}`);
  return answer.successCount ?? 0;

  function failure(what: string, { retriable } = { retriable: false }): KibanaImportError {
    return new KibanaImportError(`Kibana at ${options.url} ${what}`, { retriable });
  }
}

function parseAnswer(text: string): ImportAnswer {
  try {
    return JSON.parse(text) as ImportAnswer;
  } catch {
    return {};
  }
}

function describeErrors({ errors = [] }: ImportAnswer): string {
  return errors
    .map(({ type, id, error }) => {
      const missing = (error.references ?? []).map(
        (reference) => `${reference.type} ${reference.id}`,
      );
      const detail = [error.message, ...missing].filter((part) => part !== undefined).join(', ');
      return `${type} ${id}: ${error.type}${detail === '' ? '' : ` (${detail})`}`;
    })
    .join('; ');
}

async function untilAvailable(options: KibanaImportOptions): Promise<void> {
  const { timeoutMs = 180_000, pollMs = 2_000, onProgress = () => {} } = options;
  const deadline = Date.now() + timeoutMs;
  let said = '';
  for (;;) {
    const state = await readState(options);
    if (state === 'available') return;
    if (state !== said) onProgress(`waiting for Kibana at ${options.url}: ${state}`);
    said = state;
    if (Date.now() + pollMs > deadline)
      throw new KibanaImportError(
        `Kibana at ${options.url} did not become available in ${Math.round(timeoutMs / 1000)} s: ${state}`,
        { retriable: true },
      );
    await sleep(pollMs);
  }
}

/** What Kibana says of itself, or why it says nothing. */
async function readState(options: KibanaImportOptions): Promise<string> {
  let response: Response;
  try {
    response = await request(options, '/api/status');
  } catch (error) {
    const { cause } = error as { cause?: { cause?: { code?: string } } };
    return `no answer (${cause?.cause?.code ?? (error as Error).message})`;
  }
  const text = await response.text();
  // Kibana guards its status where it guards all else: then it is up, and the import will tell more.
  if (response.status === 401 || response.status === 403) return 'available';
  try {
    const { status } = JSON.parse(text) as { status?: { overall?: { level?: string } } };
    return status?.overall?.level ?? `answered ${response.status}`;
  } catch {
    // While it starts it says so in plain text.
    return `answered ${response.status}: ${text.slice(0, 80).trim()}`;
  }
}

async function request(
  options: KibanaImportOptions,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const headers: Record<string, string> = { 'kbn-xsrf': 'true' };
  if (options.apiKey !== undefined) headers.authorization = `ApiKey ${options.apiKey}`;
  const url = `${options.url.replace(/\/+$/, '')}${path}`;
  try {
    return await fetch(url, { ...init, headers, signal: AbortSignal.timeout(requestTimeoutMs) });
  } catch (error) {
    throw new KibanaImportError(`Kibana at ${options.url} cannot be reached`, {
      retriable: true,
      cause: error,
    });
  }
}

/** Points the data views at indices of another prefix; ids stay, so links and panels do too. */
function withPrefix(ndjson: string, prefix: string): string {
  if (prefix === 'outcry') return ndjson;
  return ndjson
    .trimEnd()
    .split('\n')
    .map((line) => {
      const object = JSON.parse(line) as { type: string; attributes: { title?: string } };
      if (object.type === 'index-pattern')
        object.attributes.title = object.attributes.title!.replace(/^outcry-/, `${prefix}-`);
      return `${JSON.stringify(object)}\n`;
    })
    .join('');
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: process.env.KIBANA_URL || 'http://127.0.0.1:5601' },
      space: { type: 'string' },
      prefix: { type: 'string', default: 'outcry' },
    },
  });
  const apiKey = process.env.KIBANA_API_KEY || undefined;
  try {
    await importKibanaObjects({
      url: values.url,
      prefix: values.prefix,
      ...(values.space === undefined ? {} : { space: values.space }),
      ...(apiKey === undefined ? {} : { apiKey }),
      onProgress: (line) => console.error(line),
    });
    console.log(`${values.url}/app/dashboards#/view/outcry-overview`);
  } catch (error) {
    if (!(error instanceof KibanaImportError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
