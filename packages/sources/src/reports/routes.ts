import { randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import type { Catalog } from '@outcry/catalog';
import type { Report } from '@outcry/contracts';
import { platforms } from '@outcry/contracts';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { primaryLanguage, toInstant } from '../times.ts';
import { clientAddress, networkKey, reporterKey, trustedProxies } from './address.ts';
import type { ReportBody } from './body.ts';
import { mostTextLength, readBody, reportBody } from './body.ts';
import type { CountryOf } from './country.ts';
import type { ReportDoor } from './door.ts';
import { problemOfError, sendProblem } from './problem.ts';
import { createRepeats } from './repeats.ts';

export interface ReportRoutesOptions {
  door: ReportDoor;
  catalog: Pick<Catalog, 'byId' | 'targets' | 'version'>;
  /** The voice of a reporter, from what `reporterKey` makes of an address. */
  voiceOf(reporterKey: string): string;
  countryOf: CountryOf;
  /** Addresses and CIDR blocks whose X-Forwarded-For is believed. Default none. */
  trustedProxies?: readonly string[];
  /** Origins whose pages may report; `*` for all. Default `*`: there are no cookies to abuse. */
  origins?: readonly string[];
  /** Reports in one minute. Default 20 of a voice and 2,000 of a network. */
  perMinute?: { voice: number; network: number };
  /** Default 16 KiB. */
  bodyLimit?: number;
}

const minuteMs = 60_000;
const utf8 = new TextDecoder('utf-8', { fatal: true });

class BodyRefused extends Error {
  readonly statusCode = 400;
}

/**
 * `POST /v1/reports`, `GET /v1/targets` and `GET /v1/report-form`, to be registered in any server.
 * An address lives only as long as its request: it becomes a country and a voice, and is never
 * stored or logged.
 */
export function reportRoutes(options: ReportRoutesOptions): FastifyPluginAsync {
  const { door, catalog, countryOf } = options;
  const proxies = trustedProxies(options.trustedProxies ?? []);
  const perMinute = options.perMinute ?? { voice: 20, network: 2_000 };
  const bodyLimit = options.bodyLimit ?? 16 * 1024;
  const repeats = createRepeats();
  const targets = targetList(catalog);
  const form = formData(catalog);

  return async function routes(app) {
    // A request's line would hold the address: these routes write none, whatever the server's level.
    app.addHook('onRoute', (route) => {
      route.logLevel = 'silent';
    });
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer', bodyLimit },
      (_, body, done) => done(null, body),
    );
    app.setErrorHandler((error, _request, reply) => {
      const problem = problemOfError(error);
      if (problem.status === 503) reply.header('retry-after', '5');
      return sendProblem(reply, problem);
    });
    await app.register(cors, {
      origin: options.origins === undefined ? '*' : [...options.origins],
      methods: ['GET', 'POST'],
      allowedHeaders: ['content-type', 'idempotency-key'],
      exposedHeaders: ['retry-after', 'idempotency-replayed'],
      maxAge: 86_400,
    });
    await app.register(rateLimit, { global: false, cache: 50_000 });
    const voiceLimit = limit(perMinute.voice, (client) => `voice ${client.voice}`);
    const networkLimit = limit(perMinute.network, (client) => `network ${client.network}`);

    function limit(max: number, keyOf: (client: Client) => string) {
      const check = app.createRateLimit({
        max,
        timeWindow: minuteMs,
        keyGenerator: (request) => keyOf(clients.get(request)!),
      });
      return check;
    }

    app.post(
      '/v1/reports',
      {
        bodyLimit,
        schema: { summary: 'Report a problem with a watched service', body: reportBody },
        // The body is read below: strictly as UTF-8, and with all that is wrong told at once.
        validatorCompiler: () => (value) => ({ value }),
      },
      async (request, reply) => {
        const client = clientOf(request);
        clients.set(request, client);
        for (const check of [networkLimit, voiceLimit]) {
          const outcome = await check(request);
          if (!outcome.isAllowed && outcome.isExceeded) return tooMany(reply, outcome.ttlInSeconds);
        }
        return accept(request, reply, client);
      },
    );

    app.get('/v1/targets', { schema: { summary: 'What is watched' } }, (request, reply) =>
      cacheable(request, reply, targets),
    );
    app.get(
      '/v1/report-form',
      { schema: { summary: 'What a report form may offer' } },
      (request, reply) => cacheable(request, reply, form),
    );
  };

  function clientOf(request: FastifyRequest): Client {
    const forwarded = request.headers['x-forwarded-for'];
    const address = clientAddress(
      request.raw.socket.remoteAddress ?? '',
      Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
      proxies,
    );
    return {
      voice: options.voiceOf(reporterKey(address)),
      network: networkKey(address),
      country: countryOf(address),
    };
  }

  async function accept(
    request: FastifyRequest,
    reply: FastifyReply,
    client: Client,
  ): Promise<FastifyReply> {
    const bytes = request.body as Buffer | undefined;
    const read = readBody(parse(bytes), catalog);
    if (!read.ok)
      return sendProblem(reply, {
        status: 422,
        title: 'The report does not fit',
        problems: read.problems,
      });
    const key = request.headers['idempotency-key'];
    if (key === undefined) {
      const id = randomUUID();
      await door.take(reportOf(id, read.body, client));
      return accepted(reply, id);
    }
    if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key))
      return sendProblem(reply, {
        status: 400,
        title: 'The idempotency key does not fit',
        detail: 'wants 1 to 255 visible ASCII characters',
      });
    let outcome: Promise<void> | undefined;
    const begun = repeats.begin(client.voice, key, bytes ?? new Uint8Array(), (id) => {
      outcome = door.take(reportOf(id, read.body, client));
      return outcome;
    });
    if (begun.kind === 'conflict')
      return sendProblem(reply, {
        status: 409,
        title: 'The idempotency key was used for another report',
      });
    await (begun.kind === 'repeat' ? begun.outcome : outcome);
    if (begun.kind === 'repeat') reply.header('idempotency-replayed', 'true');
    return accepted(reply, begun.id);
  }

  function reportOf(id: string, body: ReportBody, client: Client): Report {
    const at = toInstant(door.now());
    const source = door.source.name;
    const lang = primaryLanguage(body.lang);
    // What people say of where they are is better than what their address says.
    const told = body.country ?? body.subdivision?.slice(0, 2);
    const country = told ?? client.country;
    return {
      kind: 'report',
      id: `${source}:${id}`,
      source,
      target: body.target,
      type: body.type,
      occurredAt: at,
      observedAt: at,
      voice: client.voice,
      ...(body.text ? { text: body.text } : {}),
      ...(lang === undefined ? {} : { lang }),
      ...(country === undefined ? {} : { country }),
      ...(body.subdivision === undefined ? {} : { subdivision: body.subdivision }),
      ...(body.city ? { city: body.city } : {}),
      ...(body.timeZone ? { timeZone: body.timeZone } : {}),
      ...(body.platform === undefined ? {} : { platform: body.platform }),
    };
  }

  function cacheable(request: FastifyRequest, reply: FastifyReply, data: object): FastifyReply {
    const etag = `"${catalog.version}"`;
    reply.header('etag', etag).header('cache-control', 'public, max-age=300');
    if (request.headers['if-none-match'] === etag) return reply.status(304).send();
    return reply.send(data);
  }
}

interface Client {
  voice: string;
  /** For the limit only: it stays in this process's memory for a minute. */
  network: string;
  country: string | undefined;
}

/** What was found out about who asks, for the limits; it goes with the request. */
const clients = new WeakMap<FastifyRequest, Client>();

function parse(bytes: Buffer | undefined): unknown {
  if (bytes === undefined || bytes.length === 0) throw new BodyRefused('The body is empty');
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new BodyRefused('The body is not UTF-8');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new BodyRefused('The body is not JSON');
  }
}

function accepted(reply: FastifyReply, id: string): FastifyReply {
  return reply.status(202).send({ id });
}

function tooMany(reply: FastifyReply, seconds: number): FastifyReply {
  reply.header('retry-after', String(Math.max(1, seconds)));
  return sendProblem(reply, { status: 429, title: 'Too many reports, try again later' });
}

function targetList(catalog: Pick<Catalog, 'targets'>): object {
  return {
    targets: catalog.targets.map(({ id, name, kind, problems, countries }) => ({
      id,
      name,
      kind,
      countries,
      problems,
    })),
  };
}

function formData(catalog: Pick<Catalog, 'targets'>): object {
  return {
    ...targetList(catalog),
    platforms,
    limits: { text: mostTextLength, city: 128 },
  };
}
