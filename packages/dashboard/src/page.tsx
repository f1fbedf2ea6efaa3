import { useDeferredValue, useState } from 'react';
import type { Overview, Target } from './api.ts';
import { momentInAddress } from './api.ts';
import { OutageCard } from './outage-card.tsx';
import { TargetCard } from './target-card.tsx';
import { useOverview } from './use-overview.ts';
import { clockWord, momentWord, spanWord, whereWord } from './words.ts';

export function Page() {
  const [at] = useState(momentInAddress);
  const { overview, problem } = useOverview(at);
  const [search, setSearch] = useState('');
  const words = useDeferredValue(search.trim().toLowerCase());

  return (
    <>
      <header className="top">
        <h1>
          <img src="/icon.svg" alt="" width="28" height="28" /> Outcry
        </h1>
        <search>
          <label>
            <span className="visually-hidden">Find a service</span>
            <input
              type="search"
              placeholder="Is it just me? Type a service…"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          </label>
        </search>
      </header>
      <main>
        {at === null ? null : (
          <p className="notice">
            This is how it was on {momentWord(at)}. <a href="/">Show what is now</a>
          </p>
        )}
        {problem === null ? null : (
          <p className="notice bad" role="alert">
            What you see may be old: {problem}. Trying again…
          </p>
        )}
        {overview === null ? (
          problem === null && <p className="loading">Looking…</p>
        ) : (
          <Content overview={overview} words={words} past={at !== null} />
        )}
      </main>
    </>
  );
}

function Content({ overview, words, past }: { overview: Overview; words: string; past: boolean }) {
  const found = overview.targets.filter(({ id, name }) =>
    `${id} ${name}`.toLowerCase().includes(words),
  );
  const byId = new Map(overview.targets.map((target) => [target.id, target]));
  const open = overview.open.filter(({ target }) => found.some(({ id }) => id === target));
  const simulated = [...overview.open, ...overview.ended].some(({ explanation }) =>
    explanation.sources.some((source) => source.startsWith('simulation')),
  );
  return (
    <>
      {simulated ? (
        <p className="notice">These posts and reports are simulated: it is a demonstration.</p>
      ) : null}
      <Headline overview={overview} found={found} words={words} />

      {open.length === 0 ? null : (
        <section aria-labelledby="open">
          <h2 id="open">Failing now</h2>
          <div className="outages">
            {open.map((outage) => (
              <OutageCard
                key={outage.outageId}
                outage={outage}
                overview={overview}
                target={byId.get(outage.target)}
              />
            ))}
          </div>
        </section>
      )}

      <section aria-labelledby="targets">
        <h2 id="targets">{words === '' ? 'Everything we watch' : 'Found'}</h2>
        <ul className="targets">
          {found.map((target) => (
            <TargetCard key={target.id} target={target} overview={overview} past={past} />
          ))}
        </ul>
      </section>

      {overview.ended.length === 0 ? null : (
        <section aria-labelledby="ended">
          <h2 id="ended">Over, in the last day</h2>
          <ul className="ended">
            {overview.ended.map((outage) => (
              <li key={outage.outageId}>
                <strong>{byId.get(outage.target)?.name ?? outage.target}</strong>{' '}
                {outage.state === 'retracted' ? 'was taken back' : 'is over'}:{' '}
                {clockWord(outage.startedAt)} to {clockWord(outage.endedAt ?? overview.at)} (
                {spanWord(outage.startedAt, outage.endedAt ?? overview.at)}
                ), {whereWord(outage)}
              </li>
            ))}
          </ul>
        </section>
      )}

      <footer>
        <h2>What we see</h2>
        <ul className="sources">
          {overview.sources.map((source) => (
            <li key={source.source} className={source.state}>
              {source.source}:{' '}
              {source.state === 'seeing'
                ? 'sees'
                : `blind since ${clockWord(source.since)} (${source.reason ?? 'unknown'})`}
            </li>
          ))}
          {overview.sources.length === 0 ? <li>No source has spoken yet.</li> : null}
        </ul>
        <p>
          As of {momentWord(overview.at)}. <a href="/v1/openapi.json">Interfaces</a>
        </p>
      </footer>
    </>
  );
}

/** The answer in one sentence, read out when it changes. */
function Headline({
  overview,
  found,
  words,
}: {
  overview: Overview;
  found: Target[];
  words: string;
}) {
  return (
    <p
      className={`headline ${overview.open.length > 0 ? 'bad' : overview.sight === 'blind' ? 'unknown' : 'good'}`}
      aria-live="polite"
    >
      {headline(overview, found, words)}
    </p>
  );
}

function headline(overview: Overview, found: Target[], words: string): string {
  if (words !== '' && found.length === 0) return 'We do not watch a service of that name.';
  if (words !== '' && found.length <= 3) {
    return found.map((target) => `${target.name}: ${verdict(target)}`).join(' ');
  }
  const failing = overview.targets.filter(({ outageId }) => outageId !== null);
  if (failing.length === 1) return `${failing[0]?.name} is in trouble. It is not just you.`;
  if (failing.length > 1) {
    const names = failing.slice(0, 3).map(({ name }) => name);
    const more = failing.length > 3 ? ` and ${failing.length - 3} more` : '';
    return `${names.join(', ')}${more} are in trouble. It is not just you.`;
  }
  if (overview.sight === 'blind') return 'We cannot see anything right now, so we cannot tell.';
  if (overview.sight === 'partial')
    return 'No sign of trouble, but not every source can see right now.';
  return 'No sign of trouble at anything we watch.';
}

function verdict(target: Target): string {
  switch (target.state) {
    case 'confirmed':
      return 'it is not just you.';
    case 'suspected':
      return 'others have it too; we are not sure yet.';
    case 'recovering':
      return 'it was failing and is coming back.';
    case 'unknown':
      return 'we cannot see right now, so we cannot tell.';
    case 'ok':
      return 'nobody else complains more than usual. It may be just you.';
  }
}
