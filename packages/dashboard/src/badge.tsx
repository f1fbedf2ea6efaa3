import type { Target } from './api.ts';
import { stateWords } from './words.ts';

export function Badge({ state }: { state: Target['state'] }) {
  return <span className={`badge ${state}`}>{stateWords[state]}</span>;
}
