import type { Question } from './address.ts';
import { linkTo } from './address.ts';
import { Span } from './all-targets.tsx';
import type { OutageEvent, Overview, Saying, Target } from './api.ts';
import { Chart } from './chart.tsx';
import { OutageCard } from './outage-card.tsx';
import { ReportForm } from './report-form.tsx';
import { lastHourWord } from './target-card.tsx';
import { Time } from './time.tsx';
import { distinctSayings, useParticulars } from './use-particulars.ts';
import { countryWord, listWord, peopleWord, sourceWord, typeWord, whereWord } from './words.ts';

interface Props {
  question: Question;
  overview: Overview;
  target: Target;
}

const sayingsShown = 8;

/** One target alone: what is known, a day of it, what people write, and its outages. */
export function OneTarget({ question, overview, target }: Props) {
  const { outages, sayings } = useParticulars(question, overview.at);
  const past = question.at !== null;
  return (
    <>
      {overview.open.map((outage) => (
        <section key={outage.outageId} className="alone">
          <OutageCard
            outage={outage}
            overview={overview}
            target={target}
            nameOf={(id) => (id === target.id ? target.name : id)}
            at={question.at}
            alone
            {...(overview.open.length > 1 ? { heading: whereWord(outage) } : {})}
          />
        </section>
      ))}
      <section aria-labelledby="day">
        <h2 id="day">{past ? 'The 24 hours before' : 'The last 24 hours'}</h2>
        <Chart
          overview={overview}
          target={target}
          outages={[...overview.open, ...overview.ended]}
          height={280}
        />
        <p className="soft">{lastHourWord(target, overview)}.</p>
        {past ? null : <ReportForm target={target} />}
      </section>
      <section aria-labelledby="sayings">
        <h2 id="sayings">What people wrote</h2>
        <Sayings sayings={sayings} overview={overview} />
      </section>
      <section aria-labelledby="history">
        <h2 id="history">Outages of {target.name}</h2>
        <History outages={outages} overview={overview} past={past} />
      </section>
    </>
  );
}

function Sayings({ sayings, overview }: { sayings: Saying[] | null; overview: Overview }) {
  if (sayings === null) return <p className="soft">Looking…</p>;
  const shown = distinctSayings(sayings, sayingsShown);
  if (shown.length === 0) return <p className="soft">Nobody wrote of trouble that we know of.</p>;
  return (
    <ul className="sayings">
      {shown.map(({ id, text, language, source, occurredAt, type, places }) => (
        <li key={id}>
          <blockquote lang={language === 'und' ? '' : language} dir="auto">
            {text.length > 280 ? `${text.slice(0, 279)}…` : text}
          </blockquote>
          <p>
            <Time at={occurredAt} reference={overview.at} />, {sourceWord(source)}
            {type === null ? '' : `: ${typeWord(type).toLowerCase()}`}
            {places[0] === undefined || places[0].confidence < 0.5
              ? ''
              : `, ${countryWord(places[0].country)}`}
          </p>
        </li>
      ))}
    </ul>
  );
}

function History({
  outages,
  overview,
  past,
}: {
  outages: OutageEvent[] | null;
  overview: Overview;
  past: boolean;
}) {
  if (outages === null) return <p className="soft">Looking…</p>;
  if (outages.length === 0) return <p className="soft">None that we know of.</p>;
  return (
    <>
      {past ? <p className="soft">As they are known today.</p> : null}
      <ul className="history">
        {outages.map((outage) => (
          <li key={outage.outageId}>
            <a href={linkTo({ target: outage.target, at: outage.peak.at })}>
              <Span outage={outage} reference={overview.at} />
            </a>
            {outage.state === 'retracted' ? ' (taken back)' : ''}: {outage.severity},{' '}
            {whereWord(outage)}; {listWord(outage.types.slice(0, 3).map(typeWord)).toLowerCase()}.{' '}
            {peopleWord(outage.voices)} in all.
            {outage.mergedInto === undefined
              ? ''
              : ` It became a part of ${outage.mergedInto.outageId}.`}
          </li>
        ))}
      </ul>
    </>
  );
}
