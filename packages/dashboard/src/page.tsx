import { useDeferredValue, useEffect, useState } from 'react';
import type { Question } from './address.ts';
import { linkTo, questionOf } from './address.ts';
import { AllTargets } from './all-targets.tsx';
import type { Overview } from './api.ts';
import type { Headline } from './headline.ts';
import { headlineOfAll, headlineOfOne, headlineOfSearch } from './headline.ts';
import { OneTarget } from './one-target.tsx';
import { findTargets, wordsOf } from './search.ts';
import { Sight } from './sight.tsx';
import { clockWord, momentWord, zoneWord } from './times.ts';
import { useOverview } from './use-overview.ts';

/** The whole page. What it shows is told by its address alone, and by what is typed into the search. */
export function Page() {
  const [question] = useState(() => questionOf(window.location.search));
  const { overview, problem } = useOverview(question);
  const [search, setSearch] = useState('');
  const words = useDeferredValue(wordsOf(search));

  return (
    <>
      <header className="top">
        <h1>
          <a href="/">
            <img src="/icon.svg" alt="" width="28" height="28" /> Outcry
          </a>
        </h1>
        {question.target === null ? (
          <search>
            <label>
              <span className="visually-hidden">Find a service</span>
              <input
                type="search"
                placeholder="Is it just me? Type a service…"
                autoComplete="off"
                value={search}
                onChange={(event) => setSearch(event.target.value)}
              />
            </label>
          </search>
        ) : (
          <nav aria-label="Page">
            <a href={linkTo({ at: question.at })}>All services</a>
          </nav>
        )}
      </header>
      <main>
        {question.at === null ? null : (
          <p className="notice">
            You look back: this is how it was on {momentWord(question.at)}. All times are in{' '}
            {zoneWord(question.at)}.{' '}
            <a href={linkTo({ target: question.target })}>Show what is now</a>
          </p>
        )}
        {problem === null ? null : (
          <p className="notice bad" role="alert">
            {overview === null
              ? `We cannot show anything: ${problem}. Trying again…`
              : `What you see may be old, it is of ${clockWord(overview.at, new Date().toISOString())}: ${problem}. Trying again…`}
          </p>
        )}
        {overview !== null ? (
          <Content overview={overview} words={words} question={question} />
        ) : problem === null ? (
          <p className="loading" role="status">
            Looking…
          </p>
        ) : null}
      </main>
    </>
  );
}

interface ContentProps {
  overview: Overview;
  words: string;
  question: Question;
}

function Content({ overview, words, question }: ContentProps) {
  const past = question.at !== null;
  const one = overview.targets.find(({ id }) => id === question.target);
  const found = findTargets(overview.targets, words);
  const headline =
    one !== undefined
      ? headlineOfOne(one, overview, past)
      : question.target !== null
        ? headlineOfSearch(overview, [], question.target, past)
        : words !== ''
          ? headlineOfSearch(overview, found, words, past)
          : headlineOfAll(overview, past);
  return (
    <>
      {isSimulated(overview) ? (
        <p className="notice">These posts and reports are simulated: it is a demonstration.</p>
      ) : null}
      <Verdict headline={headline} />
      {one !== undefined ? (
        <OneTarget question={question} overview={overview} target={one} />
      ) : question.target !== null ? null : (
        <AllTargets overview={overview} found={found} searching={words !== ''} at={question.at} />
      )}
      <Sight overview={overview} past={past} />
    </>
  );
}

/** The answer, read out when it changes. */
function Verdict({ headline: { text, tone, detail } }: { headline: Headline }) {
  useEffect(() => {
    document.title = `${text} · Outcry`;
  }, [text]);
  return (
    <div className={`headline ${tone}`} role="status">
      <p>{text}</p>
      {detail === null ? null : <p className="detail">{detail}</p>}
    </div>
  );
}

function isSimulated({ sources, open, ended }: Overview): boolean {
  const names = [
    ...sources.map(({ source }) => source),
    ...[...open, ...ended].flatMap(({ explanation }) => explanation.sources),
  ];
  return names.some((name) => name.startsWith('simulation:'));
}
