import { linkTo } from './address.ts';
import type { OutageEvent, Overview, Target } from './api.ts';
import { Badge } from './badge.tsx';
import { Chart } from './chart.tsx';
import { Time } from './time.tsx';
import { spanWord } from './times.ts';
import {
  leadWord,
  listWord,
  numberWord,
  sourceWord,
  sureWord,
  typeWord,
  whereWord,
} from './words.ts';

interface Props {
  outage: OutageEvent;
  overview: Overview;
  target: Target | undefined;
  nameOf(target: string): string;
  at: string | null;
  /** Whether the card stands alone on the page of its target, which has the chart. */
  alone?: boolean;
  /** What tells it from another outage of the same target, where there are several. */
  heading?: string;
}

/** One open outage: what, where, since when, how sure, and why. */
export function OutageCard({
  outage,
  overview,
  target,
  nameOf,
  at,
  alone = false,
  heading,
}: Props) {
  const state = target?.state ?? 'suspected';
  // Alone it stands right under the title of the page.
  const Heading = alone ? 'h2' : 'h3';
  const lead = leadWord(outage.leadSeconds);
  return (
    <article className={`outage ${state}`} aria-labelledby={outage.outageId}>
      <header>
        <Heading id={outage.outageId} className="name">
          {alone ? (
            (heading ?? 'What we know')
          ) : (
            <a href={linkTo({ target: outage.target, at })}>{nameOf(outage.target)}</a>
          )}
        </Heading>
        {target === undefined ? null : <Badge target={target} />}
        <span className="severity">{outage.severity}</span>
      </header>
      <p className="reason">{outage.reason}</p>
      <dl>
        <Fact name="What">
          {listWord(outage.types.slice(0, 3).map(typeWord)) || 'Not yet clear'}
        </Fact>
        <Fact name="Where">{whereWord(outage)}</Fact>
        <Fact name="Since">
          <Time at={outage.startedAt} reference={overview.at} /> (
          {spanWord(outage.startedAt, overview.at)})
        </Fact>
        <Fact name="How sure">{sureWord(outage.confidence)}</Fact>
        {lead === null ? null : <Fact name="We said so">{lead}</Fact>}
        {outage.mergedInto === undefined ? null : (
          <Fact name="A part of">
            <a href={`/v1/outages/${encodeURIComponent(outage.mergedInto.outageId)}/events`}>
              {outage.mergedInto.outageId}
            </a>
          </Fact>
        )}
        {outage.echoOf === undefined ? null : (
          <Fact name="Probably because of">
            <a href={linkTo({ target: outage.echoOf.target, at })}>
              {nameOf(outage.echoOf.target)}
            </a>
          </Fact>
        )}
      </dl>
      {target === undefined || alone ? null : (
        <Chart overview={overview} target={target} outages={[outage]} />
      )}
      <Why outage={outage} />
    </article>
  );
}

/** All that went into the decision. */
function Why({ outage }: { outage: OutageEvent }) {
  const { explanation } = outage;
  const window = explanation.windowSeconds;
  return (
    <details>
      <summary>Why we say so</summary>
      <ul>
        <li>
          {numberWord(explanation.voices)} different people, {numberWord(explanation.clusters)}{' '}
          different texts, from {listWord(explanation.sources.map(sourceWord)) || 'no named source'}
        </li>
        <li>
          {numberWord(explanation.observed)} in{' '}
          {window < 120 ? `${Math.round(window)} s` : `${Math.round(window / 60)} min`} where{' '}
          {numberWord(explanation.expected)} would be usual (series {explanation.series}; score{' '}
          {numberWord(explanation.score)}, the bar is {numberWord(explanation.threshold)})
        </li>
        {explanation.checks.map((check) => (
          <li key={check}>{check}</li>
        ))}
        {outage.cause === undefined || outage.cause.class === 'unknown' ? null : (
          <li>
            Looks like: {outage.cause.class.replaceAll('-', ' ')} ({listWord(outage.cause.evidence)}
            )
          </li>
        )}
        {explanation.blindSources.length === 0 ? null : (
          <li>Could not see at the time: {listWord(explanation.blindSources.map(sourceWord))}</li>
        )}
        <li>
          <a href={`/v1/outages/${encodeURIComponent(outage.outageId)}/events`}>
            Every event of this outage
          </a>{' '}
          (rules {outage.rules})
        </li>
      </ul>
    </details>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
