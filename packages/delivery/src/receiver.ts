import type { OutageEvent } from '@outcry/contracts';
import { outageEvent, severities, severity, targetId } from '@outcry/contracts';
import { z } from 'zod';

/**
 * A webhook endpoint. `secrets` sign every message (Standard Webhooks 1.0.0); two of them while one
 * replaces the other.
 */
export const receiver = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'wants lower case, digits, hyphens'),
  url: z.url({ protocol: /^https?$/, error: 'wants an http or https address' }),
  secrets: z
    .array(
      z
        .string()
        .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, 'wants whsec_ and base64 of 24 to 64 bytes'),
    )
    .min(1)
    .max(4),
  /** Only these targets; absent: all. */
  targets: z.array(targetId).min(1).optional(),
  /** Only outages of at least this severity; absent: all. */
  minSeverity: severity.optional(),
  /** Only these events; absent: all. */
  events: z.array(outageEvent.shape.type).min(1).optional(),
  /** Events that were written before the receiver was added are not sent. Epoch milliseconds. */
  addedAt: z.int().nonnegative(),
});
export type Receiver = z.infer<typeof receiver>;

export const receivers = z.array(receiver).superRefine((all, context) => {
  const seen = new Set<string>();
  for (const [index, { id }] of all.entries()) {
    if (seen.has(id))
      context.addIssue({ code: 'custom', path: [index, 'id'], message: `${id} stands twice` });
    seen.add(id);
  }
});

/**
 * Whether a receiver wants an event. The end of an outage is sent whatever its severity fell to: who
 * heard it open must hear it end.
 */
export function wants(it: Receiver, event: OutageEvent): boolean {
  if (it.targets !== undefined && !it.targets.includes(event.target)) return false;
  if (it.events !== undefined && !it.events.includes(event.type)) return false;
  const ends = event.type === 'outage.resolved' || event.type === 'outage.retracted';
  if (ends || it.minSeverity === undefined) return true;
  return severities.indexOf(event.severity) >= severities.indexOf(it.minSeverity);
}
