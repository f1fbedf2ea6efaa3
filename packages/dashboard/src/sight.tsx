import type { Overview } from './api.ts';
import { clockWord, momentWord } from './times.ts';
import { sourceWord } from './words.ts';

/** Which sources see, and as of when all of this is. */
export function Sight({ overview, past }: { overview: Overview; past: boolean }) {
  return (
    <footer>
      <h2>{past ? 'What we saw then' : 'What we see'}</h2>
      <ul className="sources">
        {overview.sources.map(({ source, state, since, reason }) => (
          <li key={source} className={state}>
            {sourceWord(source)}:{' '}
            {state === 'seeing'
              ? 'sees'
              : `blind since ${clockWord(since, overview.at)} (${reason ?? 'unknown'})`}
          </li>
        ))}
        {overview.sources.length === 0 ? (
          <li>{past ? 'That is no longer known.' : 'No source has spoken yet.'}</li>
        ) : null}
      </ul>
      <p>
        As of {momentWord(overview.at)}. <a href="/v1/openapi.json">Interfaces</a>
      </p>
    </footer>
  );
}
