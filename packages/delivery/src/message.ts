import type { OutageEvent } from '@outcry/contracts';
import { Webhook } from 'standardwebhooks';

/** Standard Webhooks asks for less than 20 kB. */
export const maxPayloadBytes = 20_000;

/** One event as a webhook carries it. The body is signed as it is, byte for byte. */
export interface Message {
  /** Stable across retries: the id of the event, so a receiver can drop what it has seen. */
  id: string;
  body: string;
}

/** `{"type":"outage.opened","timestamp":"…","data":{…}}` */
export function messageOf(event: OutageEvent): Message {
  const body = JSON.stringify({ type: event.type, timestamp: event.decidedAt, data: event });
  if (Buffer.byteLength(body) < maxPayloadBytes) return { id: event.id, body };
  // What makes an event large is its evidence; the event itself is small and must arrive.
  const { samplePostIds: _ids, checks: _checks, ...explanation } = event.explanation;
  const data = { ...event, explanation: { ...explanation, samplePostIds: [], checks: [] } };
  return {
    id: event.id,
    body: JSON.stringify({ type: event.type, timestamp: event.decidedAt, data }),
  };
}

/**
 * Headers of one attempt: id, timestamp in Unix seconds, and a signature for each secret.
 *
 * @param at epoch milliseconds of the attempt
 * @see https://www.standardwebhooks.com (specification 1.0.0)
 */
export function signedHeaders(
  message: Message,
  secrets: readonly string[],
  at: number,
): Record<string, string> {
  const time = new Date(at);
  return {
    'content-type': 'application/json',
    'user-agent': 'outcry-webhooks/1',
    'webhook-id': message.id,
    'webhook-timestamp': String(Math.floor(at / 1_000)),
    'webhook-signature': secrets
      .map((secret) => new Webhook(secret).sign(message.id, time, message.body))
      .join(' '),
  };
}
