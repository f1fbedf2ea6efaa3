import type { OutageEvent, Overview, Target } from './api.ts';
import { Chart } from './chart.tsx';
import {
  clockWord,
  leadWord,
  momentWord,
  spanWord,
  stateWords,
  sureWord,
  typeWord,
  whereWord,
} from './words.ts';

interface Props {
  outage: OutageEvent;
  overview: Overview;
  target: Target | undefined;
}

/** One open outage: what, where, since when, how sure, and why. */
export function OutageCard({ outage, overview, target }: Props) {
  const state = target?.state ?? 'suspected';
  const lead = leadWord(outage.leadSeconds);
  const { explanation } = outage;
  return (
    <article className={`outage ${state}`} aria-labelledby={outage.outageId}>
      <header>
        <h3 id={outage.outageId}>{target?.name ?? outage.target}</h3>
        <Badge state={state} />
        <span className="severity">{outage.severity}</span>
      </header>
      <p className="reason">{outage.reason}</p>
      <dl>
        <Fact name="What">
          {outage.types.slice(0, 3).map(typeWord).join(', ') || 'Not yet clear'}
        </Fact>
        <Fact name="Where">{whereWord(outage)}</Fact>
        <Fact name="Since">
          <time dateTime={outage.startedAt} title={momentWord(outage.startedAt)}>
            {clockWord(outage.startedAt)}
          </time>{' '}
          ({spanWord(outage.startedAt, overview.at)})
        </Fact>
        <Fact name="How sure">{sureWord(outage.confidence)}</Fact>
        {lead === null ? null : <Fact name="We said so">{lead}</Fact>}
        {outage.echoOf === undefined ? null : (
          <Fact name="Probably because of">{outage.echoOf.target}</Fact>
        )}
      </dl>
      {target === undefined ? null : <Chart overview={overview} target={target} />}
      <details>
        <summary>Why we say so</summary>
        <ul>
          <li>
            {explanation.voices} different people, {explanation.clusters} different texts, from{' '}
            {explanation.sources.join(', ') || 'no named source'}
          </li>
          <li>
            {round(explanation.observed)} in {spanOf(explanation.windowSeconds)} where{' '}
            {round(explanation.expected)} would be usual (series {explanation.series}; score{' '}
            {round(explanation.score)}, the bar is {round(explanation.threshold)})
          </li>
          {explanation.checks.map((check) => (
            <li key={check}>{check}</li>
          ))}
          {explanation.blindSources.length === 0 ? null : (
            <li>Could not see at the time: {explanation.blindSources.join(', ')}</li>
          )}
          <li>
            <a href={`/v1/outages/${encodeURIComponent(outage.outageId)}/events`}>
              Every event of this outage
            </a>{' '}
            (rules {outage.rules})
          </li>
        </ul>
      </details>
    </article>
  );
}

export function Badge({ state }: { state: Target['state'] }) {
  return <span className={`badge ${state}`}>{stateWords[state]}</span>;
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function round(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString() : String(Math.round(value * 10) / 10);
}

function spanOf(seconds: number): string {
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
