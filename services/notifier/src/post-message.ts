import { lookup as dnsLookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import type { Message, Verdict } from '@outcry/delivery';
import { judge, signedHeaders } from '@outcry/delivery';
import ipaddr from 'ipaddr.js';

export interface PostOptions {
  url: string;
  secrets: readonly string[];
  message: Message;
  timeoutMs: number;
  /** Whether loopback and private addresses may be called. */
  allowPrivate: boolean;
}

/** Makes one attempt. Never throws: whatever goes wrong is a reason to try again. */
export async function postMessage(options: PostOptions): Promise<Verdict> {
  try {
    const { status, retryAfter } = await send(options);
    return judge(status, retryAfter, Date.now());
  } catch (error) {
    return { kind: 'retry', reason: reasonOf(error) };
  }
}

function send({ url, secrets, message, timeoutMs, allowPrivate }: PostOptions) {
  return new Promise<{ status: number; retryAfter: string | undefined }>((resolve, reject) => {
    const { protocol, hostname } = new URL(url);
    const host = hostname.replace(/^\[|\]$/g, '');
    // A literal address never reaches the look-up below, so it is judged here.
    if (!allowPrivate && isIP(host) !== 0 && !isPublic(host)) {
      reject(new Error('the address is not public'));
      return;
    }
    const request = (protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      headers: {
        ...signedHeaders(message, secrets, Date.now()),
        'content-length': Buffer.byteLength(message.body),
      },
      signal: AbortSignal.timeout(timeoutMs),
      ...(allowPrivate ? {} : { lookup: publicLookup }),
    });
    request.on('response', (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] });
    });
    request.on('error', reject);
    request.end(message.body);
  });
}

/**
 * Resolves a name and refuses it when any of its addresses is not public. It is the look-up of the
 * connection itself, so no second answer of the name server can slip in between.
 */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) {
      callback(error, []);
    } else if (addresses.some(({ address }) => !isPublic(address))) {
      callback(new Error('the name resolves to an address that is not public'), []);
    } else if (options.all === true) {
      callback(null, addresses);
    } else {
      const [first] = addresses;
      callback(null, first?.address ?? '', first?.family);
    }
  });
};

function isPublic(address: string): boolean {
  return ipaddr.process(address).range() === 'unicast';
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'no answer in time';
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? error.message : code;
}
