import type { Target } from './api.ts';
import { stateWords } from './words.ts';

/** How a target is, in two words. Calm says nothing before it is known what is usual. */
export function Badge({ target }: { target: Target }) {
  const early = target.state === 'ok' && target.usual.every((value) => value === null);
  return early ? (
    <span className="badge early">Not yet known</span>
  ) : (
    <span className={`badge ${target.state}`}>{stateWords[target.state]}</span>
  );
}
