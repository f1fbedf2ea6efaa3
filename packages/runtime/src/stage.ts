/** A running part of the flow, as a service starts it. */
export interface Stage {
  readonly name: string;
  /** Settles when the stage ended: resolves after `stop`, rejects on a fault it cannot mend. */
  readonly done: Promise<void>;
  /** Finishes what is in hand, then resolves. */
  stop(): Promise<void>;
}
