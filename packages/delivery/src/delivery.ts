import { instant, outageEvent } from '@outcry/contracts';
import { z } from 'zod';

/** One event for one receiver, as deliveries.v1 keeps it until it is done (then: a tombstone). */
export const delivery = z.object({
  kind: z.literal('delivery'),
  /** `<event id>@<receiver id>` */
  id: z.string(),
  receiver: z.string(),
  event: outageEvent,
  /** Attempts made so far. */
  attempts: z.int().nonnegative(),
  /** Not to be tried before. */
  nextAt: instant,
  /** What the last attempt met. */
  lastFailure: z.string().optional(),
});
export type Delivery = z.infer<typeof delivery>;

/** A receiver that answered 410: kept so that a restart does not knock again. */
export const receiverGone = z.object({
  kind: z.literal('receiver-gone'),
  receiver: z.string(),
  /** The address that said so; another address under the same id is tried. */
  url: z.string(),
  at: instant,
});
export type ReceiverGone = z.infer<typeof receiverGone>;

export const deliveriesRecord = z.discriminatedUnion('kind', [delivery, receiverGone]);
export type DeliveriesRecord = z.infer<typeof deliveriesRecord>;
