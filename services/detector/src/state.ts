import { encode } from '@outcry/contracts';

/**
 * The committed state of a partition, parsed. Bytes that we wrote and cannot read are a fault of
 * ours: it throws, and the process stops rather than go on from nothing.
 */
export function readState(state: ReadonlyMap<string, Uint8Array>): Map<string, unknown> {
  return new Map(
    [...state].map(([key, bytes]) => {
      try {
        return [key, JSON.parse(Buffer.from(bytes).toString('utf8'))];
      } catch (cause) {
        throw new Error(`the detector's own state is corrupt at ${key}`, { cause });
      }
    }),
  );
}

/** State changes as records of the state topic; of several of one key the last counts. */
export function encodeState(
  changes: readonly { key: string; value: unknown }[],
): { key: string; value: Uint8Array | null }[] {
  const last = new Map(changes.map(({ key, value }) => [key, value]));
  return [...last].map(([key, value]) => ({
    key,
    value: value === null ? null : encode(value),
  }));
}
