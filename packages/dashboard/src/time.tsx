import { clockWord, momentWord } from './times.ts';

/** A time of day, with the whole moment and UTC for whoever points at it. */
export function Time({ at, reference }: { at: string; reference: string }) {
  return (
    <time dateTime={at} title={momentWord(at)}>
      {clockWord(at, reference)}
    </time>
  );
}
