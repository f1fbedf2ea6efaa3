/**
 * What happens to the records of a stage, for metrics and logs. Every record that is received ends
 * in exactly one of done, dropped or dead-lettered.
 */
export interface StageObserver {
  received(topic: string, records: number): void;
  done(topic: string, records: number): void;
  sent(topic: string, records: number): void;
  dropped(topic: string, reason: string): void;
  deadLettered(topic: string, reason: string, detail: string): void;
}

export const silentObserver: StageObserver = {
  received() {},
  done() {},
  sent() {},
  dropped() {},
  deadLettered() {},
};
